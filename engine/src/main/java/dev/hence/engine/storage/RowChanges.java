package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.KeyChange;
import dev.hence.core.keyspace.State;
import dev.hence.engine.codec.CellCodec;
import dev.hence.engine.codec.HeadCodec;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.rows.RowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one commit changes: ranges that are removed, then single rows, in their order.
 *
 * <p>Not thread-safe.
 */
final class RowChanges {

    /**
     * The maximum size of a removed collection that is deleted row by row. A range deletion costs one entry, but every
     * later read of its file has to check it.
     */
    private static final long SINGLE_DELETES_MAX = 64;

    /** The maximum size of a removed collection whose rows are found, to be forgotten by the table one by one. */
    private static final long FORGOTTEN_SINGLY_MAX = 4_096;

    private static final byte[] NOTHING = {};

    private final State stored;
    private final LargeRows largeRows;
    private final ReplicaNumbers numbers;
    private final ReplicaNumbers.Listener listener;
    private final List<Row> rows = new ArrayList<>();
    private final List<Range> ranges = new ArrayList<>();
    private boolean fits = true;
    private boolean manyErased;
    private long bytes;
    private long keysAdded;
    private long expiringAdded;

    /** A row of a family after the commit. Classes and not records, because those do not have arrays. */
    static final class Row {
        final int family;
        final byte[] name;
        /** Null if the row is removed. */
        final byte @Nullable [] value;

        private Row(int family, byte[] name, byte @Nullable [] value) {
            this.family = family;
            this.name = name;
            this.value = value;
        }

        /** Whether {@link RowTable} can hold it. */
        boolean fits() {
            return RowTable.holds(name.length, value == null ? 0 : value.length);
        }
    }

    /** The elements from one name on to another, exclusive. */
    static final class Range {
        final byte[] from;
        final byte[] to;

        private Range(byte[] from, byte[] to) {
            this.from = from;
            this.to = to;
        }
    }

    /** @param stored the rows before the commit */
    RowChanges(State stored, LargeRows largeRows, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        this.stored = stored;
        this.largeRows = largeRows;
        this.numbers = numbers;
        this.listener = listener;
    }

    void add(Bytes key, KeyChange change) {
        head(key, change.before(), change.after());
        deadline(key, indexed(change.before()), indexed(change.after()));
        for (RowKind kind : change.erased()) {
            erase(key, kind, storedCount(change.before(), kind));
        }
        for (var kind : change.rows().entrySet()) {
            for (Map.Entry<Bytes, KeyChange.RowChange> row : kind.getValue().entrySet()) {
                element(RowKeys.element(key, kind.getKey(), row.getKey()), row.getValue());
            }
        }
        keysAdded += (change.after().type() == null ? 0 : 1) - (change.before().type() == null ? 0 : 1);
        expiringAdded += (isExpiring(change.after()) ? 1 : 0) - (isExpiring(change.before()) ? 1 : 0);
    }

    private static boolean isExpiring(KeyHead head) {
        return indexed(head) != Deadlines.NONE && head.type() != null;
    }

    /** The changed rows. */
    List<Row> rows() {
        return rows;
    }

    /** What is removed before. */
    List<Range> ranges() {
        return ranges;
    }

    /** Whether {@link #rows} are all changes, and {@link RowTable#holds each fits} into memory. */
    boolean fits() {
        return fits && ranges.isEmpty();
    }

    /** Whether so many rows were removed that the table must forget all. */
    boolean manyErased() {
        return manyErased;
    }

    /** The size of names and rows, in bytes. */
    long bytes() {
        return bytes;
    }

    /** The change in the number of existing keys. */
    long keysAdded() {
        return keysAdded;
    }

    /** The change in the number of keys with a deadline. */
    long expiringAdded() {
        return expiringAdded;
    }

    private void head(Bytes key, KeyHead before, KeyHead after) {
        if (!after.isEmpty()) {
            row(RowFamilies.HEADS, RowKeys.head(key), HeadCodec.encode(after, numbers, listener));
        } else if (!before.isEmpty()) {
            row(RowFamilies.HEADS, RowKeys.head(key), null);
        }
    }

    private void deadline(Bytes key, long before, long after) {
        if (before == after) {
            return;
        }
        if (before != Deadlines.NONE) {
            row(RowFamilies.DEADLINES, RowKeys.deadline(before, key), null);
        }
        if (after != Deadlines.NONE) {
            row(RowFamilies.DEADLINES, RowKeys.deadline(after, key), NOTHING);
        }
    }

    private void element(byte[] name, KeyChange.RowChange after) {
        Cell cell = after.cell();
        row(RowFamilies.ELEMENTS, name, cell == null ? null : CellCodec.encode(cell, numbers, listener));
    }

    private void row(int family, byte[] name, byte @Nullable [] value) {
        int valueBytes = value == null ? 0 : value.length;
        if (value != null && family != RowFamilies.DEADLINES) {
            largeRows.written(name, valueBytes);
        }
        bytes += name.length + valueBytes;
        Row row = new Row(family, name, value);
        fits &= row.fits();
        rows.add(row);
    }

    /** Returns the deadline under which a key is indexed; {@link Deadlines#NONE} if it is not. */
    private static long indexed(KeyHead head) {
        return head.deadlineMillis();
    }

    /** Returns the number of stored rows of a kind. */
    static long storedCount(KeyHead head, RowKind kind) {
        long counted = 0;
        for (CollectionMeta collection : head.collections()) {
            boolean ranks = kind == RowKind.RANK && collection.type() == DataType.SORTED_SET;
            if (ranks || kind == Element.kind(collection.type())) {
                return collection.count();
            }
            counted += collection.counted();
        }
        return kind == RowKind.COUNTED ? counted : 0;
    }

    private void erase(Bytes key, RowKind kind, long count) {
        if (count > SINGLE_DELETES_MAX) {
            ranges.add(new Range(RowKeys.element(key, kind, Bytes.EMPTY), RowKeys.afterElements(key, kind)));
        }
        if (count > FORGOTTEN_SINGLY_MAX) {
            manyErased = true;
        } else if (count > 0) {
            stored.walk(key, kind, null, State.Direction.UP, (row, cell) -> {
                row(RowFamilies.ELEMENTS, RowKeys.element(key, kind, row), null);
                return true;
            });
        }
    }
}
