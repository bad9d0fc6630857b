package dev.hence.engine.log;

import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Consecutive groups of a segment, of which the first has whole contexts: the unit that is read and decoded without any
 * other.
 *
 * @param number its number in the segment, from 0
 * @param offset where it begins
 * @param end where it ends, or ended when this was made
 * @param first the sequence of its first update
 */
public record Block(Segment segment, int number, long offset, long end, long first) {

    /** Receives frames. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param sequence the sequence of the frame's first update
         * @param bytes an array in which the frame is
         * @return the number of updates in the frame; 0 to end the visit
         */
        int visit(long sequence, byte[] bytes, int from, int to) throws IOException;
    }

    /** The size in bytes. */
    public long bytes() {
        return end - offset;
    }

    /** Reads the groups. */
    public byte[] read() throws IOException {
        return segment.read(offset, end);
    }

    /**
     * Visits the frames in their order.
     *
     * @param bytes what {@link #read} returned
     * @return whether the visitor has visited all
     * @throws IOException if a group is damaged
     */
    public boolean forEach(byte[] bytes, Visitor visitor) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            int next = groupEnd(bytes, at);
            long sequence = (long) Group.LONG.get(bytes, at + Group.PREFIX_BYTES + 1);
            int frame = at + Group.PREFIX_BYTES + Group.HEAD_BYTES;
            while (frame < next) {
                int from = frame + Group.FRAME_PREFIX_BYTES;
                int length = from <= next ? (int) Group.INT.get(bytes, frame) : -1;
                if (length < 1 || length > next - from) {
                    throw damaged(at, "a frame of " + length + " bytes (expected: within its group)");
                }
                int count = visitor.visit(sequence, bytes, from, from + length);
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

    private int groupEnd(byte[] bytes, int at) throws IOException {
        int left = bytes.length - at - Group.PREFIX_BYTES;
        int length = left < Group.BODY_BYTES_MIN ? -1 : (int) Group.INT.get(bytes, at);
        if (length < Group.BODY_BYTES_MIN || length > left) {
            throw damaged(at, "a group of " + length + " bytes (expected: at most " + left + ")");
        }
        CRC32C crc = Group.begun(segment.id(), offset + at, length);
        crc.update(bytes, at + Group.PREFIX_BYTES, length);
        if ((int) crc.getValue() != (int) Group.INT.get(bytes, at + 4)) {
            throw damaged(at, "wrong checksum (expected: that of its content; the file is damaged)");
        }
        return at + Group.PREFIX_BYTES + length;
    }

    private IOException damaged(int at, String what) {
        return new IOException(segment.path() + ": group at byte " + (offset + at) + ": " + what);
    }

    @Override
    public String toString() {
        return segment.path() + " at byte " + offset;
    }
}
