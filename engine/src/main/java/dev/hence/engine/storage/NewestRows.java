package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.engine.rows.RowTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest rows: single ones from the table where it knows them, and otherwise so that the table knows them next time;
 * walks from the database, after it has caught up with the table.
 *
 * <p>Thread-safe while the files are open, which the callers ensure.
 */
final class NewestRows implements State {

    private final RowTable table;
    private final RocksState database;
    private final Runnable catchUp;
    // Whether a row that the table does not know interrupts the reader.
    private final boolean inMemory;
    private final RowTable.Reader<KeyHead> heads;
    private final RowTable.Reader<Cell> cells;

    /** @param catchUp writes the changed rows of the table to the database */
    NewestRows(RowTable table, RocksState database, Runnable catchUp) {
        this(table, database, catchUp, false);
    }

    private NewestRows(RowTable table, RocksState database, Runnable catchUp, boolean inMemory) {
        this.inMemory = inMemory;
        this.table = table;
        this.database = database;
        this.catchUp = catchUp;
        this.heads = database::decodedHead;
        this.cells = database::decodedCell;
    }

    @Override
    public KeyHead head(Bytes key) {
        return row(RowFamilies.HEADS, RowKeys.head(key), heads);
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return row(RowFamilies.ELEMENTS, RowKeys.element(key, kind, row), cells);
    }

    private <T> T row(int family, byte[] name, RowTable.Reader<T> decoder) {
        long hashed = table.hash(family, name);
        // Before the search: what changes after it must not be overwritten by what is read.
        int stamp = table.stamp(hashed);
        T known = table.read(hashed, family, name, decoder);
        if (known != null) {
            return known;
        }
        if (table.isComplete()) {
            return RocksState.absent(decoder);
        }
        if (inMemory) {
            throw new SingleRows.Interrupted(true);
        }
        return database.row(family, name, decoder, row -> table.fill(hashed, family, name, row, stamp));
    }

    /** Brings the heads of keys close to the processor: {@link RowTable#fetch}. */
    void expect(List<Bytes> keys) {
        if (keys.size() < 2) {
            return;
        }
        long[] hashes = new long[keys.size()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = table.hash(RowFamilies.HEADS, RowKeys.head(keys.get(i)));
        }
        table.fetch(hashes);
    }

    /** The rows of the table alone: a reader that asks for another one, or walks, is interrupted. */
    State inMemory() {
        return new NewestRows(table, database, catchUp, true);
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        if (inMemory) {
            throw new SingleRows.Interrupted(true);
        }
        catchUp.run();
        return database.walk(key, kind, from, direction, visitor);
    }
}
