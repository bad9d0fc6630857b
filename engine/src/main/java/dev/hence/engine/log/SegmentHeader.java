package dev.hence.engine.log;

import dev.hence.engine.codec.Crc32c;
import dev.hence.engine.codec.MalformedRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a segment file: {@code HENCELOG}, the version (4 bytes), the id (8 bytes), the sequence of the first
 * update (8 bytes), and the CRC-32C of all that (4 bytes).
 *
 * @param id a random number that no other segment has
 * @param first the sequence of the segment's first update
 */
record SegmentHeader(long id, long first) {

    static final int BYTES = 32;
    private static final int CHECKED_BYTES = BYTES - Integer.BYTES;
    private static final int VERSION = 1;
    private static final byte[] MAGIC = "HENCELOG".getBytes(StandardCharsets.US_ASCII);

    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .put(MAGIC)
                .putInt(VERSION)
                .putLong(id)
                .putLong(first);
        return bytes.putInt(Crc32c.of(bytes.array(), 0, CHECKED_BYTES)).array();
    }

    /** Returns the header in bytes; null if they are none. */
    static @Nullable SegmentHeader of(byte[] bytes) {
        ByteBuffer read = ByteBuffer.wrap(bytes);
        byte[] magic = new byte[MAGIC.length];
        if (bytes.length < BYTES) {
            return null;
        }
        read.get(magic);
        int version = read.getInt();
        SegmentHeader header = new SegmentHeader(read.getLong(), read.getLong());
        boolean whole = Arrays.equals(magic, MAGIC) && read.getInt() == Crc32c.of(bytes, 0, CHECKED_BYTES);
        if (whole && version != VERSION) {
            throw new MalformedRecordException("segment: version " + version + " (expected: " + VERSION
                    + "; it may have been written by a later version of Hence)");
        }
        return whole ? header : null;
    }
}
