package dev.hence.core.crdt;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a hash, set, sorted set or list without looking at its elements.
 *
 * <p>{@code latestWrites} has the newest writes to the collection, as a register that is never read for its value.
 * An update that has seen all of them has seen every element, so its removal empties the collection without a
 * look at one; and the newest of them decides which type shows when a key holds several.
 *
 * <p>The other components follow from the elements that this node has, and hold at all times.
 *
 * @param type not a string
 * @param latestWrites the writes, other than removals of single elements, that no later one and no removal of the
 *     key had seen
 * @param count the number of elements
 * @param counted the number of elements with increments on top
 * @param first the first row of a list or of a sorted set's order; null for other types and where there are none
 * @param last the last such row
 */
public record CollectionMeta(
        DataType type,
        MvRegister latestWrites,
        long count,
        long counted,
        @Nullable Bytes first,
        @Nullable Bytes last) {

    /** A collection that is not there. */
    public static CollectionMeta none(DataType type) {
        return new CollectionMeta(type, MvRegister.EMPTY, 0, 0, null, null);
    }

    /** This collection with other latest writes. */
    public CollectionMeta withLatestWrites(MvRegister register) {
        return new CollectionMeta(type, register, count, counted, first, last);
    }

    /** This collection with other counts. */
    public CollectionMeta withCounts(long elements, long withIncrements) {
        return new CollectionMeta(type, latestWrites, elements, withIncrements, first, last);
    }

    /** This collection between other ends. */
    public CollectionMeta withBounds(@Nullable Bytes firstRow, @Nullable Bytes lastRow) {
        return new CollectionMeta(type, latestWrites, count, counted, firstRow, lastRow);
    }
}
