package dev.hence.engine.log;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.update.Frame;
import dev.hence.engine.codec.FrameDecoder;
import dev.hence.engine.codec.MalformedRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A log for tools: takes no lock and changes nothing, so it also reads the log of a running node. It shows the log as it
 * was when this was made: up to the first place that is not a whole group, at which a running node may be writing.
 */
public final class LogReader {

    private final CheckedLog log;
    private final List<SegmentScan> readable = new ArrayList<>();

    /** Receives frames. */
    @FunctionalInterface
    public interface Visitor {
        /** Returns whether to continue. */
        boolean visit(LoggedFrame frame) throws IOException;
    }

    private LogReader(CheckedLog log) {
        this.log = log;
        for (SegmentScan segment : log.segments()) {
            if (segment.header() != null) {
                readable.add(segment);
            }
            if (!segment.isWhole()) {
                break;
            }
        }
    }

    /**
     * @param trustIndexes whether a segment with an index file is taken to be whole
     * @throws LogDamageException if a segment is missing, or of a later version
     */
    public static LogReader of(Path directory, boolean trustIndexes) throws IOException {
        return new LogReader(CheckedLog.of(directory, trustIndexes));
    }

    /** The condition of the log. */
    public LogCheck check() {
        return log.check();
    }

    /** All segments, also those that are not visited. */
    public List<SegmentFile> segments() {
        return log.segments().stream().map(SegmentFile::of).toList();
    }

    List<SegmentScan> scans() {
        return log.segments();
    }

    /** The replicas whose updates the log holds. */
    public Set<ReplicaId> origins() {
        Set<ReplicaId> origins = new TreeSet<>();
        readable.forEach(segment -> origins.addAll(segment.index().origins()));
        return origins;
    }

    /** What was deleted from the front of the log. */
    public LogBeginning beginning() {
        return log.beginning();
    }

    /** The sequence of the first update. */
    public long firstSequence() {
        return log.beginning().sequence();
    }

    /** The sequence after the last update that is visited. */
    public long endSequence() {
        return readable.isEmpty() ? firstSequence() : readable.getLast().endSequence();
    }

    /**
     * Visits the frames in their order.
     *
     * @param from the first visited frame is the one that holds this sequence, or begins after it
     * @throws LogDamageException if a group is damaged, or cannot be decoded
     */
    public void forEach(long from, Visitor visitor) throws IOException {
        for (SegmentScan segment : readable) {
            if (segment.endSequence() > from && !forEach(segment, from, visitor)) {
                return;
            }
        }
    }

    private static boolean forEach(SegmentScan segment, long from, Visitor visitor) throws IOException {
        BlockIndex index = segment.index();
        try (FileChannel file = FileChannel.open(segment.path(), StandardOpenOption.READ)) {
            for (int block = Math.max(0, index.ofSequence(from)); block < index.blocks(); block++) {
                long end = block + 1 < index.blocks() ? index.offset(block + 1) : segment.end();
                byte[] bytes = read(segment.path(), file, index.offset(block), end);
                if (!forEach(segment, index.offset(block), bytes, from, visitor)) {
                    return false;
                }
            }
        } catch (NoSuchFileException deleted) {
            throw new IOException(
                    segment.path() + ": deleted meanwhile by the node that runs (expected: no change; try again)",
                    deleted);
        }
        return true;
    }

    private static byte[] read(Path path, FileChannel file, long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new LogDamageException(path, from, "the file ends within a block (expected: at byte " + to + ")");
            }
        }
        return bytes.array();
    }

    /** Decodes one block. */
    private static boolean forEach(SegmentScan segment, long offset, byte[] bytes, long from, Visitor visitor)
            throws IOException {
        FrameDecoder decoder = new FrameDecoder();
        Groups groups = new Groups(
                segment.path(), Objects.requireNonNull(segment.header()).id(), offset, bytes);
        return groups.forEach((group, sequence, begin, end) -> {
            Frame updates = decode(decoder, segment.path(), offset + group, bytes, begin, end);
            if (sequence + updates.size() <= from) {
                return updates.size();
            }
            LoggedFrame frame = new LoggedFrame(
                    segment.path(), offset + group, groups.crc(group), sequence, end - begin, updates.updates());
            return visitor.visit(frame) ? updates.size() : 0;
        });
    }

    private static Frame decode(FrameDecoder decoder, Path file, long group, byte[] bytes, int begin, int end)
            throws LogDamageException {
        try {
            return decoder.decode(bytes, begin, end);
        } catch (MalformedRecordException malformed) {
            throw new LogDamageException(file, group, String.valueOf(malformed.getMessage()), malformed);
        }
    }
}
