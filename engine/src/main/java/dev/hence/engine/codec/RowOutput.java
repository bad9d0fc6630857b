package dev.hence.engine.codec;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Decimals;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/**
 * The writer of a row: mostly small numbers as varints (7 bits per byte, the lowest first), times as 8 bytes,
 * everything else preceded by its length.
 *
 * <p>Not thread-safe.
 */
final class RowOutput {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final int KEPT_BYTES_MAX = 256 << 10;

    private final ToIntFunction<ReplicaId> numbers;
    private byte[] row;
    private int length;

    /** @param bytes the approximate size of the row */
    RowOutput(int bytes, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        this(bytes, replica -> numbers.number(replica, listener));
    }

    /**
     * @param bytes the approximate size of the row
     * @param numbers the number of each replica
     */
    RowOutput(int bytes, ToIntFunction<ReplicaId> numbers) {
        this.numbers = numbers;
        this.row = new byte[bytes];
    }

    /**
     * Forgets what was written, so that what is written next needs no new memory unless it is large.
     *
     * @param expectedBytes the approximate size of what is written next
     */
    void clear(int expectedBytes) {
        length = 0;
        if (row.length > KEPT_BYTES_MAX) {
            row = new byte[expectedBytes];
        }
        reserve(expectedBytes);
    }

    /** The size of a number as {@link #varint} writes it. */
    static int varintBytes(long number) {
        return (Long.SIZE + 6 - Long.numberOfLeadingZeros(number | 1)) / 7;
    }

    void tag(int tag) {
        reserve(1);
        row[length++] = (byte) tag;
    }

    void varint(long number) {
        reserve(varintBytes(number));
        length = putVarint(row, length, number);
    }

    /** Writes a number into an array; returns the index after it. */
    static int putVarint(byte[] row, int from, long number) {
        int at = from;
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            row[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        row[at++] = (byte) rest;
        return at;
    }

    /** Writes a time into an array; returns the index after it. */
    static int putTime(byte[] row, int from, long number) {
        LONG.set(row, from, number);
        return from + Long.BYTES;
    }

    void time(long number) {
        reserve(Long.BYTES);
        LONG.set(row, length, number);
        length += Long.BYTES;
    }

    void number(int number) {
        reserve(Integer.BYTES);
        INT.set(row, length, number);
        length += Integer.BYTES;
    }

    void replica(ReplicaId replica) {
        varint(numbers.applyAsInt(replica));
    }

    /** Writes a replica itself: the length of its name as one byte, the name, the incarnation. */
    void name(ReplicaId replica) {
        String name = replica.name();
        tag(name.length());
        reserve(name.length());
        for (int i = 0; i < name.length(); i++) {
            row[length++] = (byte) name.charAt(i);
        }
        time(replica.incarnation());
    }

    void decimal(BigDecimal number) {
        bytes(Decimals.canonical(number));
    }

    /** Writes bytes preceded by their length. */
    void bytes(Bytes bytes) {
        varint(bytes.length());
        rest(bytes);
    }

    /** Writes bytes without their length, up to the end of the row. */
    void rest(Bytes bytes) {
        reserve(bytes.length());
        System.arraycopy(bytes.array(), 0, row, length, bytes.length());
        length += bytes.length();
    }

    /** Writes what another output holds. */
    void append(RowOutput other) {
        reserve(other.length);
        System.arraycopy(other.row, 0, row, length, other.length);
        length += other.length;
    }

    private void reserve(int more) {
        if (row.length - length < more) {
            row = Arrays.copyOf(row, Math.max(2 * row.length, length + more));
        }
    }

    /** The number of bytes written. */
    int length() {
        return length;
    }

    byte[] toByteArray() {
        return row.length == length ? row : Arrays.copyOf(row, length);
    }

    /** Returns a copy of what was written, so that the output can be used again. */
    byte[] copy() {
        return Arrays.copyOf(row, length);
    }
}
