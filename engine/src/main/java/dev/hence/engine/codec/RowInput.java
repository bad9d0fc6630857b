package dev.hence.engine.codec;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The reader of rows written by {@link RowOutput}. For any input bytes a read returns a value or throws {@link
 * MalformedRecordException}, and allocates no more memory than there are bytes.
 *
 * <p>Not thread-safe.
 */
final class RowInput {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] row;
    private final int end;
    private final IntFunction<ReplicaId> numbers;
    private int at;

    /**
     * Reads a part of an array.
     *
     * @param numbers the replica of each number; throws for a number that has none
     */
    RowInput(byte[] row, int from, int end, IntFunction<ReplicaId> numbers) {
        this.row = row;
        this.at = from;
        this.end = end;
        this.numbers = numbers;
    }

    int tag() {
        require(1);
        return row[at++];
    }

    long varint() {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            require(1);
            byte next = row[at++];
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new MalformedRecordException("row: an unterminated number (expected: at most 10 bytes)");
    }

    long time() {
        require(Long.BYTES);
        long number = (long) LONG.get(row, at);
        at += Long.BYTES;
        return number;
    }

    ReplicaId replica() {
        long number = varint();
        return numbers.apply(number == (int) number ? (int) number : -1);
    }

    Dot dot() {
        ReplicaId replica = replica();
        long counter = varint();
        if (counter < 1) {
            throw new MalformedRecordException("row: counter " + counter + " (expected: at least 1)");
        }
        return new Dot(replica, counter);
    }

    BigDecimal decimal() {
        return DecimalCodec.decode(bytes());
    }

    /** Reads the number of entries that follow, each of at least one byte. */
    int count() {
        long count = varint();
        if (count < 0 || count > end - at) {
            throw new MalformedRecordException(
                    "row: " + count + " entries (expected: at most the " + (end - at) + " bytes left)");
        }
        return (int) count;
    }

    /** Reads bytes that are preceded by their length. */
    Bytes bytes() {
        int length = count();
        at += length;
        return length == 0 ? Bytes.EMPTY : Bytes.wrap(Arrays.copyOfRange(row, at - length, at));
    }

    int number() {
        require(Integer.BYTES);
        int number = (int) INT.get(row, at);
        at += Integer.BYTES;
        return number;
    }

    /** The number of bytes that were not read yet. */
    int left() {
        return end - at;
    }

    /** Reads bytes that are preceded by their length as one byte. */
    Bytes shortBytes() {
        int length = tag() & 0xFF;
        require(length);
        at += length;
        return Bytes.wrap(Arrays.copyOfRange(row, at - length, at));
    }

    /** Reads all remaining bytes. */
    Bytes rest() {
        int from = at;
        at = end;
        return from == at ? Bytes.EMPTY : Bytes.wrap(Arrays.copyOfRange(row, from, at));
    }

    /** @throws MalformedRecordException if bytes remain */
    void end() {
        if (at != end) {
            throw new MalformedRecordException("row: " + (end - at) + " bytes too many (expected: none)");
        }
    }

    private void require(int bytes) {
        if (end - at < bytes) {
            throw new MalformedRecordException(
                    "row: ends after " + end + " bytes (expected: at least " + (at + bytes) + ")");
        }
    }
}
