package dev.hence.engine.rows;

import java.util.Arrays;

/**
 * The rows that were changed in a {@link RowTable} up to one moment and are not in the database yet: of each row the
 * newest record, ordered by family and name.
 *
 * <p>Immutable. Its pages stay readable until {@link RowTable#written} is called.
 */
public final class DirtyRows {

    /** Receives rows. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param bytes of the name and the row; must not be changed
         * @param valueBytes negative if the row was removed
         */
        void visit(int family, byte[] bytes, int nameFrom, int nameBytes, int valueFrom, int valueBytes);
    }

    /** A record; the order is that in which records of one name were made. */
    private record Row(RowPage page, int place, int order) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            int names = compareNames(other);
            return names != 0 ? names : Integer.compare(order, other.order);
        }

        int compareNames(Row other) {
            int families = Integer.compare(page.family(place), other.page.family(other.place));
            int from = page.nameFrom(place);
            int otherFrom = other.page.nameFrom(other.place);
            return families != 0
                    ? families
                    : Arrays.compareUnsigned(
                            page.bytes,
                            from,
                            from + page.nameBytes(place),
                            other.page.bytes,
                            otherFrom,
                            otherFrom + other.page.nameBytes(other.place));
        }
    }

    private final RowTable table;
    private final long[] entries;
    private final long bytes;

    /** @param entries of the records, in the order in which they were made */
    DirtyRows(RowTable table, long[] entries, long bytes) {
        this.table = table;
        this.entries = entries;
        this.bytes = bytes;
    }

    /** About the size of names and rows, at least. */
    public long bytes() {
        return bytes;
    }

    /** Visits the newest record of each row, in the order of families and names. */
    public void forEach(Visitor visitor) {
        Row[] ordered = new Row[entries.length];
        for (int i = 0; i < entries.length; i++) {
            ordered[i] = new Row(table.heldPage(entries[i]), RowTable.place(entries[i]), i);
        }
        Arrays.sort(ordered);
        for (int i = 0; i < ordered.length; i++) {
            Row row = ordered[i];
            if (i + 1 == ordered.length || row.compareNames(ordered[i + 1]) != 0) {
                RowPage page = row.page;
                int place = row.place;
                visitor.visit(
                        page.family(place),
                        page.bytes,
                        page.nameFrom(place),
                        page.nameBytes(place),
                        page.valueFrom(place),
                        page.valueBytes(place));
            }
        }
    }
}
