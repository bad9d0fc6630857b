package dev.hence.engine.rows;

import java.util.Arrays;

/**
 * Sorts records by name; those of one name stay in their order.
 *
 * <p><b>How.</b> A record is far away in memory, so the sort looks at each as seldom as it can. It takes the next bytes of
 * every name behind the prefix that all names share, together with the record's index, as one number, and sorts the
 * numbers. Only records that are equal up to there are looked at again, in the same way. Names of one application
 * share long prefixes, which therefore cost nothing.
 *
 * <p>This is multikey sorting with cached characters: Ng, Kakehi: Cache Efficient Radix Sort for String Sorting (IEICE
 * Transactions E90-A, 2007).
 *
 * <p>Not thread-safe.
 */
final class NameOrder {

    /** Fewer are compared with each other. */
    private static final int SORTED_BY_PIECES_MIN = 12;

    // A piece: some bytes of the name, zeros behind its end, and how many of the bytes exist.
    private static final int COUNT_BITS = 3;
    private static final int PIECE_BYTES_MAX = 5;
    private static final int SIGN_BITS = 1;

    private static final int PENDING_FIELDS = 3;

    private final RowTable table;
    private final long[] entries;
    private final long[] sorted;
    private final long[] before;

    // What is left to sort: from, end, and the length of a prefix that all names share.
    private int[] pending = new int[64 * PENDING_FIELDS];
    private int pendingCount;

    /** @param entries of the records in the index; are put into another order */
    NameOrder(RowTable table, long[] entries) {
        this.table = table;
        this.entries = entries;
        this.sorted = new long[entries.length];
        this.before = new long[entries.length];
    }

    /** Sorts the records from one index to another, all of one family. */
    void sort(int from, int end) {
        // Not by recursion: clients choose names, and with them how deep it would go.
        push(from, end, 0);
        while (pendingCount > 0) {
            pendingCount -= PENDING_FIELDS;
            sort(pending[pendingCount], pending[pendingCount + 1], pending[pendingCount + 2]);
        }
    }

    private void push(int from, int end, int known) {
        if (pendingCount == pending.length) {
            pending = Arrays.copyOf(pending, 2 * pendingCount);
        }
        pending[pendingCount++] = from;
        pending[pendingCount++] = end;
        pending[pendingCount++] = known;
    }

    /** @param known the length of a prefix that all names share */
    private void sort(int from, int end, int known) {
        if (end - from < SORTED_BY_PIECES_MIN) {
            sortByComparing(from, end);
            return;
        }
        int shared = sharedPrefix(from, end, known);
        if (shared < 0) {
            return;
        }
        int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(end - from - 1);
        int pieceBytes = Math.min(PIECE_BYTES_MAX, (Long.SIZE - SIGN_BITS - COUNT_BITS - indexBits) / Byte.SIZE);
        for (int i = from; i < end; i++) {
            sorted[i] = piece(entries[i], shared, pieceBytes) << indexBits | i - from;
        }
        Arrays.sort(sorted, from, end);
        System.arraycopy(entries, from, before, from, end - from);
        for (int i = from; i < end; i++) {
            entries[i] = before[from + (int) (sorted[i] & (1L << indexBits) - 1)];
        }
        pushEqualPieces(from, end, shared + pieceBytes, pieceBytes, indexBits);
    }

    private void pushEqualPieces(int from, int end, int known, int pieceBytes, int indexBits) {
        int begin = from;
        while (begin < end) {
            long piece = sorted[begin] >>> indexBits;
            int next = begin + 1;
            while (next < end && sorted[next] >>> indexBits == piece) {
                next++;
            }
            // The others end within the piece, so they are equal.
            if (next - begin > 1 && (piece & (1 << COUNT_BITS) - 1) == pieceBytes) {
                push(begin, next, known);
            }
            begin = next;
        }
    }

    /** Returns the length of the longest prefix that all names share; -1 if they are all the same. */
    private int sharedPrefix(int from, int end, int known) {
        RowPage page = table.heldPage(entries[from]);
        int first = page.nameFrom(RowTable.place(entries[from]));
        int firstBytes = page.nameBytes(RowTable.place(entries[from]));
        int shared = firstBytes;
        boolean same = true;
        for (int i = from + 1; i < end; i++) {
            RowPage other = table.heldPage(entries[i]);
            int place = RowTable.place(entries[i]);
            int name = other.nameFrom(place);
            int nameBytes = other.nameBytes(place);
            int differs = Arrays.mismatch(
                    page.bytes,
                    first + known,
                    first + shared,
                    other.bytes,
                    name + known,
                    name + Math.min(shared, nameBytes));
            shared = differs < 0 ? shared : known + differs;
            same &= nameBytes == firstBytes && shared == firstBytes;
        }
        return same ? -1 : shared;
    }

    private long piece(long entry, int at, int pieceBytes) {
        RowPage page = table.heldPage(entry);
        int place = RowTable.place(entry);
        int name = page.nameFrom(place);
        int count = Math.min(pieceBytes, page.nameBytes(place) - at);
        long piece = 0;
        for (int i = 0; i < pieceBytes; i++) {
            piece = piece << Byte.SIZE | (i < count ? page.bytes[name + at + i] & 0xFF : 0);
        }
        return piece << COUNT_BITS | count;
    }

    private void sortByComparing(int from, int end) {
        for (int i = from + 1; i < end; i++) {
            long entry = entries[i];
            int to = i;
            while (to > from && compareNames(entries[to - 1], entry) > 0) {
                entries[to] = entries[to - 1];
                to--;
            }
            entries[to] = entry;
        }
    }

    private int compareNames(long one, long other) {
        return table.heldPage(one).compareName(RowTable.place(one), table.heldPage(other), RowTable.place(other));
    }
}
