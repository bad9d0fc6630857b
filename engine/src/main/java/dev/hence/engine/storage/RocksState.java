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
import java.util.function.BiPredicate;
import java.util.function.Predicate;
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

    private static final byte[] NOTHING = {};
    private static final int ABSENT = -1;

    private final RocksFiles files;
    private final ReplicaNumbers numbers;
    private final ReadOptions options;
    private final @Nullable Snapshot snapshot;

    /**
     * @param options read options that stay open while this is used
     * @param snapshot the snapshot that the options read from; null for the newest rows
     */
    RocksState(RocksFiles files, ReplicaNumbers numbers, ReadOptions options, @Nullable Snapshot snapshot) {
        this.files = files;
        this.numbers = numbers;
        this.options = options;
        this.snapshot = snapshot;
    }

    /** Receives a row as it is stored; null if there is none. */
    @FunctionalInterface
    interface Found {
        void found(byte @Nullable [] row);
    }

    @Override
    public KeyHead head(Bytes key) {
        return row(RowFamilies.HEADS, RowKeys.head(key), this::decodedHead, row -> {});
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return row(RowFamilies.ELEMENTS, RowKeys.element(key, kind, row), this::decodedCell, found -> {});
    }

    /** Reads the row of a name. */
    <T> T row(int family, byte[] name, RowTable.Reader<T> decoder, Found found) {
        ColumnFamilyHandle stored = family == RowFamilies.HEADS ? files.state() : files.elements();
        try (LargeRows.Turn turn = files.largeRows().turn(name)) {
            byte[] row = files.db().get(stored, options, name);
            turn.was(row == null ? 0 : row.length);
            found.found(row);
            return row == null ? absent(decoder) : decoder.read(row, 0, row.length);
        } catch (RocksDBException failed) {
            throw files.failure(failed);
        }
    }

    /** What a decoder returns for a row that does not exist. */
    static <T> T absent(RowTable.Reader<T> decoder) {
        return decoder.read(NOTHING, 0, ABSENT);
    }

    KeyHead decodedHead(byte[] bytes, int from, int to) {
        return to < from ? KeyHead.EMPTY : decodedHead(bytes, from, to, numbers);
    }

    Cell decodedCell(byte[] bytes, int from, int to) {
        try {
            return to < from ? Cell.EMPTY : CellCodec.decode(bytes, from, to, numbers);
        } catch (MalformedRecordException damaged) {
            throw new StorageException("elements: " + damaged.getMessage(), damaged);
        }
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        return rows(
                key,
                kind,
                from,
                direction,
                (name, rows) -> visitor.visit(name, kind.isIndex() ? Cell.EMPTY : decodedCell(rows.value())));
    }

    /**
     * Visits the names of the rows of one key and kind, in their order.
     *
     * @param visitor returns whether to continue
     * @return whether the visitor saw all names
     */
    boolean names(Bytes key, RowKind kind, Predicate<byte[]> visitor) {
        return rows(key, kind, null, Direction.UP, (name, rows) -> visitor.test(name.array()));
    }

    /** @param visitor gets the name of each row and the iterator at it, and returns whether to continue */
    private boolean rows(
            Bytes key,
            RowKind kind,
            @Nullable Bytes from,
            Direction direction,
            BiPredicate<Bytes, RocksIterator> visitor) {
        byte[] first = RowKeys.element(key, kind, Bytes.EMPTY);
        try (Slice lower = new Slice(first);
                Slice upper = new Slice(RowKeys.afterElements(key, kind));
                ReadOptions bounded =
                        new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
                RocksIterator rows = iterator(bounded)) {
            begin(rows, from == null ? null : RowKeys.element(key, kind, from), direction);
            while (rows.isValid()) {
                if (!visitor.test(RowKeys.elementOf(rows.key(), first.length), rows)) {
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
