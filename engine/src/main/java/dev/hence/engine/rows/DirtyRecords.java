package dev.hence.engine.rows;

import java.util.Arrays;

/**
 * The records of changed rows that are not in the database yet, in the order in which they were made: those that were
 * taken to be written, and those that came after them. Their pages must be held.
 *
 * <p>Not thread-safe.
 */
final class DirtyRecords {

    private static final long NO_PAGE = Long.MAX_VALUE;

    private long[] entries = new long[1 << 10];
    private int count;
    private long bytes;

    // The oldest pages with dirty records: of those that were taken, and of the others.
    private long takenPage = NO_PAGE;
    private long page = NO_PAGE;

    /** @param inPage the number of its page, which is not less than those of earlier records */
    void add(long entry, long inPage, int recordBytes) {
        if (count == entries.length) {
            entries = Arrays.copyOf(entries, 2 * count);
        }
        if (count == 0) {
            page = inPage;
        }
        entries[count++] = entry;
        bytes += recordBytes;
    }

    /** The size of the records that were not taken, in bytes. */
    long bytes() {
        return bytes;
    }

    /** Whether the database lacks nothing. */
    boolean isEmpty() {
        return count == 0 && takenPage == NO_PAGE;
    }

    /** The oldest page that must be held; larger than all numbers of pages if there is none. */
    long oldestPage() {
        return Math.min(takenPage, page);
    }

    /** Takes what was added, to be written to the database. */
    DirtyRows take(RowTable table) {
        if (takenPage != NO_PAGE) {
            throw new AssertionError("row table: dirty rows were taken twice (expected: written before)");
        }
        DirtyRows taken = new DirtyRows(table, Arrays.copyOf(entries, count));
        takenPage = page;
        page = NO_PAGE;
        count = 0;
        bytes = 0;
        return taken;
    }

    /** Records that what was taken is in the database. */
    void written() {
        takenPage = NO_PAGE;
    }
}
