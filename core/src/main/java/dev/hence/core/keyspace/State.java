package dev.hence.core.keyspace;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Readable rows: the stored ones, a snapshot of them, or either with changes on top.
 *
 * <p>If a row cannot be read, the read throws. A replica may then have half applied an update, so its host discards the
 * replica and recovers from what is stored.
 */
public interface State {

    /** Returns the head of a key; {@link KeyHead#EMPTY} if nothing is known of it. */
    KeyHead head(Bytes key);

    /** Returns the cell of a row; {@link Cell#EMPTY} if there is none. Not for kinds that are an index. */
    Cell cell(Bytes key, RowKind kind, Bytes row);

    /**
     * Passes the rows of one key and kind to a visitor, in order, until there are no more or the visitor stops.
     *
     * @param from where to begin: this row if it exists, otherwise the next in that direction; null for the end at
     *     which the direction begins
     * @return whether the visitor saw all rows
     */
    boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor);

    /** The direction of a walk. */
    enum Direction {
        /** From smaller rows to larger ones. */
        UP,
        /** From larger rows to smaller ones. */
        DOWN
    }

    /** Receives rows. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param cell the row's content; {@link Cell#EMPTY} in an index
         * @return whether to continue
         */
        boolean visit(Bytes row, Cell cell);
    }
}
