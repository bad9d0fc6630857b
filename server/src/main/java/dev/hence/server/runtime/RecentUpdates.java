package dev.hence.server.runtime;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.update.Update;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest committed updates of each origin, in memory: followers that keep up are served from here and
 * never touch the disk.
 *
 * <p>Invariant: what is held of an origin is a run of consecutive counters that ends with its newest
 * committed update. The whole holds at most about {@code bytesMax} bytes; the oldest go first.
 *
 * <p>Thread-safe.
 */
final class RecentUpdates {

    /** What an update costs beside its keys and values, roughly. */
    private static final int OVERHEAD_BYTES = 300;

    private final long bytesMax;
    private final Map<ReplicaId, NavigableMap<Long, Update>> runs = new HashMap<>();
    private final Queue<Update> oldestFirst = new ArrayDeque<>();
    private long bytes;

    RecentUpdates(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    synchronized void add(List<Update> committed) {
        for (Update update : committed) {
            runs.computeIfAbsent(update.dot().replica(), origin -> new TreeMap<>())
                    .put(update.dot().counter(), update);
            oldestFirst.add(update);
            bytes += cost(update);
        }
        while (bytes > bytesMax) {
            drop(oldestFirst.remove());
        }
    }

    private void drop(Update update) {
        bytes -= cost(update);
        runs.computeIfPresent(update.dot().replica(), (origin, run) -> {
            run.remove(update.dot().counter());
            return run.isEmpty() ? null : run;
        });
    }

    private static long cost(Update update) {
        return update.sizeBytes() + OVERHEAD_BYTES;
    }

    /**
     * The updates of an origin after a counter, up to another; null if the first of them is not held.
     *
     * @param bytesMax about how many bytes at most; at least one update is returned
     */
    synchronized @Nullable List<Update> after(ReplicaId origin, long counter, long upTo, long bytesMax) {
        NavigableMap<Long, Update> run = runs.get(origin);
        if (run == null || !run.containsKey(counter + 1)) {
            return null;
        }
        List<Update> found = new ArrayList<>();
        long taken = 0;
        for (Update update : run.subMap(counter + 1, true, upTo, true).values()) {
            found.add(update);
            taken += cost(update);
            if (taken >= bytesMax) {
                break;
            }
        }
        return found;
    }
}
