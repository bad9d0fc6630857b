package dev.hence.core.replication;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.update.Update;
import org.jspecify.annotations.Nullable;

/**
 * Whether a stream waits for time to pass, because an update on it is too far ahead of the receiver's wall clock
 * ({@link dev.hence.core.delivery.Receipt.AheadOfTime}).
 *
 * <p>Timestamps of one origin only grow, so nothing behind that update can be taken either. But heartbeats come on
 * the same stream, and they are what tells whose clock is wrong; so it is read on, and the updates on it are let go:
 * they come again. When the held update is within the bound - time has caught up, or the receiver's clock is mended -
 * the stream is ended, and another one is asked for from where the node stands. A stream that ends otherwise is
 * forgotten with what it held, so a held update whose origin was wiped is awaited by no node.
 *
 * <p>A stream through another node than the origin is ended by that node when nothing new has come for a while. If it
 * holds updates then, it is not asked for again before the hold is over: it would bring the same ones once more.
 *
 * <p>Not thread-safe: it belongs to its stream.
 */
public final class HeldFeed {
    private final ClockBound bound;
    private @Nullable Update first;

    public HeldFeed(ClockBound bound) {
        this.bound = bound;
    }

    /** Records the first update that was not taken. */
    public void hold(Update aheadOfTime) {
        first = aheadOfTime;
    }

    /** The update that is held; null if the stream does not wait for time. */
    public @Nullable Update held() {
        return first;
    }

    /** Whether the stream is to be ended and asked for again, because what it holds can be taken now. */
    public boolean isOver(long wallMillis) {
        return first != null && bound.admits(first.timestamp(), wallMillis);
    }
}
