package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.keyspace.State.Visitor;
import dev.hence.core.keyspace.View;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a list, or the ranks of a sorted set, in their order.
 *
 * <p>Walks begin at the collection's ends, not at those of the table: where many rows were removed, a storage may have
 * to skip their remains.
 *
 * @param collection the metadata of the visible collection
 */
record OrderedRows(View view, Bytes key, RowKind kind, CollectionMeta collection) {

    /** One row. */
    record Row(Bytes name, Cell cell) {}

    /** A part of a sequence; empty if {@code first > last}. */
    record Slice(long first, long last) {
        private static final Slice NONE = new Slice(0, -1);

        /**
         * Resolves a range whose indexes may count from the end: -1 is the last place, -2 the one before. It is clipped
         * to the sequence.
         */
        static Slice of(long first, long last, long count) {
            long from = Math.max(first < 0 ? first + count : first, 0);
            long to = Math.min(last < 0 ? last + count : last, count - 1);
            return from > to ? NONE : new Slice(from, to);
        }

        boolean isEmpty() {
            return first > last;
        }

        long count() {
            return last - first + 1;
        }

        /** Returns this part without its first {@code skipped} places, limited to {@code countMax}. */
        Slice part(long skipped, long countMax) {
            long left = Math.min(countMax, count() - skipped);
            return left <= 0 ? NONE : new Slice(first + skipped, first + skipped + left - 1);
        }
    }

    /** Visits all rows, beginning at one end. */
    void walk(Direction direction, Visitor visitor) {
        walkFrom(null, direction, visitor);
    }

    private void walkFrom(@Nullable Bytes from, Direction direction, Visitor visitor) {
        Bytes end = end(direction);
        if (end != null) {
            view.walk(key, kind, from == null ? end : innermost(from, end, direction), direction, visitor);
        }
    }

    /** Returns where a walk in a direction begins; null if there are no rows. */
    private @Nullable Bytes end(Direction direction) {
        return direction == Direction.UP ? collection.first() : collection.last();
    }

    private static Bytes innermost(Bytes one, Bytes other, Direction inwards) {
        return (one.compareTo(other) > 0) == (inwards == Direction.UP) ? one : other;
    }

    /** Visits the rows at these places, counted and visited in the direction; they are found from the nearer end. */
    void walkSlice(Slice slice, Direction direction, Consumer<Row> consumer) {
        if (slice.isEmpty()) {
            return;
        }
        Bytes end = onlyEnd(slice, direction);
        long behind = collection.count() - 1 - slice.first();
        if (end != null) {
            consumer.accept(new Row(end, kind.isIndex() ? Cell.EMPTY : view.cell(key, kind, end)));
        } else if (slice.first() <= behind) {
            walk(direction, window(slice.first(), slice.count(), consumer));
        } else {
            Bytes[] start = new Bytes[1];
            walk(opposite(direction), window(behind, 1, row -> start[0] = row.name()));
            walkFrom(start[0], direction, window(0, slice.count(), consumer));
        }
    }

    /** Returns the row of a slice that is exactly one of the ends, which needs no walk; null for any other slice. */
    private @Nullable Bytes onlyEnd(Slice slice, Direction direction) {
        if (slice.count() > 1) {
            return null;
        }
        return slice.first() == 0
                ? end(direction)
                : slice.first() == collection.count() - 1 ? end(opposite(direction)) : null;
    }

    /** Visits rows of a walk: skips the first ones, then visits at most a given number. */
    static Visitor window(long skipped, long countMax, Consumer<Row> consumer) {
        return new Window(skipped, countMax, consumer);
    }

    /**
     * Visits the rows between two names.
     *
     * @param from the first name
     * @param to the exclusive upper bound; null for none
     */
    void walkBetween(Bytes from, @Nullable Bytes to, Direction direction, Visitor visitor) {
        if (direction == Direction.UP) {
            walkFrom(from, direction, (row, cell) -> isBefore(row, to) && visitor.visit(row, cell));
        } else {
            walkFrom(to, direction, (row, cell) -> {
                if (!isBefore(row, to)) {
                    return true;
                }
                return row.compareTo(from) >= 0 && visitor.visit(row, cell);
            });
        }
    }

    private static boolean isBefore(Bytes row, @Nullable Bytes to) {
        return to == null || row.compareTo(to) < 0;
    }

    static Direction opposite(Direction direction) {
        return direction == Direction.UP ? Direction.DOWN : Direction.UP;
    }

    private static final class Window implements Visitor {
        private final Consumer<Row> consumer;
        private long skipped;
        private long left;

        Window(long skipped, long countMax, Consumer<Row> consumer) {
            this.consumer = consumer;
            this.skipped = skipped;
            this.left = countMax;
        }

        @Override
        public boolean visit(Bytes row, Cell cell) {
            if (left == 0) {
                return false;
            }
            if (skipped > 0) {
                skipped--;
                return true;
            }
            left--;
            consumer.accept(new Row(row, cell));
            return left > 0;
        }
    }
}
