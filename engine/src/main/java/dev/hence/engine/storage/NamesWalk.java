package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.engine.rows.OrderedNames;
import dev.hence.engine.rows.RowTable;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A walk over rows whose names are in memory. A few names at a time are copied, so that the visitor may do anything, and
 * then their rows are looked up one by one. A few of these may be missing in memory: they are read from the database, and
 * are there next time. If many are missing, the walk goes on in the database, which reads adjacent rows faster.
 *
 * <p>No lock is held. The names change only after the position has moved, so names that were copied while it has not
 * moved are all names there were at that position; otherwise the walk is {@link ReadInterrupted interrupted}.
 *
 * <p>Confined to one thread, and used once.
 */
final class NamesWalk {

    /** How many names are copied at first; twice as many each time. */
    private static final int NAMES_MIN = 16;

    private static final int NAMES_MAX = 256;

    /** How many rows are read one by one: they cost less together than a walk in the database. */
    private static final int MISSING_MAX = 16;

    private final NewestRows rows;
    private final OrderedNames names;
    private final Runnable requireUnchanged;
    private final Bytes key;
    private final RowKind kind;
    private final State.Direction direction;
    // What the names of all rows begin with in the database.
    private final byte[] prefix;
    private int missing;

    /** @param requireUnchanged throws if something of another commit than the reader's may have been seen */
    NamesWalk(
            NewestRows rows,
            OrderedNames names,
            Runnable requireUnchanged,
            Bytes key,
            RowKind kind,
            State.Direction direction) {
        this.rows = rows;
        this.names = names;
        this.requireUnchanged = requireUnchanged;
        this.key = key;
        this.kind = kind;
        this.direction = direction;
        this.prefix = kind.isIndex() ? new byte[0] : RowKeys.element(key, kind, Bytes.EMPTY);
    }

    /** As {@link State#walk}. */
    boolean walk(@Nullable Bytes from, State.Visitor visitor) {
        byte[] begin = from == null ? null : from.array();
        boolean inclusive = true;
        for (int size = NAMES_MIN; ; size = Math.min(2 * size, NAMES_MAX)) {
            byte[][] some = new byte[size][];
            int count = copy(begin, inclusive, some);
            for (int i = 0; i < count; i++) {
                Bytes name = Bytes.wrap(some[i]);
                Cell cell = kind.isIndex() ? Cell.EMPTY : cell(some[i]);
                if (cell == null) {
                    return rows.walkDatabase(key, kind, name, direction, visitor);
                }
                if (!visitor.visit(name, cell)) {
                    return false;
                }
            }
            if (count < size) {
                return true;
            }
            begin = some[count - 1];
            inclusive = false;
        }
    }

    private int copy(byte @Nullable [] begin, boolean inclusive, byte[][] into) {
        int count;
        try {
            count = names.copy(begin, inclusive, direction, into);
        } catch (RuntimeException failed) {
            requireUnchanged();
            throw failed;
        }
        requireUnchanged();
        return count;
    }

    private void requireUnchanged() {
        // The position must not be read before the names are.
        VarHandle.acquireFence();
        requireUnchanged.run();
    }

    /** Returns the cell of a row; null if the walk is to go on in the database. */
    private @Nullable Cell cell(byte[] name) {
        byte[] stored = Arrays.copyOf(prefix, prefix.length + name.length);
        System.arraycopy(name, 0, stored, prefix.length, name.length);
        Cell cell = rows.known(stored);
        if (cell == null && missing == MISSING_MAX) {
            return null;
        }
        if (cell == null) {
            missing++;
            cell = rows.read(stored, row -> found(stored, row));
        }
        if (cell.isEmpty()) {
            requireUnchanged();
            throw new AssertionError(
                    "rows: none with a name in memory (expected: the names of all rows, and no others)");
        }
        return cell;
    }

    /** A row that memory cannot hold would be read from the database each time. */
    private void found(byte[] stored, byte @Nullable [] row) {
        if (row != null && !RowTable.holds(stored.length, row.length)) {
            missing = MISSING_MAX;
            rows.drop(key, kind);
        }
    }
}
