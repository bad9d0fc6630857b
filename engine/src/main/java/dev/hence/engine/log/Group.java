package dev.hence.engine.log;

import dev.hence.engine.codec.EncodedFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of a group: the frames of one commit, which are in the log all or not at all.
 *
 * <pre>
 * length  4 bytes   of everything after the checksum
 * crc     4 bytes   CRC-32C of the segment's id, the group's offset in the segment, the length, and what follows
 * flags   1 byte    1: begins a block, so its frames have whole contexts
 * first   8 bytes   the sequence of its first update in the log
 * frames            each the length as 4 bytes, and the frame
 * </pre>
 *
 * <p>Integers are big-endian. Because the checksum covers the segment's id and the offset, bytes that an earlier file
 * left on the disk, or that were moved, are never taken for a group.
 */
final class Group {

    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Length and checksum. */
    static final int PREFIX_BYTES = 8;

    /** Flags and sequence. */
    static final int HEAD_BYTES = 9;

    static final int FRAME_PREFIX_BYTES = 4;

    /** A group with one frame of the smallest size. */
    static final int BODY_BYTES_MIN = HEAD_BYTES + FRAME_PREFIX_BYTES + 1;

    private static final int BEGINS_BLOCK = 1;

    private Group() {}

    /** Returns the group, without its checksum: that depends on where it is written. */
    static byte[] of(boolean beginsBlock, long sequence, List<EncodedFrame> frames) {
        long length = PREFIX_BYTES + HEAD_BYTES;
        for (EncodedFrame frame : frames) {
            length += FRAME_PREFIX_BYTES + frame.bytes().length();
        }
        byte[] group = new byte[Math.toIntExact(length)];
        INT.set(group, 0, group.length - PREFIX_BYTES);
        group[PREFIX_BYTES] = (byte) (beginsBlock ? BEGINS_BLOCK : 0);
        LONG.set(group, PREFIX_BYTES + 1, sequence);
        int at = PREFIX_BYTES + HEAD_BYTES;
        for (EncodedFrame frame : frames) {
            byte[] bytes = frame.bytes().array();
            INT.set(group, at, bytes.length);
            System.arraycopy(bytes, 0, group, at + FRAME_PREFIX_BYTES, bytes.length);
            at += FRAME_PREFIX_BYTES + bytes.length;
        }
        return group;
    }

    static void seal(byte[] group, long segmentId, long offset) {
        CRC32C crc = begun(segmentId, offset, group.length - PREFIX_BYTES);
        crc.update(group, PREFIX_BYTES, group.length - PREFIX_BYTES);
        INT.set(group, 4, (int) crc.getValue());
    }

    /** The checksum before the body. */
    static CRC32C begun(long segmentId, long offset, int length) {
        byte[] place = new byte[2 * Long.BYTES + Integer.BYTES];
        LONG.set(place, 0, segmentId);
        LONG.set(place, Long.BYTES, offset);
        INT.set(place, 2 * Long.BYTES, length);
        CRC32C crc = new CRC32C();
        crc.update(place, 0, place.length);
        return crc;
    }

    static boolean isFlags(byte flags) {
        return (flags & ~BEGINS_BLOCK) == 0;
    }

    static boolean beginsBlock(byte flags) {
        return (flags & BEGINS_BLOCK) != 0;
    }
}
