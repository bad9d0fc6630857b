package dev.hence.engine.log;

import dev.hence.core.clock.ReplicaId;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.disk.AppendFile;
import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The log: a directory of segment files, to which groups of frames are appended in the order of local delivery. It is
 * what is written before anything is answered.
 *
 * <p><b>Place.</b> Every update has a <em>sequence</em>, its place in the order of local delivery, from 0. A segment is
 * divided into blocks of about {@link Sizes#blockBytes}; at the beginning of each, frames have whole contexts, so that a
 * block is read without any other. An index in memory leads from a sequence, or from an origin and a counter, to the
 * block. The index of a full segment is kept in a file beside it.
 *
 * <p><b>Invariants.</b> (1) Segments are forced in their order: if one is on the disk up to a place, all before it are
 * whole. (2) The name and the header of a segment are on the disk before a group is appended to it. (3) The index file
 * of a segment is written after the segment was forced, so a segment with one is whole after a power loss. (4) After a
 * failed write or force nothing is appended any more: which bytes are on the disk is unknown. (5) Segments are deleted
 * from the front only, never the last one, after the file that says so is on the disk ({@link LogBeginning}).
 *
 * <p>One thread appends, one at a time deletes; any thread reads and forces. A reader must not use a {@link Block} of a
 * deleted segment.
 */
public final class SegmentLog implements AutoCloseable {

    /**
     * The sizes of parts, in bytes.
     *
     * @param segmentBytes the size from which a segment accepts no more blocks
     * @param blockBytes the size from which a block accepts no more groups: a reader of one update decodes all before it
     * @param checkpointBytes the size of the log behind a checkpoint at which the next one begins
     */
    public record Sizes(long segmentBytes, long blockBytes, long checkpointBytes) {
        /**
         * For nodes: a reader of one update decodes less than a millisecond, a start reads one segment and replays about
         * as much.
         */
        public static final Sizes DEFAULT = new Sizes(64L << 20, 64L << 10);

        /** Sizes with the usual distance of checkpoints. */
        public Sizes(long segmentBytes, long blockBytes) {
            this(segmentBytes, blockBytes, 64L << 20);
        }
    }

    /** Segments that are not part of the log any more, whose files may be deleted. */
    public record Dropped(List<Segment> segments) {
        /** Copies the list. */
        public Dropped {
            segments = List.copyOf(segments);
        }
    }

    private final Path directory;
    private final Disk disk;
    private final Sizes sizes;
    private final LongSupplier ids;
    private final CopyOnWriteArrayList<Segment> segments = new CopyOnWriteArrayList<>();
    private final ReentrantLock forcing = new ReentrantLock();

    // Those that were full and are not forced yet, in order; guarded by itself.
    private final List<Segment> unforced = new ArrayList<>();
    private volatile boolean broken;
    private volatile long forcedSequence;

    // Sums, because every commit asks for them: the first is kept by the thread that appends, the second by the one
    // that deletes.
    private volatile long appendedBytes;
    private volatile long deletedBytes;

    private volatile LogBeginning beginning;

    // The last segment is not continued: something behind its groups was cut off.
    private boolean isClosed;

    // The encoder of an earlier run is gone.
    private boolean isNew = true;

    /**
     * @param ids returns a number for each new segment that no other segment ever had
     * @param beginning where the log begins
     * @param segments the segments that exist, whole
     * @param continued whether the last of them is continued
     */
    SegmentLog(
            Path directory,
            Disk disk,
            Sizes sizes,
            LongSupplier ids,
            LogBeginning beginning,
            List<Segment> segments,
            boolean continued) {
        this.beginning = beginning;
        this.directory = directory;
        this.disk = disk;
        this.sizes = sizes;
        this.ids = ids;
        this.segments.addAll(segments);
        this.isClosed = !continued;
        this.appendedBytes = segments.stream().mapToLong(Segment::end).sum();
    }

    /** The sizes of its parts. */
    public Sizes sizes() {
        return sizes;
    }

    /** What was deleted from the front of the log. */
    public LogBeginning beginning() {
        return beginning;
    }

    /** The sequence of the first update that the log holds. */
    public long firstSequence() {
        return beginning.sequence();
    }

    /** The sequence after the last update. */
    public long endSequence() {
        return segments.isEmpty() ? beginning.sequence() : segments.getLast().endSequence();
    }

    /** The size of all segments in bytes. */
    public long bytes() {
        return appendedBytes - deletedBytes;
    }

    /** The size of all segments that exist, or existed since this log was opened. It only grows. */
    public long appendedBytes() {
        return appendedBytes;
    }

    /** Whether the frames of the next group need whole contexts. */
    public boolean beginsBlock() {
        return isNew || isFull() || segments.getLast().blockBytes() >= sizes.blockBytes();
    }

    private boolean isFull() {
        return isClosed || segments.isEmpty() || segments.getLast().end() >= sizes.segmentBytes();
    }

    /** Whether the next append may wait for the disk: it begins a segment, or one is being forced. */
    public boolean appendMayWait() {
        return isFull() || forcing.isLocked();
    }

    /**
     * Appends a group.
     *
     * @param frames of updates in the order of delivery, encoded with whole contexts if {@link #beginsBlock}
     * @throws IOException if it may be in the log or not
     */
    public void append(List<EncodedFrame> frames) throws IOException {
        requireIntact();
        try {
            boolean begins = beginsBlock();
            if (isFull()) {
                roll();
            }
            Segment last = segments.getLast();
            long before = appendedBytes - last.end();
            last.append(begins, frames);
            appendedBytes = before + last.end();
            isNew = false;
        } catch (IOException | RuntimeException | Error failed) {
            broken = true;
            throw failed;
        }
    }

    private void roll() throws IOException {
        long first = endSequence();
        Path path = directory.resolve(SegmentNames.segment(first));
        SegmentHeader header = new SegmentHeader(ids.getAsLong(), first);
        byte[] begin = header.bytes();
        AppendFile file = disk.open(path);
        try {
            file.append(begin, 0, begin.length);
            file.force();
            disk.force(directory);
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
        synchronized (unforced) {
            if (!segments.isEmpty()) {
                unforced.add(segments.getLast());
            }
            segments.add(new Segment(path, header, file, new BlockIndex(), begin.length, first));
        }
        long before = appendedBytes;
        appendedBytes = before + begin.length;
        isClosed = false;
    }

    /**
     * Blocks until everything that was appended before survives a power loss.
     *
     * @throws IOException if it failed; the log is not used any more then
     */
    public void force() throws IOException {
        requireIntact();
        forcing.lock();
        try {
            List<Segment> full;
            Segment last;
            synchronized (unforced) {
                if (segments.isEmpty()) {
                    return;
                }
                full = List.copyOf(unforced);
                last = segments.getLast();
            }
            for (Segment segment : full) {
                segment.force();
                disk.write(directory.resolve(SegmentNames.index(segment.first())), segment.indexBytes());
                segment.seal();
                synchronized (unforced) {
                    unforced.remove(segment);
                }
            }
            long through = last.endSequence();
            if (through > forcedSequence || !full.isEmpty()) {
                last.force();
                forcedSequence = through;
            }
        } catch (IOException | RuntimeException | Error failed) {
            broken = true;
            throw failed;
        } finally {
            forcing.unlock();
        }
    }

    private void requireIntact() throws IOException {
        if (broken) {
            throw new IOException("log: an earlier write failed (expected: no use after that; restart the node)");
        }
    }

    /** Returns the block of an update; null if the log does not hold its sequence. */
    public @Nullable Block block(long sequence) {
        for (int i = segments.size() - 1; i >= 0; i--) {
            Segment segment = segments.get(i);
            if (sequence >= segment.first()) {
                return sequence < segment.endSequence()
                        ? block(segment, segment.index().ofSequence(sequence))
                        : null;
            }
        }
        return null;
    }

    /** Returns the block after another one; null if that was the last when it was made. */
    public @Nullable Block after(Block block) {
        Segment segment = block.segment();
        if (block.number() + 1 < segment.index().blocks()) {
            return following(block, segment, block.number() + 1);
        }
        int next = segments.indexOf(segment) + 1;
        return next < segments.size() && segments.get(next).index().blocks() > 0
                ? following(block, segments.get(next), 0)
                : null;
    }

    /** Returns the first block with an update of an origin from a counter on; null if there is none. */
    public @Nullable Block block(ReplicaId origin, long counter) {
        @Nullable Block found = null;
        for (int i = segments.size() - 1; i >= 0; i--) {
            Segment segment = segments.get(i);
            int block = segment.index().of(origin, counter);
            if (block >= 0) {
                found = block(segment, block);
                if (segment.index().hasBefore(origin, counter)) {
                    return found;
                }
            }
        }
        return found;
    }

    /** Returns the next block with updates of an origin; null if there is none, or as {@link #after(Block)}. */
    public @Nullable Block after(Block block, ReplicaId origin) {
        int next = block.segment().index().after(block.number(), origin);
        if (next >= 0) {
            return following(block, block.segment(), next);
        }
        for (int i = segments.indexOf(block.segment()) + 1; i < segments.size(); i++) {
            int first = segments.get(i).index().after(-1, origin);
            if (first >= 0) {
                return following(block, segments.get(i), first);
            }
        }
        return null;
    }

    /**
     * Returns a later block than another one; null if groups were appended to that one after it was made. The reader
     * has not seen them, and would skip them. Because there is a later block, none are being appended now.
     */
    private static @Nullable Block following(Block block, Segment segment, int number) {
        boolean hasGrown = block.end() < block.segment().blockEnd(block.number());
        return hasGrown ? null : block(segment, number);
    }

    private static Block block(Segment segment, int number) {
        return new Block(
                segment,
                number,
                segment.index().offset(number),
                segment.blockEnd(number),
                segment.index().sequence(number));
    }

    /** The segments that are neither appended to nor forced any more, in their order. */
    public List<LogLimits.Full> full() throws IOException {
        List<LogLimits.Full> full = new ArrayList<>();
        for (Segment segment : sealed()) {
            long writtenMillis = disk.writtenMillis(segment.path());
            full.add(new LogLimits.Full(
                    segment.first(),
                    segment.endSequence(),
                    segment.end(),
                    segment.index().lasts(),
                    writtenMillis));
        }
        return full;
    }

    private List<Segment> sealed() {
        synchronized (unforced) {
            // They are forced in their order.
            int end = unforced.isEmpty() ? segments.size() - 1 : segments.indexOf(unforced.getFirst());
            return end <= 0 ? List.of() : List.copyOf(segments.subList(0, end));
        }
    }

    /** Records durably where the log begins from now on. The deleted updates are part of the log until {@link #drop}. */
    public void begin(LogBeginning next) throws IOException {
        new DurableFiles(disk).replace(directory.resolve(LogBeginning.FILE), next.bytes());
    }

    /**
     * Ends the use of segments; no reader may be reading.
     *
     * @param next the recorded beginning
     * @return the segments before it
     */
    public Dropped drop(LogBeginning next) {
        List<Segment> dropped = segments.stream()
                .limit(segments.size() - 1L)
                .filter(segment -> segment.first() < next.sequence())
                .toList();
        segments.removeAll(dropped);
        long before = deletedBytes;
        deletedBytes = before + dropped.stream().mapToLong(Segment::end).sum();
        beginning = next;
        return new Dropped(dropped);
    }

    /** Deletes the files of dropped segments. If that is interrupted, the next start deletes the rest. */
    public void delete(Dropped dropped) throws IOException {
        for (Segment segment : dropped.segments()) {
            segment.close();
            disk.delete(SegmentNames.indexOf(segment.path()));
            disk.delete(segment.path());
        }
        disk.force(directory);
    }

    @Override
    public void close() throws IOException {
        @Nullable IOException first = null;
        for (Segment segment : segments) {
            try {
                segment.close();
            } catch (IOException failed) {
                first = first == null ? failed : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
