package dev.hence.engine.rows;

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

    private final RowTable table;
    private final long[] entries;

    /** @param entries of the records, in the order in which they were made */
    DirtyRows(RowTable table, long[] entries) {
        this.table = table;
        this.entries = entries;
    }

    /** Visits the newest record of each row, in the order of families and names. */
    public void forEach(Visitor visitor) {
        long[] ordered = ordered();
        for (int i = 0; i < ordered.length; i++) {
            RowPage page = table.heldPage(ordered[i]);
            int place = RowTable.place(ordered[i]);
            if (i + 1 == ordered.length || !isSameRow(page, place, ordered[i + 1])) {
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

    private boolean isSameRow(RowPage page, int place, long other) {
        return table.heldPage(other).family(RowTable.place(other)) == page.family(place)
                && table.heldPage(other).compareName(RowTable.place(other), page, place) == 0;
    }

    private long[] ordered() {
        int[] ends = new int[RowPage.FAMILIES + 1];
        for (long entry : entries) {
            ends[family(entry) + 1]++;
        }
        for (int family = 0; family < RowPage.FAMILIES; family++) {
            ends[family + 1] += ends[family];
        }
        int[] next = ends.clone();
        long[] ordered = new long[entries.length];
        for (long entry : entries) {
            ordered[next[family(entry)]++] = entry;
        }
        NameOrder order = new NameOrder(table, ordered);
        for (int family = 0; family < RowPage.FAMILIES; family++) {
            order.sort(ends[family], ends[family + 1]);
        }
        return ordered;
    }

    private int family(long entry) {
        return table.heldPage(entry).family(RowTable.place(entry));
    }
}
