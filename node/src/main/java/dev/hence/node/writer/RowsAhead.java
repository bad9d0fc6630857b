package dev.hence.node.writer;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.KeyChange.RowChange;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.State.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adjacent stored rows of one key and kind, in the direction of a walk. Elements taken one after another from an end of
 * a collection are found here, without a search in the files for each.
 *
 * <p><b>Invariant.</b> The rows stored from the first of these to the last, both included, are exactly these; if they
 * reach the end, so are all rows from the first on. A commit preserves this ({@link #after}).
 *
 * <p>Immutable, so a walk is not disturbed by what its visitor reads.
 */
final class RowsAhead {

    /** The maximum number of rows read at once, and their approximate maximum size. */
    private static final int ROWS_MAX = 64;

    private static final int BYTES_MAX = 1 << 16;

    private static final int ROW_BYTES = 150;

    private final Direction direction;
    private final List<Bytes> names;
    private final List<Cell> cells;
    private final boolean reachesEnd;

    /** The number of rows requested when these were read. */
    private final int count;

    private RowsAhead(Direction direction, List<Bytes> names, List<Cell> cells, boolean reachesEnd, int count) {
        this.direction = direction;
        this.count = count;
        this.names = names;
        this.cells = cells;
        this.reachesEnd = reachesEnd;
    }

    /**
     * Reads rows.
     *
     * @param count maximum number of rows; at least 1
     * @return null if there are none
     */
    static @Nullable RowsAhead read(State stored, Bytes key, RowKind kind, Bytes from, Direction direction, int count) {
        List<Bytes> names = new ArrayList<>(count);
        List<Cell> cells = new ArrayList<>(count);
        long[] bytes = {0};
        boolean all = stored.walk(key, kind, from, direction, (row, cell) -> {
            names.add(row);
            cells.add(cell);
            bytes[0] += weight(row, cell);
            return names.size() < count && bytes[0] < BYTES_MAX;
        });
        return names.isEmpty() ? null : new RowsAhead(direction, names, cells, all, count);
    }

    private static long weight(Bytes row, Cell cell) {
        return ROW_BYTES + row.length() + WriterCache.weight(cell);
    }

    /** Their approximate size in memory, in bytes. */
    long bytes() {
        long bytes = 0;
        for (int i = 0; i < names.size(); i++) {
            bytes += weight(names.get(i), cells.get(i));
        }
        return bytes;
    }

    /** The number of rows to request when these are used up. */
    int nextCount() {
        return Math.min(2 * count, ROWS_MAX);
    }

    int size() {
        return names.size();
    }

    Bytes last() {
        return names.getLast();
    }

    /** Whether no stored row follows the last. */
    boolean reachesEnd() {
        return reachesEnd;
    }

    /** Whether a walk from there in this direction meets exactly these rows first. */
    boolean covers(Bytes from, Direction walk) {
        return walk == direction && order(names.getFirst(), from) <= 0 && (reachesEnd || order(from, last()) <= 0);
    }

    /** The index of a row, or of the first row after it. */
    int from(Bytes row) {
        int low = 0;
        int high = names.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order(names.get(middle), row) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The value of a row; null if it is not one of these. */
    @Nullable
    Cell cell(Bytes row) {
        int place = from(row);
        return place < names.size() && names.get(place).equals(row) ? cells.get(place) : null;
    }

    /** Visits the rows from an index on; returns whether the visitor continued after the last. */
    boolean walk(int place, State.Visitor visitor) {
        for (int i = place; i < names.size(); i++) {
            if (!visitor.visit(names.get(i), cells.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The remaining rows after a commit: those after the last that it removed; none if it added a row among them. */
    @Nullable
    RowsAhead after(Map<Bytes, RowChange> changed) {
        int begin = 0;
        for (Map.Entry<Bytes, RowChange> each : changed.entrySet()) {
            if (covers(each.getKey(), direction)) {
                if (each.getValue().cell() != null) {
                    return null;
                }
                int place = from(each.getKey());
                boolean isThere = place < names.size() && names.get(place).equals(each.getKey());
                begin = Math.max(begin, isThere ? place + 1 : place);
            }
        }
        return begin == 0 ? this : behind(begin);
    }

    private @Nullable RowsAhead behind(int begin) {
        int end = names.size();
        return begin == end
                ? null
                : new RowsAhead(direction, names.subList(begin, end), cells.subList(begin, end), reachesEnd, count);
    }

    private int order(Bytes one, Bytes other) {
        return direction == Direction.UP ? one.compareTo(other) : other.compareTo(one);
    }
}
