package dev.hence.core.keyspace;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Rows to read: what is stored, a snapshot of it, or either with changes on top.
 *
 * <p>If a row cannot be read, an exception ends the reading caller; a replica may then have half applied an update, so
 * its host discards it and goes on from what is stored.
 */
public interface State {

    /** What is known of a key; {@link KeyHead#EMPTY} if nothing is. */
    KeyHead head(Bytes key);

    /** A row; {@link Cell#EMPTY} if there is none. Not for kinds that are an index. */
    Cell cell(Bytes key, RowKind kind, Bytes row);

    /**
     * Shows rows of one key and kind in their order, until there are no more or the visitor has enough.
     *
     * @param from where to begin: this row if it is there, otherwise the next in that direction; null for the
     *     end that the direction begins at
     * @return whether the visitor saw them all
     */
    boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor);

    /** Which way a walk goes. */
    enum Direction {
        /** From smaller rows to larger ones. */
        UP,
        /** From larger rows to smaller ones. */
        DOWN
    }

    /** Is shown rows. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param cell what the row holds; {@link Cell#EMPTY} in an index
         * @return whether to go on
         */
        boolean visit(Bytes row, Cell cell);
    }
}
