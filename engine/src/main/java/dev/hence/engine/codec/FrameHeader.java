package dev.hence.engine.codec;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.update.Frame;

/**
 * What a frame holds, known without decoding its updates.
 *
 * @param origin the replica that made the updates
 * @param first the counter of the first one, at least 1
 * @param count the number of updates, at least 1
 * @param whole whether the frame has its whole context, and not only what changed since the origin's previous frame
 */
public record FrameHeader(ReplicaId origin, long first, int count, boolean whole) {

    /** The header of a frame that arrived encoded. */
    static FrameHeader of(Frame encoded) {
        boolean whole = (encoded.encoded().array()[1] & FrameEncoder.WHOLE) != 0;
        return new FrameHeader(encoded.origin(), encoded.first().dot().counter(), encoded.size(), whole);
    }

    /** The counter of the last update. */
    public long last() {
        return first + count - 1;
    }

    /** Whether an update is in the frame. */
    public boolean contains(Dot dot) {
        return origin.equals(dot.replica()) && dot.counter() >= first && dot.counter() <= last();
    }
}
