package dev.hence.engine.log;

import dev.hence.engine.codec.FrameDecoder;
import dev.hence.engine.codec.FrameHeader;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.RealDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a segment file holds, found by reading all of it: whole groups from the beginning on, and what is behind them.
 *
 * @param header null if the file does not begin with one
 * @param index the blocks of the whole groups
 * @param end the offset after the last whole group; 0 without a header
 * @param endSequence the sequence after the last update of the whole groups
 * @param size the size of the file
 * @param later the offset of a whole group behind the first place that is none; -1 if there is no such group
 * @param endsWithin whether the file ends in the middle of a group whose beginning is plausible: the result of a crash
 *     of the process but not of the machine
 * @param indexed whether this is from the index file of a full segment, which was forced before that was written
 */
record SegmentScan(
        Path path,
        @Nullable SegmentHeader header,
        BlockIndex index,
        long end,
        long endSequence,
        long size,
        long later,
        boolean endsWithin,
        boolean indexed) {

    boolean isWhole() {
        return header != null && end == size;
    }

    static SegmentScan of(Path path) throws IOException {
        return of(path, new RealDisk());
    }

    static SegmentScan of(Path path, Disk disk) throws IOException {
        try {
            SegmentHeader header = SegmentHeader.of(disk.read(path, SegmentHeader.BYTES));
            long size = disk.size(path);
            return header == null
                    ? new SegmentScan(path, null, new BlockIndex(), 0, 0, size, -1, size < SegmentHeader.BYTES, false)
                    : new Reader(path, disk.map(path), header).scan();
        } catch (MalformedRecordException later) {
            throw new LogDamageException(path, 0, String.valueOf(later.getMessage()), later);
        }
    }

    /** Reads one file. */
    private static final class Reader {
        private final Path path;
        private final ByteBuffer bytes;
        private final SegmentHeader header;
        private final FrameDecoder decoder = new FrameDecoder();
        private final BlockIndex index = new BlockIndex();
        private long sequence;

        Reader(Path path, ByteBuffer bytes, SegmentHeader header) {
            this.path = path;
            this.bytes = bytes;
            this.header = header;
            this.sequence = header.first();
        }

        SegmentScan scan() throws LogDamageException {
            int size = bytes.capacity();
            int at = SegmentHeader.BYTES;
            while (at < size && isGroup(at) && follows(at)) {
                tryTake(at);
                at += Group.PREFIX_BYTES + bytes.getInt(at);
            }
            return new SegmentScan(path, header, index, at, sequence, size, later(at), endsWithin(at), false);
        }

        private boolean isGroup(int at) {
            int left = bytes.capacity() - at - Group.PREFIX_BYTES;
            if (left < Group.BODY_BYTES_MIN) {
                return false;
            }
            int length = bytes.getInt(at);
            if (length < Group.BODY_BYTES_MIN || length > left) {
                return false;
            }
            CRC32C crc = Group.begun(header.id(), at, length);
            crc.update(bytes.slice(at + Group.PREFIX_BYTES, length));
            return (int) crc.getValue() == bytes.getInt(at + 4);
        }

        /** The first group of a segment begins a block, and each continues the sequence. */
        private boolean follows(int at) {
            boolean begins = Group.beginsBlock(bytes.get(at + Group.PREFIX_BYTES));
            return bytes.getLong(at + Group.PREFIX_BYTES + 1) == sequence && (begins || index.blocks() > 0);
        }

        private void tryTake(int at) throws LogDamageException {
            try {
                take(at);
            } catch (MalformedRecordException later) {
                throw new LogDamageException(path, at, String.valueOf(later.getMessage()), later);
            }
        }

        private void take(int at) {
            if (Group.beginsBlock(bytes.get(at + Group.PREFIX_BYTES))) {
                index.begin(at, sequence);
            }
            int end = at + Group.PREFIX_BYTES + bytes.getInt(at);
            int frame = at + Group.PREFIX_BYTES + Group.HEAD_BYTES;
            while (frame < end) {
                int left = end - frame - Group.FRAME_PREFIX_BYTES;
                int length = left < 1 ? -1 : bytes.getInt(frame);
                if (length < 1 || length > left) {
                    throw new MalformedRecordException("a frame of " + length + " bytes (expected: within its group)");
                }
                byte[] content = new byte[length];
                bytes.get(frame + Group.FRAME_PREFIX_BYTES, content);
                FrameHeader found = decoder.header(content, 0, length);
                index.add(found);
                sequence += found.count();
                frame += Group.FRAME_PREFIX_BYTES + length;
            }
        }

        /** The bytes behind a bad place are searched for a group at each offset, because its length is unknown. */
        private long later(int bad) {
            for (int at = bad + 1; at < bytes.capacity() - Group.PREFIX_BYTES - Group.HEAD_BYTES; at++) {
                if (mayFollow(at, bad) && isGroup(at)) {
                    return at;
                }
            }
            return -1;
        }

        /**
         * Whether the flags and the sequence are possible for a group behind a bad place. It is checked first, because
         * many places in random bytes look like the length of a long group, whose checksum takes time.
         */
        private boolean mayFollow(int at, int bad) {
            long updates = bytes.getLong(at + Group.PREFIX_BYTES + 1) - sequence;
            return updates > 0 && updates < at - bad && Group.isFlags(bytes.get(at + Group.PREFIX_BYTES));
        }

        private boolean endsWithin(int at) {
            int left = bytes.capacity() - at;
            if (left < Group.PREFIX_BYTES) {
                return true;
            }
            int length = bytes.getInt(at);
            return length >= Group.BODY_BYTES_MIN && length > left - Group.PREFIX_BYTES;
        }
    }
}
