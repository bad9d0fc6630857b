package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.engine.rows.RowTable;
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
    private final RowTable.Reader<KeyHead> heads;
    private final RowTable.Reader<Cell> cells;

    /** @param catchUp writes the changed rows of the table to the database */
    NewestRows(RowTable table, RocksState database, Runnable catchUp) {
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
        return table.isComplete()
                ? RocksState.absent(decoder)
                : database.row(family, name, decoder, row -> table.fill(hashed, family, name, row, stamp));
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        catchUp.run();
        return database.walk(key, kind, from, direction, visitor);
    }
}
