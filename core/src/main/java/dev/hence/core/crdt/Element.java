package dev.hence.core.crdt;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The names of rows. Fields and members are ordered by a hash of their names, so a walk from any point meets them in a
 * shuffled order: this is why a random pick, and a scan with a numeric cursor, take constant time. List elements are
 * ordered by their positions, ranks by their scores.
 */
public final class Element {

    /** The number of different hashes of fields and members. */
    public static final long HASHES = 1L << Integer.SIZE;

    private Element() {}

    /** The kind of the rows that hold a type's elements. */
    public static RowKind kind(DataType type) {
        return switch (type) {
            case HASH -> RowKind.FIELD;
            case SET -> RowKind.MEMBER;
            case SORTED_SET -> RowKind.SCORE;
            case LIST -> RowKind.ITEM;
            case STRING -> throw new IllegalArgumentException("type: string (expected: one that has elements)");
        };
    }

    /** The row of an element: field, member, or position. */
    public static Bytes row(DataType type, Bytes element) {
        return type == DataType.LIST ? element : hashed(element);
    }

    /** The element of a row. */
    public static Bytes of(DataType type, Bytes row) {
        return type == DataType.LIST ? row : tail(row, Integer.BYTES);
    }

    private static Bytes hashed(Bytes element) {
        byte[] bytes = element.array();
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(hash(element))
                .put(bytes)
                .array());
    }

    // The finalizer of MurmurHash3 (Austin Appleby, public domain) over the platform's hash of an array, which is
    // specified and therefore the same everywhere; on its own it would place similar names side by side.
    private static int hash(Bytes element) {
        int hash = Arrays.hashCode(element.array());
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }

    /** Returns where the rows of fields or members with at least a given hash begin. */
    public static Bytes fromHash(long hash) {
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt((int) hash).array());
    }

    /** The hash of a field's or member's row, from 0 to {@link #HASHES} - 1. */
    public static long hashOf(Bytes row) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(row.array()).getInt());
    }

    /** The rank row of a member. */
    public static Bytes rank(double score, Bytes member) {
        byte[] bytes = member.array();
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + bytes.length)
                .putLong(sortable(score))
                .put(bytes)
                .array());
    }

    /** Returns where the rank rows of a score begin. */
    public static Bytes fromScore(double score) {
        return rank(score, Bytes.EMPTY);
    }

    /** The score in a rank row. */
    public static double scoreOf(Bytes rank) {
        long sortable = ByteBuffer.wrap(rank.array()).getLong();
        return Double.longBitsToDouble(sortable < 0 ? sortable ^ Long.MIN_VALUE : ~sortable);
    }

    /** The member in a rank row. */
    public static Bytes memberOf(Bytes rank) {
        return tail(rank, Long.BYTES);
    }

    // With the sign bit flipped, the bits of doubles are ordered as unsigned numbers; negative doubles are in reverse
    // order, so all their bits are flipped. Both zeros map to one.
    private static long sortable(double score) {
        long bits = Double.doubleToLongBits(score + 0.0);
        return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
    }

    /** The row that marks an element with increments on top. */
    public static Bytes counted(DataType type, Bytes element) {
        byte[] bytes = element.array();
        return Bytes.wrap(ByteBuffer.allocate(1 + bytes.length)
                .put(countedTag(type))
                .put(bytes)
                .array());
    }

    /** The element of such a row. */
    public static Bytes countedOf(Bytes row) {
        return tail(row, 1);
    }

    /** The tag with which these rows of a type begin. */
    public static byte countedTag(DataType type) {
        return switch (type) {
            case HASH -> 1;
            case SORTED_SET -> 2;
            case STRING, SET, LIST ->
                throw new IllegalArgumentException("type: " + type + " (expected: one whose elements are counted)");
        };
    }

    private static Bytes tail(Bytes row, int from) {
        return Bytes.wrap(Arrays.copyOfRange(row.array(), from, row.length()));
    }
}
