package dev.hence.node.visibility;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.update.Update;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The newest committed updates of each origin, in memory: followers that keep up are served from here and never touch
 * the disk.
 *
 * <p>Invariant: the updates held of an origin are a run of consecutive counters that ends with its newest committed
 * update. All together take at most about {@code bytesMax} bytes; the oldest are dropped first.
 *
 * <p>Thread-safe.
 */
public final class RecentUpdates {

    /** The approximate overhead of an update beside its keys and values. */
    private static final int OVERHEAD_BYTES = 300;

    private final long bytesMax;
    private final Map<ReplicaId, Run> runs = new HashMap<>();
    private final Queue<Update> oldestFirst = new ArrayDeque<>();
    private long bytes;

    public RecentUpdates(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    public synchronized void add(List<Update> committed) {
        for (Update update : committed) {
            runs.computeIfAbsent(update.dot().replica(), origin -> new Run()).add(update);
            oldestFirst.add(update);
            bytes += cost(update);
        }
        while (bytes > bytesMax) {
            drop(oldestFirst.remove());
        }
    }

    private void drop(Update update) {
        bytes -= cost(update);
        // The oldest of all is also the oldest of its origin.
        runs.computeIfPresent(update.dot().replica(), (origin, run) -> run.dropFirst() ? run : null);
    }

    private static long cost(Update update) {
        return update.sizeBytes() + OVERHEAD_BYTES;
    }

    /**
     * The updates of an origin after a counter, up to another; null if the first of them is not held.
     *
     * @param bytesMax approximate maximum size in bytes; at least one update is returned
     */
    public synchronized @Nullable List<Update> after(ReplicaId origin, long counter, long upTo, long bytesMax) {
        Run run = runs.get(origin);
        if (run == null || !run.has(counter + 1)) {
            return null;
        }
        List<Update> found = new ArrayList<>();
        long taken = 0;
        for (long next = counter + 1; next <= upTo && run.has(next) && taken < bytesMax; next++) {
            Update update = run.get(next);
            found.add(update);
            taken += cost(update);
        }
        return found;
    }

    /** Updates of one origin with consecutive counters. */
    private static final class Run {
        private final List<@Nullable Update> updates = new ArrayList<>();

        /** The number of free places at the beginning of the list; they are removed many at a time. */
        private int free;

        /** The counter of the list's first place. */
        private long base;

        void add(Update update) {
            long counter = update.dot().counter();
            if (updates.isEmpty()) {
                base = counter;
            } else if (counter != base + updates.size()) {
                throw new AssertionError(
                        "recent updates: " + update.dot() + " (expected: counter " + (base + updates.size()) + ")");
            }
            updates.add(update);
        }

        /** Drops the first update; returns whether any are left. */
        boolean dropFirst() {
            updates.set(free++, null);
            if (free > updates.size() / 2) {
                updates.subList(0, free).clear();
                base += free;
                free = 0;
            }
            return free < updates.size();
        }

        boolean has(long counter) {
            return counter >= base + free && counter < base + updates.size();
        }

        Update get(long counter) {
            return Objects.requireNonNull(updates.get(Math.toIntExact(counter - base)));
        }
    }
}
