package dev.hence.engine.log;

import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.disk.AppendFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An open segment: a file with a {@link SegmentHeader} and {@link Group}s one after another.
 *
 * <p>One thread appends; any thread reads.
 */
final class Segment implements AutoCloseable {

    private final Path path;
    private final SegmentHeader header;
    private final AppendFile file;
    private final BlockIndex index;
    private volatile long endSequence;

    // Published after the bytes and the index, and before the sequence: a reader reads nothing beyond it.
    private volatile long end;
    private long blockStart;

    /**
     * @param end the number of bytes of the header and whole groups
     * @param endSequence the sequence after the last update
     */
    Segment(Path path, SegmentHeader header, AppendFile file, BlockIndex index, long end, long endSequence) {
        this.path = path;
        this.header = header;
        this.file = file;
        this.index = index;
        this.end = end;
        this.endSequence = endSequence;
        this.blockStart = index.blocks() == 0 ? end : index.offset(index.blocks() - 1);
    }

    Path path() {
        return path;
    }

    long id() {
        return header.id();
    }

    /** The sequence of the first update. */
    long first() {
        return header.first();
    }

    /** The sequence after the last update. */
    long endSequence() {
        return endSequence;
    }

    /** The size in bytes. */
    long end() {
        return end;
    }

    BlockIndex index() {
        return index;
    }

    /** The size in bytes of the last block. */
    long blockBytes() {
        return end - blockStart;
    }

    void append(boolean beginsBlock, List<EncodedFrame> frames) throws IOException {
        long offset = end;
        long sequence = endSequence;
        byte[] group = Group.of(beginsBlock, sequence, frames);
        Group.seal(group, header.id(), offset);
        file.append(group, 0, group.length);
        if (beginsBlock) {
            index.begin(offset, sequence);
            blockStart = offset;
        }
        for (EncodedFrame frame : frames) {
            index.add(frame.header());
            sequence += frame.header().count();
        }
        end = offset + group.length;
        endSequence = sequence;
    }

    /** The offset after a block. */
    long blockEnd(int block) {
        long now = end;
        return block + 1 < index.blocks() ? Math.min(now, index.offset(block + 1)) : now;
    }

    /** Reads the bytes from an offset up to another one. */
    byte[] read(long from, long to) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(to - from)];
        file.read(from, bytes, 0, bytes.length);
        return bytes;
    }

    void force() throws IOException {
        file.force();
    }

    /** Releases what only appends and forces need. */
    void seal() throws IOException {
        file.seal();
    }

    byte[] indexBytes() {
        return index.bytes(header.id(), end, endSequence);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
