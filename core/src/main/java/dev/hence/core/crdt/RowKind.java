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
    /** A sorted set's member at its place: rows without content, ordered by score, then member. */
    RANK,
    /** An element of a list. */
    ITEM,
    /** Says that an element has increments on top: rows without content, ordered by type, then element. */
    COUNTED;

    /** Whether its rows only point to others and hold an empty cell. */
    public boolean isIndex() {
        return this == RANK || this == COUNTED;
    }
}
