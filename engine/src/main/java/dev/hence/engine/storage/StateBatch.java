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
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Converts changes of keys to the rows of one batch.
 *
 * <p>Not thread-safe.
 */
final class StateBatch {

    /**
     * The maximum size of a removed collection that is deleted row by row. A range deletion costs one entry, but every
     * later read of its file has to check it.
     */
    private static final long SINGLE_DELETES_MAX = 64;

    /** The maximum size of a removed collection whose rows are found, to be forgotten by the table one by one. */
    private static final long FORGOTTEN_SINGLY_MAX = 4_096;

    private final WriteBatch batch;
    private final RocksFiles files;
    private final State stored;
    private final ReplicaNumbers numbers;
    private final ReplicaNumbers.Listener listener;
    private final List<Changed> changed = new ArrayList<>();
    private boolean manyErased;
    private long keysAdded;
    private long expiringAdded;

    /** A row of a family of {@link RowTable}; null if it is removed. */
    private record Changed(int family, Bytes name, @Nullable Bytes row) {}

    /** @param stored the rows before the batch */
    StateBatch(
            WriteBatch batch,
            RocksFiles files,
            State stored,
            ReplicaNumbers numbers,
            ReplicaNumbers.Listener listener) {
        this.batch = batch;
        this.files = files;
        this.stored = stored;
        this.numbers = numbers;
        this.listener = listener;
    }

    void add(Bytes key, KeyChange change) throws RocksDBException {
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

    /** Reports the changes to the table of rows, when the batch is written. */
    void report(RowTable table) {
        if (manyErased) {
            table.clear();
        }
        for (Changed each : changed) {
            Bytes row = each.row();
            if (row == null) {
                table.remove(each.family(), each.name().array());
            } else {
                table.put(each.family(), each.name().array(), row.array());
            }
        }
    }

    /** The change in the number of existing keys. */
    long keysAdded() {
        return keysAdded;
    }

    /** The change in the number of keys with a deadline. */
    long expiringAdded() {
        return expiringAdded;
    }

    private void head(Bytes key, KeyHead before, KeyHead after) throws RocksDBException {
        if (!after.isEmpty()) {
            byte[] name = RowKeys.head(key);
            byte[] row = HeadCodec.encode(after, numbers, listener);
            files.largeRows().written(name, row.length);
            batch.put(files.state(), name, row);
            changed.add(new Changed(RocksState.HEADS, Bytes.wrap(name), Bytes.wrap(row)));
        } else if (!before.isEmpty()) {
            byte[] name = RowKeys.head(key);
            batch.delete(files.state(), name);
            changed.add(new Changed(RocksState.HEADS, Bytes.wrap(name), null));
        }
    }

    private void deadline(Bytes key, long before, long after) throws RocksDBException {
        if (before == after) {
            return;
        }
        if (before != Deadlines.NONE) {
            batch.delete(files.deadlines(), RowKeys.deadline(before, key));
        }
        if (after != Deadlines.NONE) {
            batch.put(files.deadlines(), RowKeys.deadline(after, key), new byte[0]);
        }
    }

    /** Returns the deadline under which a key is indexed; {@link Deadlines#NONE} if it is not. */
    private static long indexed(KeyHead head) {
        return head.deadlines().latest();
    }

    /** Returns the number of stored rows of a kind. */
    private static long storedCount(KeyHead before, RowKind kind) {
        for (CollectionMeta collection : before.collections()) {
            boolean ranks = kind == RowKind.RANK && collection.type() == DataType.SORTED_SET;
            if (ranks || kind == Element.kind(collection.type())) {
                return collection.count();
            }
        }
        return 0;
    }

    private void erase(Bytes key, RowKind kind, long count) throws RocksDBException {
        if (count > SINGLE_DELETES_MAX) {
            batch.deleteRange(
                    files.elements(), RowKeys.element(key, kind, Bytes.EMPTY), RowKeys.afterElements(key, kind));
        }
        if (count > FORGOTTEN_SINGLY_MAX) {
            manyErased = true;
        } else if (count > 0) {
            List<Bytes> rows = new ArrayList<>();
            stored.walk(key, kind, null, State.Direction.UP, (row, cell) -> rows.add(row));
            for (Bytes row : rows) {
                byte[] name = RowKeys.element(key, kind, row);
                if (count <= SINGLE_DELETES_MAX) {
                    batch.delete(files.elements(), name);
                }
                changed.add(new Changed(RocksState.ELEMENTS, Bytes.wrap(name), null));
            }
        }
    }

    private void element(byte[] name, KeyChange.RowChange after) throws RocksDBException {
        Cell cell = after.cell();
        if (cell == null) {
            batch.delete(files.elements(), name);
            changed.add(new Changed(RocksState.ELEMENTS, Bytes.wrap(name), null));
        } else {
            byte[] row = CellCodec.encode(cell, numbers, listener);
            files.largeRows().written(name, row.length);
            batch.put(files.elements(), name, row);
            changed.add(new Changed(RocksState.ELEMENTS, Bytes.wrap(name), Bytes.wrap(row)));
        }
    }
}
