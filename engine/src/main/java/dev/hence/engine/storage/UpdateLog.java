package dev.hence.engine.storage;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.codec.FrameDecoder;
import dev.hence.engine.codec.FrameEncoder;
import dev.hence.engine.codec.FrameHeader;
import dev.hence.engine.log.Block;
import dev.hence.engine.log.LogBeginning;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.log.LogTail;
import dev.hence.engine.log.SegmentLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log as updates: encodes them as frames to append them, and decodes what readers ask for.
 *
 * <p>Thread-safe, except that only one thread appends, and one at a time deletes.
 */
public final class UpdateLog {

    /**
     * The approximate memory of an update in addition to its keys and values, so that many small updates are bounded as
     * well.
     */
    private static final int UPDATE_OVERHEAD_BYTES = 300;

    private final SegmentLog log;
    private final LargeRows largeRows;
    private final LogTail tail;
    private final FrameEncoder encoder = new FrameEncoder();

    // Held by readers, so that no segment is dropped under them. A stamped lock, because a reentrant one keeps state
    // per virtual thread.
    private final StampedLock dropping = new StampedLock();

    public UpdateLog(SegmentLog log, LargeRows largeRows, LogTail tail) {
        this.log = log;
        this.largeRows = largeRows;
        this.tail = tail;
    }

    /** Appends updates as one group, as {@link #append(List, List)}. */
    void append(List<Update> updates) throws IOException {
        append(updates, List.of());
    }

    /**
     * Appends updates as one group.
     *
     * @param encoded the frames in which some of them arrived, in the same order
     */
    public void append(List<Update> updates, List<Frame> encoded) throws IOException {
        if (updates.isEmpty()) {
            return;
        }
        if (log.beginsBlock()) {
            encoder.restart();
        }
        List<EncodedFrame> frames = new ArrayList<>();
        List<LogTail.Entry> entries = new ArrayList<>();
        encoder.encode(updates, encoded, (frame, before) -> {
            frames.add(frame);
            entries.add(new LogTail.Entry(frame, before));
        });
        log.append(frames);
        tail.add(entries);
    }

    /** What the newest frames take in memory, in bytes. */
    long tailBytes() {
        return tail.bytes();
    }

    /** As {@link Storage#framesOf}. */
    public List<EncodedFrame> framesOf(ReplicaId origin, long after, long upTo, long bytesMax, boolean whole)
            throws IOException {
        List<LogTail.Entry> entries = tail.frames(origin, after + 1, upTo, bytesMax);
        if (entries == null) {
            return reading(() -> {
                long deleted = deletedThrough(origin);
                if (after < deleted) {
                    throw new DeletedUpdatesException(new Dot(origin, after + 1), deleted + 1);
                }
                return framesOnDisk(origin, after, upTo, bytesMax, whole);
            });
        }
        StoredFrames found = new StoredFrames(origin, after, upTo, whole);
        for (LogTail.Entry entry : entries) {
            if (!found.add(entry)) {
                break;
            }
        }
        return found.frames();
    }

    private List<EncodedFrame> framesOnDisk(ReplicaId origin, long after, long upTo, long bytesMax, boolean whole)
            throws IOException {
        StoredFrames found = new StoredFrames(origin, after, upTo, whole);
        LogRead read = new LogRead(largeRows, Integer.MAX_VALUE, bytesMax);
        boolean more = true;
        for (Block block = log.block(origin, after + 1); more && block != null; ) {
            Block now = block;
            more = read.read(now, () -> found.read(now, read));
            block = log.after(now, origin);
        }
        return found.frames();
    }

    /** Returns an update; null if the log does not hold it. */
    public @Nullable Update update(Dot dot) throws IOException {
        List<LogTail.Entry> recent = tail.frames(dot.replica(), dot.counter(), dot.counter(), 1);
        if (recent != null) {
            return StoredFrames.decoded(recent.getFirst())
                    .part(dot.counter(), dot.counter())
                    .first();
        }
        List<Update> found = from(dot.replica(), dot.counter() - 1, 1);
        return found.isEmpty() || !found.getFirst().dot().equals(dot) ? null : found.getFirst();
    }

    /** As {@link Storage#checksum}. */
    public @Nullable Integer checksum(Dot dot) throws IOException {
        Update update = update(dot);
        return update == null ? log.beginning().checksum(dot) : Integer.valueOf(update.checksum());
    }

    /** As {@link Storage#deletedThrough}. */
    public long deletedThrough(ReplicaId origin) {
        LogBeginning.Last last = log.beginning().lasts().get(origin);
        return last == null ? 0 : last.counter();
    }

    /** As {@link Storage#updatesOf}. */
    public List<Update> updatesOf(ReplicaId origin, long afterCounter, long bytesMax) throws IOException {
        List<Update> found = from(origin, afterCounter, bytesMax);
        long wanted = afterCounter + 1;
        if (!found.isEmpty() && found.getFirst().dot().counter() == wanted) {
            return found;
        }
        long deleted = deletedThrough(origin);
        if (deleted >= wanted) {
            throw new DeletedUpdatesException(new Dot(origin, wanted), deleted + 1);
        }
        return found;
    }

    private List<Update> from(ReplicaId origin, long afterCounter, long bytesMax) throws IOException {
        return reading(() -> gather(origin, afterCounter, bytesMax));
    }

    private List<Update> gather(ReplicaId origin, long afterCounter, long bytesMax) throws IOException {
        Gathered gathered = new Gathered(largeRows, Integer.MAX_VALUE, bytesMax);
        boolean more = true;
        for (Block block = log.block(origin, afterCounter + 1); more && block != null; ) {
            Block now = block;
            more = gathered.read.read(
                    now,
                    () -> forEach(now, now.read(), origin, afterCounter, (sequence, update) -> gathered.take(update)));
            block = log.after(now, origin);
        }
        return gathered.updates;
    }

    /** As {@link Storage#eachNaming}. */
    void eachNaming(ReplicaId origin, long afterCounter, byte[] text, Consumer<Update> reader) throws IOException {
        reading(() -> {
            search(origin, afterCounter, text, reader);
            return true;
        });
    }

    private void search(ReplicaId origin, long afterCounter, byte[] text, Consumer<Update> reader) throws IOException {
        for (Block block = log.block(origin, afterCounter + 1); block != null; block = log.after(block, origin)) {
            byte[] bytes = block.read();
            if (indexOf(bytes, 0, bytes.length, text) >= 0) {
                eachNaming(block, bytes, origin, afterCounter, text, reader);
            }
        }
    }

    private static void eachNaming(
            Block block, byte[] bytes, ReplicaId origin, long afterCounter, byte[] text, Consumer<Update> reader)
            throws IOException {
        FrameDecoder decoder = new FrameDecoder();
        LogRead.decoding(
                block,
                () -> block.forEach(bytes, (sequence, array, from, to) -> {
                    FrameHeader header = decoder.header(array, from, to);
                    if (header.origin().equals(origin)) {
                        List<Update> updates = decoder.decode(array, from, to).updates();
                        if (indexOf(array, from, to, text) >= 0) {
                            updates.stream()
                                    .filter(update -> update.dot().counter() > afterCounter)
                                    .forEach(reader);
                        }
                    }
                    return header.count();
                }));
    }

    /** Keys and values are in a frame verbatim. */
    private static int indexOf(byte[] bytes, int from, int to, byte[] text) {
        for (int at = from; at <= to - text.length; at++) {
            if (bytes[at] == text[0] && Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
                return at;
            }
        }
        return -1;
    }

    /** As {@link Storage#deliveries}. */
    public List<Update> deliveries(long fromSequence, int countMax, long bytesMax) throws IOException {
        return reading(() -> {
            if (fromSequence < log.firstSequence()) {
                throw new DeletedUpdatesException(fromSequence, log.firstSequence());
            }
            return gather(fromSequence, countMax, bytesMax);
        });
    }

    private List<Update> gather(long fromSequence, int countMax, long bytesMax) throws IOException {
        Gathered gathered = new Gathered(largeRows, countMax, bytesMax);
        boolean more = countMax > 0;
        for (Block block = log.block(fromSequence); more && block != null; ) {
            Block now = block;
            more = gathered.read.read(
                    now,
                    () -> forEach(
                            now,
                            now.read(),
                            null,
                            0,
                            (sequence, update) -> sequence < fromSequence || gathered.take(update)));
            block = log.after(now);
        }
        return gathered.updates;
    }

    /** Receives frames; returns whether to continue. */
    @FunctionalInterface
    public interface Frames {
        boolean visit(Frame frame);
    }

    /**
     * Visits everything from a sequence on, in delivery order.
     *
     * @param fromSequence the sequence of the first update of a group
     */
    public void forEach(long fromSequence, Frames visitor) throws IOException {
        boolean more = true;
        for (Block block = log.block(fromSequence); more && block != null; block = log.after(block)) {
            FrameDecoder decoder = new FrameDecoder();
            Block now = block;
            more = LogRead.decoding(
                    now,
                    () -> now.forEach(now.read(), (sequence, bytes, from, to) -> {
                        Frame frame = decoder.decode(bytes, from, to);
                        return sequence < fromSequence || visitor.visit(frame) ? frame.size() : 0;
                    }));
        }
    }

    /** As {@link Storage#sequenceOf}. */
    long sequenceOf(Dot dot) throws IOException {
        return reading(() -> find(dot));
    }

    private long find(Dot dot) throws IOException {
        Block block = log.block(dot.replica(), dot.counter());
        if (block == null) {
            return -1;
        }
        long[] found = {-1};
        FrameDecoder decoder = new FrameDecoder();
        LogRead.decoding(
                block,
                () -> block.forEach(block.read(), (sequence, bytes, from, to) -> {
                    FrameHeader header = decoder.header(bytes, from, to);
                    if (!header.contains(dot)) {
                        return header.count();
                    }
                    found[0] = sequence + dot.counter() - header.first();
                    return 0;
                }));
        return found[0];
    }

    /**
     * Deletes the oldest segments, as far as the limits say.
     *
     * @param checkpointed the sequence after the last update that a completed checkpoint holds
     * @param stored the updates that every member has stored durably
     * @return whether any were deleted
     */
    public boolean trim(LogLimits limits, long checkpointed, VersionVector stored, long millis) throws IOException {
        List<LogLimits.Full> full = log.full();
        int deleted = limits.deleted(full, log.bytes(), checkpointed, stored, millis);
        if (deleted == 0) {
            return false;
        }
        LogBeginning next = beginningAfter(full.subList(0, deleted));
        log.begin(next);
        SegmentLog.Dropped dropped;
        long stamp = dropping.writeLock();
        try {
            dropped = log.drop(next);
        } finally {
            dropping.unlockWrite(stamp);
        }
        log.delete(dropped);
        return true;
    }

    private LogBeginning beginningAfter(List<LogLimits.Full> deleted) throws IOException {
        VersionVector last = VersionVector.EMPTY;
        for (LogLimits.Full segment : deleted) {
            last = last.join(segment.last());
        }
        SortedMap<ReplicaId, LogBeginning.Last> lasts =
                new TreeMap<>(log.beginning().lasts());
        for (ReplicaId origin : last.replicas()) {
            Dot dot = new Dot(origin, last.get(origin));
            Update update = update(dot);
            if (update == null) {
                throw new IOException("log: " + dot + " is not found (expected: in a segment whose index names it)");
            }
            lasts.put(origin, new LogBeginning.Last(dot.counter(), update.checksum()));
        }
        return new LogBeginning(deleted.getLast().endSequence(), lasts);
    }

    /** A read of segments. */
    @FunctionalInterface
    private interface Reading<T> {
        T run() throws IOException;
    }

    private <T> T reading(Reading<T> read) throws IOException {
        long stamp = dropping.readLock();
        try {
            return read.run();
        } finally {
            dropping.unlockRead(stamp);
        }
    }

    /** Receives updates; returns whether to continue. */
    @FunctionalInterface
    private interface Visitor {
        boolean visit(long sequence, Update update);
    }

    /** Visits the updates of one origin after a counter, or those of all; returns whether the visitor accepted all. */
    private static boolean forEach(
            Block block, byte[] bytes, @Nullable ReplicaId origin, long afterCounter, Visitor visitor)
            throws IOException {
        FrameDecoder decoder = new FrameDecoder();
        return LogRead.decoding(
                block,
                () -> block.forEach(bytes, (sequence, array, from, to) -> {
                    FrameHeader header = decoder.header(array, from, to);
                    if (origin != null && !header.origin().equals(origin)) {
                        return header.count();
                    }
                    long next = sequence;
                    for (Update update : decoder.decode(array, from, to).updates()) {
                        if (update.dot().counter() > afterCounter && !visitor.visit(next, update)) {
                            return 0;
                        }
                        next++;
                    }
                    return header.count();
                }));
    }

    /** Collects updates until a limit is reached. */
    private static final class Gathered {
        private final LogRead read;
        private final List<Update> updates = new ArrayList<>();

        Gathered(LargeRows largeRows, int countMax, long bytesMax) {
            this.read = new LogRead(largeRows, countMax, bytesMax);
        }

        /** Whether there is room for more. */
        boolean take(Update update) {
            boolean more = read.take(update.sizeBytes() + UPDATE_OVERHEAD_BYTES);
            updates.add(update);
            return more;
        }
    }
}
