package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one commit, without a snapshot: single rows, and walks that need none. A read ends with {@link
 * ReadInterrupted} when a later commit may have been seen, so all rows that the reader gets are of the same commit.
 *
 * <p>Confined to the reader's thread.
 */
final class SingleRows implements State {

    /** A row with so many bytes counts as two. */
    private static final int LARGE_BYTES = 256;

    /** A walk over more rows would probably be interrupted again. */
    private static final int REPEATED_MAX = 1_000;

    private final NewestRows rows;
    private final LongSupplier position;
    private final long at;
    private final long walkedMax;
    private long walked;

    /**
     * @param rows read while they may change
     * @param position of what may be seen by now
     * @param at the position of the commit that is read
     * @param walkedMax the maximum number of rows in walks; fewer if they are large
     */
    SingleRows(NewestRows rows, LongSupplier position, long at, long walkedMax) {
        this.rows = rows;
        this.position = position;
        this.at = at;
        this.walkedMax = walkedMax;
    }

    @Override
    public KeyHead head(Bytes key) {
        return valid(rows.head(key));
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return valid(rows.cell(key, kind, row));
    }

    /** No row of a later commit can be seen before the position moves. */
    private <T> T valid(T row) {
        requireCommit();
        return row;
    }

    private void requireCommit() {
        if (position.getAsLong() != at) {
            throw new ReadInterrupted(walked > REPEATED_MAX);
        }
    }

    private static int cost(Bytes row, Cell cell) {
        int bytes = row.length();
        for (MvRegister.Entry each : cell.register().entries()) {
            bytes += each.value().length();
        }
        return 1 + bytes / LARGE_BYTES;
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        Visitor validated = (row, cell) -> {
            walked += cost(row, cell);
            if (walked > walkedMax) {
                throw new ReadInterrupted(true);
            }
            return visitor.visit(row, valid(cell));
        };
        // It also requires the commit for names, so that there are no more rows is of that commit, too.
        return rows.walk(key, kind, from, direction, validated, this::requireCommit);
    }
}
