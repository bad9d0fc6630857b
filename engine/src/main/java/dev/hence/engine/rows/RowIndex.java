package dev.hence.engine.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One part of the index: a table with open addressing of entries, each the tag of a hash and the address of a record.
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

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SLOTS_MIN = 16;

    /** Finds out whether an entry is the one that is searched. */
    @FunctionalInterface
    interface Match {
        boolean is(long entry);
    }

    /** Returns the hash of the record of an entry. */
    @FunctionalInterface
    interface Hash {
        long of(long entry);
    }

    private volatile long[] slots = new long[SLOTS_MIN];

    // Entries that are not EMPTY, and of these those that are not REMOVED.
    private int taken;
    private int live;

    /** The entries of the table at this moment, for {@link #entry}. */
    long[] slots() {
        return slots;
    }

    /** Where the search for a hash begins. */
    static int begin(long[] slots, long hash) {
        return (int) hash & (slots.length - 1);
    }

    /** Where it goes on. */
    static int next(long[] slots, int slot) {
        return slot + 1 & (slots.length - 1);
    }

    static long entry(long[] slots, int slot) {
        return (long) ENTRY.getAcquire(slots, slot);
    }

    int live() {
        return live;
    }

    /** The memory of the table, in bytes. */
    long bytes() {
        return (long) slots.length * Long.BYTES;
    }

    /** Returns the slot of an entry; -1 if there is none. */
    int find(long hash, Match match) {
        long[] now = slots;
        for (int slot = begin(now, hash); ; slot = next(now, slot)) {
            if (now[slot] == EMPTY) {
                return -1;
            }
            if (now[slot] != REMOVED && match.is(now[slot])) {
                return slot;
            }
        }
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

    /**
     * Adds an entry that is not there.
     *
     * @param hashes of the entries, for a table that must grow
     */
    void add(long hash, long entry, Hash hashes) {
        // A third stays empty, so that searches are short and end.
        if ((taken + 1) * 3L > slots.length * 2L) {
            rebuild(hashes);
        }
        add(slots, hash, entry);
        taken++;
        live++;
    }

    private static void add(long[] into, long hash, long entry) {
        int slot = begin(into, hash);
        while (into[slot] != EMPTY) {
            slot = next(into, slot);
        }
        ENTRY.setRelease(into, slot, entry);
    }

    /** Leaves out what was removed. */
    private void rebuild(Hash hashes) {
        int size = SLOTS_MIN;
        // At most 40 % are taken then, so that the next time is not soon.
        while (2L * size < 5L * (live + 1)) {
            size *= 2;
        }
        long[] rebuilt = new long[size];
        for (long entry : slots) {
            if (entry != EMPTY && entry != REMOVED) {
                add(rebuilt, hashes.of(entry), entry);
            }
        }
        taken = live;
        slots = rebuilt;
    }
}
