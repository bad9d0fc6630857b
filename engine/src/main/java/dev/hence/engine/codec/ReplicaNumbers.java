package dev.hence.engine.codec;

import dev.hence.core.clock.ReplicaId;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

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

    private static final int SEARCHED_MAX = 8;

    // Replaced as a whole when it grows, so that readers need no lock.
    private volatile ReplicaId[] replicas = {};
    private final Map<ReplicaId, Integer> numbers = new ConcurrentHashMap<>();
    // One for all rows instead of one per row.
    private final IntFunction<ReplicaId> byNumber = this::replica;

    /** Adds a number that was assigned elsewhere. */
    public synchronized void define(int number, ReplicaId replica) {
        if (number != replicas.length) {
            throw new MalformedRecordException(
                    "replica number: " + number + " for " + replica + " (expected: " + replicas.length + ")");
        }
        add(replica);
    }

    private void add(ReplicaId replica) {
        int number = replicas.length;
        ReplicaId[] more = Arrays.copyOf(replicas, number + 1);
        more[number] = replica;
        // First, because whoever knows the number may ask for its replica.
        replicas = more;
        numbers.put(replica, number);
    }

    /** Returns the number of a replica, assigning one if it has none. */
    public int number(ReplicaId replica, Listener listener) {
        // A cluster has a handful of replicas, and every row names one.
        ReplicaId[] first = replicas;
        for (int i = 0; i < Math.min(first.length, SEARCHED_MAX); i++) {
            if (first[i].equals(replica)) {
                return i;
            }
        }
        Integer known = numbers.get(replica);
        return known != null ? known : assigned(replica, listener);
    }

    private synchronized int assigned(ReplicaId replica, Listener listener) {
        Integer known = numbers.get(replica);
        if (known != null) {
            return known;
        }
        int number = replicas.length;
        listener.assigned(number, replica);
        add(replica);
        return number;
    }

    /** Returns the number of a replica; -1 if it has none. */
    public int find(ReplicaId replica) {
        return numbers.getOrDefault(replica, -1);
    }

    /** {@link #replica(int)} as a function. */
    IntFunction<ReplicaId> byNumber() {
        return byNumber;
    }

    /** Returns the replica of a number. */
    public ReplicaId replica(int number) {
        ReplicaId[] assigned = replicas;
        if (number < 0 || number >= assigned.length) {
            throw new MalformedRecordException(
                    "replica number: " + number + " (expected: one of the " + assigned.length + " that were assigned)");
        }
        return assigned[number];
    }
}
