package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.engine.codec.CellCodec;
import dev.hence.engine.codec.HeadCodec;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.rows.RowTable;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * The state as rows of RocksDB: the newest ones, or those of a snapshot.
 *
 * <p>Thread-safe while the files are open, which the callers ensure.
 */
final class RocksState implements State {

    /** The families of rows in the table. */
    static final int HEADS = 0;

    static final int ELEMENTS = 1;

    private static final byte[] NOTHING = {};
    private static final int ABSENT = -1;

    private final RocksFiles files;
    private final ReplicaNumbers numbers;
    private final ReadOptions options;
    private final @Nullable Snapshot snapshot;
    private final @Nullable RowTable table;

    /**
     * The newest rows.
     *
     * @param options read options that stay open while this is used
     * @param table answers where it can
     */
    RocksState(RocksFiles files, ReplicaNumbers numbers, ReadOptions options, RowTable table) {
        this.files = files;
        this.numbers = numbers;
        this.options = options;
        this.snapshot = null;
        this.table = table;
    }

    /**
     * The rows of a snapshot.
     *
     * @param options read options that stay open while this is used
     * @param snapshot the snapshot that the options read from
     */
    RocksState(RocksFiles files, ReplicaNumbers numbers, ReadOptions options, Snapshot snapshot) {
        this.files = files;
        this.numbers = numbers;
        this.options = options;
        this.snapshot = snapshot;
        this.table = null;
    }

    @Override
    public KeyHead head(Bytes key) {
        return row(HEADS, files.state(), RowKeys.head(key), this::decodedHead);
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return row(ELEMENTS, files.elements(), RowKeys.element(key, kind, row), this::decodedCell);
    }

    /** Reads a row, from the table if it knows the row, and otherwise so that the table knows it next time. */
    private <T> T row(int family, ColumnFamilyHandle stored, byte[] name, RowTable.Reader<T> decoder) {
        T known = table == null ? null : table.read(family, name, decoder);
        if (known != null) {
            return known;
        }
        int stamp = table == null ? 0 : table.stamp(family, name);
        try (LargeRows.Turn turn = files.largeRows().turn(name)) {
            byte[] row = files.db().get(stored, options, name);
            turn.was(row == null ? 0 : row.length);
            if (table != null) {
                table.fill(family, name, row, stamp);
            }
            return row == null ? decoder.read(NOTHING, 0, ABSENT) : decoder.read(row, 0, row.length);
        } catch (RocksDBException failed) {
            throw files.failure(failed);
        }
    }

    private KeyHead decodedHead(byte[] bytes, int from, int to) {
        return to < from ? KeyHead.EMPTY : decodedHead(bytes, from, to, numbers);
    }

    private Cell decodedCell(byte[] bytes, int from, int to) {
        try {
            return to < from ? Cell.EMPTY : CellCodec.decode(bytes, from, to, numbers);
        } catch (MalformedRecordException damaged) {
            throw new StorageException("elements: " + damaged.getMessage(), damaged);
        }
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        byte[] first = RowKeys.element(key, kind, Bytes.EMPTY);
        try (Slice lower = new Slice(first);
                Slice upper = new Slice(RowKeys.afterElements(key, kind));
                ReadOptions bounded =
                        new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
                RocksIterator rows = iterator(bounded)) {
            begin(rows, from == null ? null : RowKeys.element(key, kind, from), direction);
            while (rows.isValid()) {
                Bytes name = RowKeys.elementOf(rows.key(), first.length);
                if (!visitor.visit(name, kind.isIndex() ? Cell.EMPTY : decodedCell(rows.value()))) {
                    return false;
                }
                if (direction == Direction.UP) {
                    rows.next();
                } else {
                    rows.prev();
                }
            }
            rows.status();
            return true;
        } catch (RocksDBException failed) {
            throw files.failure(failed);
        }
    }

    private RocksIterator iterator(ReadOptions bounded) {
        if (snapshot != null) {
            bounded.setSnapshot(snapshot);
        }
        return files.db().newIterator(files.elements(), bounded);
    }

    private Cell decodedCell(byte[] row) {
        return decodedCell(row, 0, row.length);
    }

    private static void begin(RocksIterator rows, byte @Nullable [] from, Direction direction) {
        switch (direction) {
            case UP -> {
                if (from == null) {
                    rows.seekToFirst();
                } else {
                    rows.seek(from);
                }
            }
            case DOWN -> {
                if (from == null) {
                    rows.seekToLast();
                } else {
                    rows.seekForPrev(from);
                }
            }
        }
    }

    static KeyHead decodedHead(byte[] row, ReplicaNumbers numbers) {
        return decodedHead(row, 0, row.length, numbers);
    }

    private static KeyHead decodedHead(byte[] bytes, int from, int to, ReplicaNumbers numbers) {
        try {
            return HeadCodec.decode(bytes, from, to, numbers);
        } catch (MalformedRecordException damaged) {
            throw new StorageException("state: " + damaged.getMessage(), damaged);
        }
    }
}
