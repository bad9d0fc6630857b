package dev.hence.engine.codec;

import dev.hence.core.clock.ReplicaId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of small numbers for replicas, so that records need not repeat names and incarnations: one table for a log,
 * one for each stream. Numbers are assigned in order from 0 and never change.
 *
 * <p>Thread-safe.
 */
public final class ReplicaNumbers {

    /** Is called with every newly assigned number, before its first use. */
    @FunctionalInterface
    public interface Listener {
        void assigned(int number, ReplicaId replica);
    }

    private final List<ReplicaId> replicas = new ArrayList<>();
    private final Map<ReplicaId, Integer> numbers = new HashMap<>();

    /** Adds a number that was assigned elsewhere. */
    public synchronized void define(int number, ReplicaId replica) {
        if (number != replicas.size()) {
            throw new MalformedRecordException(
                    "replica number: " + number + " for " + replica + " (expected: " + replicas.size() + ")");
        }
        replicas.add(replica);
        numbers.put(replica, number);
    }

    /** Returns the number of a replica, assigning one if it has none. */
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

    /** Returns the number of a replica; -1 if it has none. */
    public synchronized int find(ReplicaId replica) {
        return numbers.getOrDefault(replica, -1);
    }

    /** Returns the replica of a number. */
    public synchronized ReplicaId replica(int number) {
        if (number < 0 || number >= replicas.size()) {
            throw new MalformedRecordException(
                    "replica number: " + number + " (expected: one of the " + replicas.size() + " that were assigned)");
        }
        return replicas.get(number);
    }
}
