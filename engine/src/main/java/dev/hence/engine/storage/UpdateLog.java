package dev.hence.engine.storage;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.FrameDecoder;
import dev.hence.engine.codec.FrameEncoder;
import dev.hence.engine.codec.FrameEncoder.Frame;
import dev.hence.engine.codec.FrameHeader;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.log.Block;
import dev.hence.engine.log.SegmentLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log as updates: encodes them as frames to append them, and decodes what readers ask for.
 *
 * <p>Thread-safe, except that only one thread appends.
 */
final class UpdateLog {

    /**
     * The approximate memory of an update in addition to its keys and values, so that many small updates are bounded as
     * well.
     */
    private static final int UPDATE_OVERHEAD_BYTES = 300;

    /** A block of small updates has less: up to the largest that the next one joins, and one more. */
    private static final int BLOCK_BYTES_UNCLAIMED_MAX = 2 * LargeRows.BYTES_MIN;

    private final SegmentLog log;
    private final LargeRows largeRows;
    private final FrameEncoder encoder = new FrameEncoder();

    UpdateLog(SegmentLog log, LargeRows largeRows) {
        this.log = log;
        this.largeRows = largeRows;
    }

    /** Appends updates as one group. */
    void append(List<Update> updates) throws IOException {
        if (updates.isEmpty()) {
            return;
        }
        if (log.beginsBlock()) {
            encoder.restart();
        }
        List<Frame> frames = new ArrayList<>();
        encoder.encode(updates, frames::add);
        log.append(frames);
    }

    /** Returns an update; null if the log does not hold it. */
    @Nullable
    Update update(Dot dot) throws IOException {
        List<Update> found = updatesOf(dot.replica(), dot.counter() - 1, 1);
        return found.isEmpty() || !found.getFirst().dot().equals(dot) ? null : found.getFirst();
    }

    /** As {@link Storage#updatesOf}. */
    List<Update> updatesOf(ReplicaId origin, long afterCounter, long bytesMax) throws IOException {
        Gathered gathered = new Gathered(largeRows, Integer.MAX_VALUE, bytesMax);
        boolean more = true;
        for (Block block = log.block(origin, afterCounter + 1); more && block != null; ) {
            Block now = block;
            more = gathered.read(
                    now,
                    () -> forEach(now, now.read(), origin, afterCounter, (sequence, update) -> gathered.take(update)));
            block = log.after(now, origin);
        }
        return gathered.updates;
    }

    /** As {@link Storage#eachNaming}. */
    void eachNaming(ReplicaId origin, long afterCounter, byte[] text, Consumer<Update> reader) throws IOException {
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
        decoding(
                block,
                () -> block.forEach(bytes, (sequence, array, from, to) -> {
                    FrameHeader header = decoder.header(array, from, to);
                    if (header.origin().equals(origin)) {
                        List<Update> updates = decoder.decode(array, from, to);
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
    List<Update> deliveries(long fromSequence, int countMax, long bytesMax) throws IOException {
        Gathered gathered = new Gathered(largeRows, countMax, bytesMax);
        boolean more = countMax > 0;
        for (Block block = log.block(fromSequence); more && block != null; ) {
            Block now = block;
            more = gathered.read(
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

    /** As {@link Storage#sequenceOf}. */
    long sequenceOf(Dot dot) throws IOException {
        Block block = log.block(dot.replica(), dot.counter());
        if (block == null) {
            return -1;
        }
        long[] found = {-1};
        FrameDecoder decoder = new FrameDecoder();
        decoding(
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
        return decoding(
                block,
                () -> block.forEach(bytes, (sequence, array, from, to) -> {
                    FrameHeader header = decoder.header(array, from, to);
                    if (origin != null && !header.origin().equals(origin)) {
                        return header.count();
                    }
                    long next = sequence;
                    for (Update update : decoder.decode(array, from, to)) {
                        if (update.dot().counter() > afterCounter && !visitor.visit(next, update)) {
                            return 0;
                        }
                        next++;
                    }
                    return header.count();
                }));
    }

    /** A read of the log. */
    @FunctionalInterface
    private interface Read {
        boolean run() throws IOException;
    }

    private static boolean decoding(Block block, Read read) throws IOException {
        try {
            return read.run();
        } catch (MalformedRecordException damaged) {
            throw new IOException(block + ": " + damaged.getMessage(), damaged);
        }
    }

    /**
     * Collects updates until a limit is reached, or there is no memory for more. Reads for a {@link LargeRows.Buyer}
     * are claimed: a large block before it is read, otherwise the updates that are kept.
     */
    private static final class Gathered {
        private final LargeRows largeRows;
        private final List<Update> updates = new ArrayList<>();
        private final int countMax;
        private final long bytesMax;
        private long bytes;
        private boolean claimed;

        Gathered(LargeRows largeRows, int countMax, long bytesMax) {
            this.largeRows = largeRows;
            this.countMax = countMax;
            this.bytesMax = bytesMax;
        }

        /**
         * Reads one block.
         *
         * @param read collects its updates; returns whether there is room for more
         * @return whether there is room for more
         * @throws NoRoomException if there is no memory for the first update
         */
        @SuppressWarnings("try") // The turn is held, not used.
        boolean read(Block block, Read read) throws IOException {
            claimed = LargeRows.BUYER.isBound() && block.bytes() > BLOCK_BYTES_UNCLAIMED_MAX;
            try (LargeRows.@Nullable Turn turn = claimed ? largeRows.turnOf(Math.toIntExact(block.bytes())) : null) {
                return read.run();
            } catch (NoRoomException noRoom) {
                if (updates.isEmpty()) {
                    throw noRoom;
                }
                return false;
            }
        }

        /** Whether there is room for more. */
        boolean take(Update update) {
            long cost = update.sizeBytes() + UPDATE_OVERHEAD_BYTES;
            if (!claimed && LargeRows.BUYER.isBound()) {
                LargeRows.BUYER.get().claim(cost);
            }
            updates.add(update);
            bytes += cost;
            return updates.size() < countMax && bytes < bytesMax;
        }
    }
}
