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
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
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
        byte[] name = RowKeys.head(key);
        KeyHead known = table == null ? null : table.read(HEADS, name, this::decodedHead);
        return known == null ? storedHead(name) : known;
    }

    private KeyHead decodedHead(byte[] bytes, int from, int to) {
        return to < from ? KeyHead.EMPTY : decodedHead(Arrays.copyOfRange(bytes, from, to), numbers);
    }

    private KeyHead storedHead(byte[] name) {
        int stamp = table == null ? 0 : table.stamp(HEADS, name);
        try (LargeRows.Turn turn = files.largeRows().turn(name)) {
            byte[] row = files.db().get(files.state(), options, name);
            turn.was(row == null ? 0 : row.length);
            if (table != null) {
                table.fill(HEADS, name, row, stamp);
            }
            return row == null ? KeyHead.EMPTY : decodedHead(row, numbers);
        } catch (RocksDBException failed) {
            throw files.failure(failed);
        }
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        byte[] name = RowKeys.element(key, kind, row);
        Cell known = table == null ? null : table.read(ELEMENTS, name, this::decodedCell);
        return known == null ? storedCell(name) : known;
    }

    private Cell decodedCell(byte[] bytes, int from, int to) {
        return to < from ? Cell.EMPTY : decodedCell(Arrays.copyOfRange(bytes, from, to), numbers);
    }

    private Cell storedCell(byte[] name) {
        int stamp = table == null ? 0 : table.stamp(ELEMENTS, name);
        try (LargeRows.Turn turn = files.largeRows().turn(name)) {
            byte[] value = files.db().get(files.elements(), options, name);
            turn.was(value == null ? 0 : value.length);
            if (table != null) {
                table.fill(ELEMENTS, name, value, stamp);
            }
            return value == null ? Cell.EMPTY : decodedCell(value, numbers);
        } catch (RocksDBException failed) {
            throw files.failure(failed);
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
                if (!visitor.visit(name, kind.isIndex() ? Cell.EMPTY : decodedCell(rows.value(), numbers))) {
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
        try {
            return HeadCodec.decode(row, numbers);
        } catch (MalformedRecordException damaged) {
            throw new StorageException("state: " + damaged.getMessage(), damaged);
        }
    }

    private static Cell decodedCell(byte[] row, ReplicaNumbers numbers) {
        try {
            return CellCodec.decode(row, numbers);
        } catch (MalformedRecordException damaged) {
            throw new StorageException("elements: " + damaged.getMessage(), damaged);
        }
    }
}
