package dev.hence.core.crdt;

/**
 * The kinds of rows that a key has in addition to its head. Rows of one key and kind are ordered by their names as
 * unsigned bytes, and {@link Element} makes the names.
 */
public enum RowKind {
    /** A field of a hash. */
    FIELD,
    /** A member of a set. */
    MEMBER,
    /** The score of a sorted set's member. */
    SCORE,
    /** A sorted set's member at its rank: rows without content, ordered by score, then member. */
    RANK,
    /** An element of a list. */
    ITEM,
    /** A mark that an element has increments on top: rows without content, ordered by type, then element. */
    COUNTED;

    /** Whether its rows only refer to other rows and hold an empty cell. */
    public boolean isIndex() {
        return this == RANK || this == COUNTED;
    }
}
