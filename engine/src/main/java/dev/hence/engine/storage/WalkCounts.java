package dev.hence.engine.storage;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often each collection was walked recently, about. The counts are in slots, selected by hashes; a later collection
 * replaces an earlier one. Nothing but speed depends on them.
 *
 * <p>Thread-safe.
 */
final class WalkCounts {

    private static final int SLOTS = 4_096;

    // Of each: the hash, the count.
    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    private static int slot(int hash) {
        return (hash ^ hash >>> 16) & (SLOTS - 1);
    }

    private static long entry(int hash, int count) {
        return (long) hash << Integer.SIZE | Integer.toUnsignedLong(count);
    }

    /** Counts a walk; returns the number of walks. */
    int add(int hash) {
        long before = slots.get(slot(hash));
        int count = (int) (before >>> Integer.SIZE) == hash ? (int) before + 1 : 1;
        set(hash, count);
        return count;
    }

    /** @param count negative if that many walks are not to count */
    void set(int hash, int count) {
        slots.set(slot(hash), entry(hash, count));
    }
}
