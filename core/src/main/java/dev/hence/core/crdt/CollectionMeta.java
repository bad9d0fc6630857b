package dev.hence.core.crdt;

import org.jspecify.annotations.Nullable;

/**
 * The metadata of a hash, set, sorted set or list: what is known without reading its elements.
 *
 * <p>{@code latestWrites} holds the newest writes to the collection, as a register whose value is never read. An update
 * that has seen all of them has seen every element, so a removal by it empties the collection without reading an
 * element. The newest of them decides which type is visible when a key holds several.
 *
 * <p>The other components are derived from the elements on this node and are correct at all times.
 *
 * @param type not a string
 * @param latestWrites the writes, other than removals of single elements, that no later write and no removal of the key
 *     had seen
 * @param count the number of elements
 * @param counted the number of elements with increments on top
 * @param first the first row of a list or of a sorted set's order; null for other types and if there is no such row
 * @param last the last such row
 */
public record CollectionMeta(
        DataType type,
        MvRegister latestWrites,
        long count,
        long counted,
        @Nullable Bytes first,
        @Nullable Bytes last) {

    /** An absent collection. */
    public static CollectionMeta none(DataType type) {
        return new CollectionMeta(type, MvRegister.EMPTY, 0, 0, null, null);
    }

    /** Returns this collection with other latest writes. */
    public CollectionMeta withLatestWrites(MvRegister register) {
        return new CollectionMeta(type, register, count, counted, first, last);
    }

    /** Returns this collection with other counts. */
    public CollectionMeta withCounts(long elements, long withIncrements) {
        return new CollectionMeta(type, latestWrites, elements, withIncrements, first, last);
    }

    /** Returns this collection with other first and last rows. */
    public CollectionMeta withBounds(@Nullable Bytes firstRow, @Nullable Bytes lastRow) {
        return new CollectionMeta(type, latestWrites, count, counted, firstRow, lastRow);
    }
}
