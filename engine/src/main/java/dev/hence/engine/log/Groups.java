package dev.hence.engine.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Consecutive groups of a segment, as bytes in memory. */
final class Groups {

    private final Path file;
    private final long segmentId;
    private final long offset;
    private final byte[] bytes;

    /** Receives frames. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param group where the frame's group begins in the bytes
         * @param sequence the sequence of the frame's first update
         * @return the number of updates in the frame; 0 to end the visit
         */
        int visit(int group, long sequence, int from, int to) throws IOException;
    }

    /** @param offset where the bytes begin in the file */
    Groups(Path file, long segmentId, long offset, byte[] bytes) {
        this.file = file;
        this.segmentId = segmentId;
        this.offset = offset;
        this.bytes = bytes;
    }

    /**
     * Visits the frames in their order.
     *
     * @return whether the visitor has visited all
     * @throws LogDamageException if a group is damaged
     */
    boolean forEach(Visitor visitor) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            int next = groupEnd(at);
            long sequence = (long) Group.LONG.get(bytes, at + Group.PREFIX_BYTES + 1);
            int frame = at + Group.PREFIX_BYTES + Group.HEAD_BYTES;
            while (frame < next) {
                int from = frame + Group.FRAME_PREFIX_BYTES;
                int length = from <= next ? (int) Group.INT.get(bytes, frame) : -1;
                if (length < 1 || length > next - from) {
                    throw damaged(at, "a frame of " + length + " bytes (expected: within its group)");
                }
                int count = visitor.visit(at, sequence, from, from + length);
                if (count == 0) {
                    return false;
                }
                sequence += count;
                frame = from + length;
            }
            at = next;
        }
        return true;
    }

    private int groupEnd(int at) throws LogDamageException {
        int left = bytes.length - at - Group.PREFIX_BYTES;
        int length = left < Group.BODY_BYTES_MIN ? -1 : (int) Group.INT.get(bytes, at);
        if (length < Group.BODY_BYTES_MIN || length > left) {
            throw damaged(at, "a group of " + length + " bytes (expected: at most " + left + ")");
        }
        CRC32C crc = Group.begun(segmentId, offset + at, length);
        crc.update(bytes, at + Group.PREFIX_BYTES, length);
        if ((int) crc.getValue() != crc(at)) {
            throw damaged(at, "wrong checksum (expected: that of its content; the file is damaged)");
        }
        return at + Group.PREFIX_BYTES + length;
    }

    /** The stored checksum of a group. */
    int crc(int group) {
        return (int) Group.INT.get(bytes, group + 4);
    }

    private LogDamageException damaged(int at, String what) {
        return new LogDamageException(file, offset + at, what);
    }
}
