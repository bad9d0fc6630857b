package dev.hence.engine.codec;

import dev.hence.core.clock.ReplicaId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Small numbers for replicas, so that records need not repeat names and incarnations: one table for a
 * log, one for each stream. Numbers are given in order from 0 and never change.
 *
 * <p>Thread-safe.
 */
public final class ReplicaNumbers {

    /** Is told of every number that is given, before it is used for the first time. */
    @FunctionalInterface
    public interface Listener {
        void assigned(int number, ReplicaId replica);
    }

    private final List<ReplicaId> replicas = new ArrayList<>();
    private final Map<ReplicaId, Integer> numbers = new HashMap<>();

    /** Learns a number that was given elsewhere. */
    public synchronized void define(int number, ReplicaId replica) {
        if (number != replicas.size()) {
            throw new MalformedRecordException(
                    "replica number: " + number + " for " + replica + " (expected: " + replicas.size() + ")");
        }
        replicas.add(replica);
        numbers.put(replica, number);
    }

    /** The number of a replica, given now if it has none. */
    public synchronized int number(ReplicaId replica, Listener listener) {
        Integer known = numbers.get(replica);
        if (known != null) {
            return known;
        }
        int number = replicas.size();
        listener.assigned(number, replica);
        replicas.add(replica);
        numbers.put(replica, number);
        return number;
    }

    /** The number of a replica; -1 if it has none. */
    public synchronized int find(ReplicaId replica) {
        return numbers.getOrDefault(replica, -1);
    }

    /** The replica of a number. */
    public synchronized ReplicaId replica(int number) {
        if (number < 0 || number >= replicas.size()) {
            throw new MalformedRecordException(
                    "replica number: " + number + " (expected: one of the " + replicas.size() + " that were given)");
        }
        return replicas.get(number);
    }
}
