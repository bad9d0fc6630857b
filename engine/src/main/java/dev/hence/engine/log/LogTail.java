package dev.hence.engine.log;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.codec.EncodedFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The newest frames of the log, in memory: followers that keep up are served from here and never touch the disk.
 *
 * <p><b>Invariant.</b> The frames held of an origin hold consecutive counters and end with its newest one. All together
 * take at most about {@code bytesMax} bytes; the oldest are dropped first.
 *
 * <p>Thread-safe.
 */
public final class LogTail {

    /** The approximate memory of a frame beside its bytes. */
    private static final int OVERHEAD_BYTES = 200;

    /**
     * A frame in memory.
     *
     * @param before the clock of the origin's update before the frame, without which a frame that has only the changes of
     *     its context cannot be decoded alone; empty if the context is whole
     */
    public record Entry(EncodedFrame frame, VersionVector before) {
        long cost() {
            return (long) OVERHEAD_BYTES + frame.bytes().length();
        }
    }

    private final long bytesMax;
    private final Map<ReplicaId, Run> runs = new HashMap<>();
    private final Queue<Entry> oldestFirst = new ArrayDeque<>();
    private long bytes;

    /** @param bytesMax the approximate maximum of its memory, in bytes */
    public LogTail(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Adds frames that were appended to the log, in their order. */
    public synchronized void add(List<Entry> appended) {
        for (Entry entry : appended) {
            runs.computeIfAbsent(entry.frame().header().origin(), origin -> new Run())
                    .add(entry);
            oldestFirst.add(entry);
            bytes += entry.cost();
        }
        while (bytes > bytesMax) {
            drop(oldestFirst.remove());
        }
    }

    /** Its approximate memory, in bytes. */
    public synchronized long bytes() {
        return bytes;
    }

    private void drop(Entry entry) {
        bytes -= entry.cost();
        // The oldest of all is also the oldest of its origin.
        runs.computeIfPresent(entry.frame().header().origin(), (origin, run) -> run.dropFirst() ? run : null);
    }

    /**
     * Returns the frames of an origin that hold its updates from one counter to another; null if the first of these is
     * not held.
     *
     * @param bytesMax approximate maximum size in bytes; at least one frame is returned
     */
    public synchronized @Nullable List<Entry> frames(ReplicaId origin, long from, long to, long bytesMax) {
        Run run = runs.get(origin);
        int index = run == null ? -1 : run.indexOf(from);
        if (run == null || index < 0) {
            return null;
        }
        List<Entry> found = new ArrayList<>();
        long taken = 0;
        for (; index < run.end() && taken < bytesMax; index++) {
            Entry next = run.get(index);
            if (next.frame().header().first() > to) {
                break;
            }
            found.add(next);
            taken += next.cost();
        }
        return found;
    }

    /** Frames of one origin with consecutive counters. */
    private static final class Run {
        private final List<@Nullable Entry> entries = new ArrayList<>();

        /** The number of free places at the beginning of the list; they are removed many at a time. */
        private int free;

        void add(Entry entry) {
            if (!entries.isEmpty() && entry.frame().header().first() != last() + 1) {
                throw new AssertionError("tail of the log: " + entry.frame().header() + " (expected: counter "
                        + (last() + 1) + " first)");
            }
            entries.add(entry);
        }

        private long last() {
            return get(entries.size() - 1).frame().header().last();
        }

        /** Drops the first frame; returns whether any are left. */
        boolean dropFirst() {
            entries.set(free++, null);
            if (free > entries.size() / 2) {
                entries.subList(0, free).clear();
                free = 0;
            }
            return free < entries.size();
        }

        int end() {
            return entries.size();
        }

        Entry get(int index) {
            Entry entry = entries.get(index);
            if (entry == null) {
                throw new AssertionError("tail of the log: a frame that was dropped is read");
            }
            return entry;
        }

        /** The index of the frame with a counter; -1 if there is none. */
        int indexOf(long counter) {
            if (counter > last()) {
                return -1;
            }
            int low = free;
            int high = entries.size() - 1;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (get(middle).frame().header().last() < counter) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return get(low).frame().header().first() <= counter ? low : -1;
        }
    }
}
