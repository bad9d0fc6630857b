package dev.hence.core.crdt;

import java.nio.ByteBuffer;

/**
 * A compact encoding of 64-bit numbers whose order as unsigned bytes is the numeric order. No encoding is a prefix of
 * another, so encodings can be concatenated.
 *
 * <p>The first byte determines what follows. Its middle values are the small numbers themselves; values above them give
 * the byte count of a larger number, values below them that of a smaller one. The bytes of the number follow, most
 * significant first.
 */
final class SortableNumber {

    /** The maximum length of an encoded number, in bytes. */
    static final int LENGTH_MAX = 1 + Long.BYTES;

    private static final int ZERO = 0x80;
    private static final int SMALL_MAX = 0x77;

    private SortableNumber() {}

    static void put(ByteBuffer buffer, long number) {
        if (number >= -SMALL_MAX && number <= SMALL_MAX) {
            buffer.put((byte) (ZERO + number));
            return;
        }
        // The bytes that differ from the sign: their count grows with the number's distance from zero.
        int length = Long.BYTES - Long.numberOfLeadingZeros(number < 0 ? ~number : number) / Byte.SIZE;
        buffer.put((byte) (ZERO + (number < 0 ? -SMALL_MAX - length : SMALL_MAX + length)));
        for (int at = length - 1; at >= 0; at--) {
            buffer.put((byte) (number >> (at * Byte.SIZE)));
        }
    }

    /** @throws IllegalArgumentException if the number is not encoded as by {@link #put} */
    static long get(ByteBuffer buffer) {
        int start = buffer.position();
        int first = Byte.toUnsignedInt(buffer.get()) - ZERO;
        int length = Math.abs(first) - SMALL_MAX;
        if (length <= 0) {
            return first;
        }
        if (length > Long.BYTES) {
            throw new IllegalArgumentException("number: of " + length + " bytes (expected: at most 8)");
        }
        long number = first < 0 ? -1 : 0;
        for (int at = 0; at < length; at++) {
            number = (number << Byte.SIZE) | Byte.toUnsignedLong(buffer.get());
        }
        requireShortest(number, buffer.position() - start);
        return number;
    }

    // Otherwise one number would have several encodings.
    private static void requireShortest(long number, int length) {
        ByteBuffer shortest = ByteBuffer.allocate(LENGTH_MAX);
        put(shortest, number);
        if (shortest.position() != length) {
            throw new IllegalArgumentException(
                    "number " + number + ": " + length + " bytes (expected: " + shortest.position() + ")");
        }
    }
}
