package dev.hence.engine.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One part of the index: a table with open addressing of entries. The upper {@value #TAG_BITS} bits of an entry are its
 * tag, a part of the hash by which it is found; the rest is the caller's. A search begins at the slot that the tag names,
 * so that a table grows without a look at what its entries lead to.
 *
 * <p>Readers need no lock: an entry is one long, which is written after its record and read before it, and a table that
 * grows is replaced as a whole. A reader of the replaced table may miss what was added since, or find a record that was
 * replaced; it began before that.
 *
 * <p>One thread at a time changes it.
 */
final class RowIndex {

    static final long EMPTY = 0;

    /** The place of an entry that was removed; searches go on behind it. */
    static final long REMOVED = 1;

    static final int TAG_BITS = 20;

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SLOTS_MIN = 16;
    private static final int SLOTS_MAX = 1 << TAG_BITS;

    private volatile long[] slots = new long[SLOTS_MIN];

    // Entries that are not EMPTY, and of these those that are not REMOVED.
    private int taken;
    private int live;

    /** The entries of the table at this moment, for {@link #entry}. */
    long[] slots() {
        return slots;
    }

    /** Where the search for a tag begins. */
    static int begin(long[] slots, long tag) {
        return (int) tag & (slots.length - 1);
    }

    /** Where it goes on. */
    static int next(long[] slots, int slot) {
        return slot + 1 & (slots.length - 1);
    }

    static long entry(long[] slots, int slot) {
        return (long) ENTRY.getAcquire(slots, slot);
    }

    static long tag(long entry) {
        return entry >>> (Long.SIZE - TAG_BITS);
    }

    int live() {
        return live;
    }

    /** The memory of the table, in bytes. */
    long bytes() {
        return (long) slots.length * Long.BYTES;
    }

    /** Returns the slot of exactly this entry; -1 if it is not there. */
    int find(long entry) {
        long[] now = slots;
        for (int slot = begin(now, tag(entry)); now[slot] != EMPTY; slot = next(now, slot)) {
            if (now[slot] == entry) {
                return slot;
            }
        }
        return -1;
    }

    /** Removes all entries. */
    void clear() {
        slots = new long[SLOTS_MIN];
        taken = 0;
        live = 0;
    }

    void replace(int slot, long entry) {
        ENTRY.setRelease(slots, slot, entry);
    }

    void remove(int slot) {
        ENTRY.setRelease(slots, slot, REMOVED);
        live--;
    }

    /** Adds an entry that is not there. */
    void add(long entry) {
        // A third stays empty, so that searches are short and end.
        if ((taken + 1) * 3L > slots.length * 2L) {
            rebuild();
        }
        add(slots, entry);
        taken++;
        live++;
    }

    private static void add(long[] into, long entry) {
        int slot = begin(into, tag(entry));
        while (into[slot] != EMPTY) {
            slot = next(into, slot);
        }
        ENTRY.setRelease(into, slot, entry);
    }

    /** Leaves out what was removed. */
    private void rebuild() {
        int size = SLOTS_MIN;
        // At most 40 % are taken then, so that the next time is not soon.
        while (2L * size < 5L * (live + 1)) {
            size *= 2;
        }
        if (size > SLOTS_MAX) {
            throw new AssertionError("row index: " + live + " entries in one part (expected: parts for at most "
                    + SLOTS_MAX * 2L / 5 + ")");
        }
        long[] rebuilt = new long[size];
        for (long entry : slots) {
            if (entry != EMPTY && entry != REMOVED) {
                add(rebuilt, entry);
            }
        }
        taken = live;
        slots = rebuilt;
    }
}
