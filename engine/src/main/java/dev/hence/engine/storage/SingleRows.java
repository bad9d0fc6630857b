package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import org.jspecify.annotations.Nullable;

/**
 * Rows for a reader that may walk or not. A walk finds nothing: then what the reader returns is worth nothing, and it is to
 * be run again on a snapshot. It is no exception, because readers answer exceptions.
 *
 * <p>Not thread-safe.
 */
final class SingleRows implements State {

    private final State rows;
    private boolean walked;

    SingleRows(State rows) {
        this.rows = rows;
    }

    /** Whether the reader has walked. */
    boolean walked() {
        return walked;
    }

    @Override
    public KeyHead head(Bytes key) {
        return rows.head(key);
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return rows.cell(key, kind, row);
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        walked = true;
        return true;
    }
}
