package dev.hence.engine.storage;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Frame;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.codec.FrameDecoder;
import dev.hence.engine.codec.FrameEncoder;
import dev.hence.engine.codec.FrameHeader;
import dev.hence.engine.log.Block;
import dev.hence.engine.log.LogTail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects the frames of one origin from a counter to another, as they are to be sent: byte for byte as they are in the
 * log, except where a stream begins within a frame, or at one that has only the changes of its context.
 *
 * <p>Not thread-safe.
 */
final class StoredFrames {

    /** The approximate memory of a frame beside its bytes. */
    private static final int OVERHEAD_BYTES = 100;

    private final ReplicaId origin;
    private final long after;
    private final long upTo;
    private final List<EncodedFrame> frames = new ArrayList<>();

    /** Whether the receiver cannot decode the next frame without its whole context. */
    private final boolean whole;

    /**
     * @param after the counter before the first update
     * @param upTo the counter of the last update
     * @param whole whether the first frame must have its whole context
     */
    StoredFrames(ReplicaId origin, long after, long upTo, boolean whole) {
        this.origin = origin;
        this.after = after;
        this.upTo = upTo;
        this.whole = whole;
    }

    /** The frames collected so far. */
    List<EncodedFrame> frames() {
        return frames;
    }

    /** Collects those of a block; returns whether the next block may have more. */
    boolean read(Block block, LogRead read) throws IOException {
        FrameDecoder decoder = new FrameDecoder();
        return block.forEach(block.read(), (sequence, bytes, from, to) -> {
            FrameHeader header = decoder.header(bytes, from, to);
            if (!header.origin().equals(origin)) {
                return header.count();
            }
            if (!isWanted(header)) {
                return 0;
            }
            if (header.last() <= after) {
                // The next one may have only the changes of its context.
                decoder.decode(bytes, from, to);
                return header.count();
            }
            boolean more = read.take(OVERHEAD_BYTES + (long) to - from);
            collect(decoder, header, bytes, from, to);
            return more ? header.count() : 0;
        });
    }

    private void collect(FrameDecoder decoder, FrameHeader header, byte[] bytes, int from, int to) {
        if (isAsItIs(header)) {
            frames.add(new EncodedFrame(header, Bytes.wrap(Arrays.copyOfRange(bytes, from, to))));
        } else {
            cut(decoder.decode(bytes, from, to));
        }
    }

    /** Adds a frame from memory; returns whether the next one may be wanted. */
    boolean add(LogTail.Entry entry) {
        EncodedFrame frame = entry.frame();
        if (!isWanted(frame.header())) {
            return false;
        }
        if (isAsItIs(frame.header())) {
            frames.add(frame);
        } else {
            cut(decoded(entry));
        }
        return true;
    }

    /** Decodes a frame from memory. */
    static Frame decoded(LogTail.Entry entry) {
        FrameDecoder decoder = new FrameDecoder();
        decoder.begin(entry.frame().header().origin(), entry.before());
        return decoder.decode(entry.frame().bytes());
    }

    /** Only the first frame can be cut: the decoder has seen what comes before that. */
    private boolean isWanted(FrameHeader header) {
        return (frames.isEmpty() ? header.first() : header.last()) <= upTo;
    }

    private boolean isAsItIs(FrameHeader header) {
        boolean begins = frames.isEmpty();
        return (!begins || (header.first() == after + 1 && (header.whole() || !whole))) && header.last() <= upTo;
    }

    /** Encodes the wanted updates of a frame, the first with its whole context. */
    private void cut(Frame frame) {
        new FrameEncoder().encode(frame.part(after + 1, upTo).updates(), (part, before) -> frames.add(part));
    }
}
