package dev.hence.core.commands;

import dev.hence.core.commands.OrderedRows.Row;
import dev.hence.core.commands.OrderedRows.Slice;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.ListPosition;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists: sequences of values. Each element has a {@link ListPosition} of its own, which is also its name, so a write
 * names elements, not indexes: an index is resolved on this node when the command runs.
 *
 * <p>A removal removes the elements that it saw. Concurrently inserted elements stay, at their place relative to their
 * neighbours. An element that two nodes pop concurrently is returned by both.
 *
 * <p>An index from the end is negative: -1 is the last element. Finding an index takes time proportional to its
 * distance from the nearer end.
 *
 * <p>All methods throw {@link WrongTypeException} for a key of another type.
 */
public final class Lists {

    /** The ends of a list. */
    public enum End {
        LEFT(Direction.UP),
        RIGHT(Direction.DOWN);

        /** The direction of a walk that begins at this end. */
        private final Direction inwards;

        End(Direction inwards) {
            this.inwards = inwards;
        }
    }

    private static final DataType TYPE = DataType.LIST;

    private Lists() {}

    /** The number of elements; 0 if the key is absent. */
    public static long size(View view, Bytes key) {
        return rows(view, key).collection().count();
    }

    /** Returns the element at an index; null if there is none. */
    public static @Nullable Bytes get(View view, Bytes key, long index) {
        Row row = rowAt(rows(view, key), index);
        return row == null ? null : value(row);
    }

    /** Visits the elements between two indexes, both inclusive. */
    public static void range(View view, Bytes key, long first, long last, Consumer<Bytes> consumer) {
        OrderedRows rows = rows(view, key);
        rows.walkSlice(
                Slice.of(first, last, rows.collection().count()), Direction.UP, row -> consumer.accept(value(row)));
    }

    /**
     * Visits the indexes at which a value occurs.
     *
     * @param rank the occurrence to begin with: 1 for the first from the left, -1 for the first from the right, 2 and
     *     -2 for the second; not 0. A negative one searches leftwards
     * @param countMax the maximum number of indexes to find
     * @param comparisonsMax the maximum number of elements to compare
     */
    public static void find(
            View view, Bytes key, Bytes value, long rank, long countMax, long comparisonsMax, LongConsumer consumer) {
        OrderedRows rows = rows(view, key);
        End from = rank > 0 ? End.LEFT : End.RIGHT;
        long last = rows.collection().count() - 1;
        LongConsumer found = from == End.LEFT ? consumer : distance -> consumer.accept(last - distance);
        Search search = new Search(value, Math.abs(rank) - 1, countMax, comparisonsMax, found);
        if (countMax > 0 && comparisonsMax > 0) {
            rows.walk(from.inwards, (row, cell) -> search.goesOn(value(new Row(row, cell))));
        }
    }

    private static final class Search {
        private final Bytes value;
        private final LongConsumer found;
        private long skipped;
        private long missing;
        private long compared;
        private final long comparisonsMax;

        Search(Bytes value, long skipped, long countMax, long comparisonsMax, LongConsumer found) {
            this.value = value;
            this.skipped = skipped;
            this.missing = countMax;
            this.comparisonsMax = comparisonsMax;
            this.found = found;
        }

        boolean goesOn(Bytes element) {
            long distance = compared++;
            if (element.equals(value)) {
                if (skipped > 0) {
                    skipped--;
                } else {
                    missing--;
                    found.accept(distance);
                }
            }
            return missing > 0 && compared < comparisonsMax;
        }
    }

    /**
     * Pushes values at an end, one after another, so that the last of them is outermost; returns the new length. They
     * stay together, whatever is pushed concurrently.
     *
     * @param values at least one
     */
    public static long push(Transaction transaction, Bytes key, End end, List<Bytes> values) {
        CollectionMeta list = Keys.forWrite(transaction, key, TYPE).collection(TYPE);
        if (end == End.LEFT) {
            assignBetween(transaction, key, null, list.first(), values.reversed());
        } else {
            assignBetween(transaction, key, list.last(), null, values);
        }
        return list.count() + values.size();
    }

    /** Like {@link #push}, if the key exists; otherwise returns 0 and does nothing. */
    public static long pushIfPresent(Transaction transaction, Bytes key, End end, List<Bytes> values) {
        return size(transaction, key) == 0 ? 0 : push(transaction, key, end, values);
    }

    /**
     * Inserts a value beside the leftmost element of another value; returns the new length.
     *
     * @param side the side of that element
     * @return 0 if the key is absent, empty if it has no such element
     */
    public static OptionalLong insert(Transaction transaction, Bytes key, End side, Bytes pivot, Bytes value) {
        OrderedRows rows = rows(transaction, key);
        if (rows.collection().count() == 0) {
            return OptionalLong.of(0);
        }
        Neighbours found = new Neighbours();
        rows.walk(Direction.UP, (row, cell) -> {
            if (found.pivot != null) {
                found.after = row;
                return false;
            }
            if (value(new Row(row, cell)).equals(pivot)) {
                found.pivot = row;
                return side == End.RIGHT;
            }
            found.before = row;
            return true;
        });
        if (found.pivot == null) {
            return OptionalLong.empty();
        }
        if (side == End.LEFT) {
            assignBetween(transaction, key, found.before, found.pivot, List.of(value));
        } else {
            assignBetween(transaction, key, found.pivot, found.after, List.of(value));
        }
        return OptionalLong.of(rows.collection().count() + 1);
    }

    private static final class Neighbours {
        private @Nullable Bytes before;
        private @Nullable Bytes pivot;
        private @Nullable Bytes after;
    }

    private static void assignBetween(
            Transaction transaction, Bytes key, @Nullable Bytes left, @Nullable Bytes right, List<Bytes> values) {
        List<ListPosition> positions = ListPosition.between(
                left == null ? null : ListPosition.of(left),
                right == null ? null : ListPosition.of(right),
                transaction.dot(),
                values.size());
        for (int at = 0; at < values.size(); at++) {
            transaction.assign(key, TYPE, positions.get(at).bytes(), values.get(at));
        }
    }

    /** Replaces the value of the element at an index; returns whether there is one. */
    public static boolean set(Transaction transaction, Bytes key, long index, Bytes value) {
        Row row = rowAt(rows(transaction, key), index);
        if (row != null) {
            transaction.assign(key, TYPE, row.name(), value);
        }
        return row != null;
    }

    /**
     * Pops elements from an end and visits them, the outermost first; returns their number.
     *
     * @throws UpdateTooLargeException if their removal does not fit into an update
     */
    public static long pop(Transaction transaction, Bytes key, End end, long countMax, Consumer<Bytes> consumer) {
        OrderedRows rows = rows(transaction, key);
        Removal removal = new Removal(transaction, key);
        long count = Math.min(countMax, rows.collection().count());
        rows.walkSlice(new Slice(0, count - 1), end.inwards, row -> {
            removal.add(row.name());
            consumer.accept(value(row));
        });
        return removal.run();
    }

    /**
     * Moves the outermost element from an end of one list to an end of another list, or of the same one; returns it,
     * null if there is none. An element that is already at that end is left in place.
     */
    public static @Nullable Bytes move(Transaction transaction, Bytes source, End from, Bytes target, End to) {
        OrderedRows rows = rows(transaction, source);
        Row row = rowAt(rows, from == End.LEFT ? 0 : -1);
        if (row == null) {
            return null;
        }
        boolean isThere =
                source.equals(target) && (from == to || rows.collection().count() == 1);
        if (!isThere) {
            push(transaction, target, to, List.of(value(row)));
            Keys.remove(transaction, source, TYPE, List.of(row.name()));
        }
        return value(row);
    }

    /**
     * Removes elements with a value; returns their number.
     *
     * @param count the maximum number to remove, leftmost first; if negative, rightmost first; 0 for all
     * @throws UpdateTooLargeException if their removal does not fit into an update
     */
    public static long remove(Transaction transaction, Bytes key, long count, Bytes value) {
        long countMax = count == 0 ? Long.MAX_VALUE : count == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(count);
        Removal removal = new Removal(transaction, key);
        rows(transaction, key).walk((count < 0 ? End.RIGHT : End.LEFT).inwards, (row, cell) -> {
            if (value(new Row(row, cell)).equals(value)) {
                removal.add(row);
            }
            return removal.size() < countMax;
        });
        return removal.run();
    }

    /**
     * Removes the elements that are not between two indexes, both inclusive.
     *
     * @throws UpdateTooLargeException if their removal does not fit into an update
     */
    public static void trim(Transaction transaction, Bytes key, long first, long last) {
        OrderedRows rows = rows(transaction, key);
        long count = rows.collection().count();
        Slice kept = Slice.of(first, last, count);
        if (count == 0) {
            return;
        }
        if (kept.isEmpty()) {
            transaction.delete(key);
            return;
        }
        Removal removal = new Removal(transaction, key);
        rows.walkSlice(new Slice(0, kept.first() - 1), Direction.UP, row -> removal.add(row.name()));
        rows.walkSlice(new Slice(kept.last() + 1, count - 1), Direction.UP, row -> removal.add(row.name()));
        removal.run();
    }

    /** Collects elements to remove, each once, and fails when their removal no longer fits into an update. */
    private static final class Removal {
        private final Transaction transaction;
        private final Bytes key;
        private final UpdateRoom room;
        private final List<Bytes> positions = new ArrayList<>();

        Removal(Transaction transaction, Bytes key) {
            this.transaction = transaction;
            this.key = key;
            this.room = new UpdateRoom(transaction, key);
        }

        void add(Bytes position) {
            room.take(position);
            positions.add(position);
        }

        int size() {
            return positions.size();
        }

        /** Removes them; returns their number. */
        long run() {
            if (!positions.isEmpty()) {
                Keys.remove(transaction, key, TYPE, positions);
            }
            return positions.size();
        }
    }

    private static OrderedRows rows(View view, Bytes key) {
        return new OrderedRows(
                view, key, RowKind.ITEM, Keys.forRead(view, key, TYPE).collection(TYPE));
    }

    private static @Nullable Row rowAt(OrderedRows rows, long index) {
        long count = rows.collection().count();
        long at = index < 0 ? index + count : index;
        Row[] found = new Row[1];
        if (at >= 0 && at < count) {
            rows.walkSlice(new Slice(at, at), Direction.UP, row -> found[0] = row);
        }
        return found[0];
    }

    private static Bytes value(Row row) {
        Bytes value = row.cell().value();
        if (value == null) {
            throw new AssertionError("list element " + row.name() + ": empty (expected: a value)");
        }
        return value;
    }
}
