package dev.hence.core.datatype;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a hash, set, sorted set or list without looking at its elements.
 *
 * <p>{@code touched} has the newest writes to the collection, as a register that is never read for its value.
 * An update that has seen all of them has seen every element, so its removal empties the collection without a
 * look at one; and the newest of them decides which type shows when a key holds several.
 *
 * <p>The other components follow from the elements that this node has, and hold at all times.
 *
 * @param type not a string
 * @param touched the writes, other than removals of single elements, that no later one and no removal of the
 *     key had seen
 * @param count the number of elements
 * @param counted the number of elements with increments on top
 * @param first the first row of a list or of a sorted set's order; null for other types and where there are none
 * @param last the last such row
 */
public record Collection(
        DataType type,
        Register touched,
        long count,
        long counted,
        @Nullable Bytes first,
        @Nullable Bytes last) {

    /** A collection that is not there. */
    public static Collection none(DataType type) {
        return new Collection(type, Register.EMPTY, 0, 0, null, null);
    }

    /** This collection, touched otherwise. */
    public Collection touched(Register register) {
        return new Collection(type, register, count, counted, first, last);
    }

    /** This collection with other counts. */
    public Collection counting(long elements, long withIncrements) {
        return new Collection(type, touched, elements, withIncrements, first, last);
    }

    /** This collection between other ends. */
    public Collection between(@Nullable Bytes firstRow, @Nullable Bytes lastRow) {
        return new Collection(type, touched, count, counted, firstRow, lastRow);
    }
}
