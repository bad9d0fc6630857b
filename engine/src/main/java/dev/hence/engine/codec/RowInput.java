package dev.hence.engine.codec;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The reader of rows written by {@link RowOutput}. For any input bytes a read returns a value or throws {@link
 * MalformedRecordException}, and allocates no more memory than there are bytes.
 *
 * <p>Not thread-safe.
 */
final class RowInput {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] row;
    private final ReplicaNumbers numbers;
    private int at;

    RowInput(byte[] row, ReplicaNumbers numbers) {
        this.row = row;
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
        return numbers.replica(number == (int) number ? (int) number : -1);
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
        if (count < 0 || count > row.length - at) {
            throw new MalformedRecordException(
                    "row: " + count + " entries (expected: at most the " + (row.length - at) + " bytes left)");
        }
        return (int) count;
    }

    /** Reads bytes that are preceded by their length. */
    Bytes bytes() {
        int length = count();
        at += length;
        return length == 0 ? Bytes.EMPTY : Bytes.wrap(Arrays.copyOfRange(row, at - length, at));
    }

    /** Reads all remaining bytes. */
    Bytes rest() {
        int from = at;
        at = row.length;
        return from == at ? Bytes.EMPTY : Bytes.wrap(Arrays.copyOfRange(row, from, at));
    }

    /** @throws MalformedRecordException if bytes remain */
    void end() {
        if (at != row.length) {
            throw new MalformedRecordException("row: " + (row.length - at) + " bytes too many (expected: none)");
        }
    }

    private void require(int bytes) {
        if (row.length - at < bytes) {
            throw new MalformedRecordException(
                    "row: ends after " + row.length + " bytes (expected: at least " + (at + bytes) + ")");
        }
    }
}
