package dev.hence.core.replication;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.update.Update;
import org.jspecify.annotations.Nullable;

/**
 * The hold on a stream that waits for time to pass, because an update on it is too far ahead of the receiver's wall
 * clock ({@link dev.hence.core.delivery.Receipt.AheadOfTime}).
 *
 * <p>Timestamps of one origin only grow, so no later update on the stream can be accepted either. But heartbeats come
 * on the same stream, and they show which clock is wrong; so the node keeps reading the stream and drops its updates:
 * they are sent again later. When the held update is within the bound - time has caught up, or the receiver's clock is
 * corrected - the node ends the stream and requests another one from its present clock. A stream that ends for another
 * reason is forgotten with its hold, so no node waits for a held update whose origin was wiped.
 *
 * <p>A relay ends its stream when nothing new has come for a while. If the stream is held at that time, it is not
 * requested again before the hold is over: it would bring the same updates again.
 *
 * <p>Not thread-safe: it belongs to its stream.
 */
public final class HeldFeed {
    private final ClockBound bound;
    private @Nullable Update first;

    public HeldFeed(ClockBound bound) {
        this.bound = bound;
    }

    /** Records the first update that was not accepted. */
    public void hold(Update aheadOfTime) {
        first = aheadOfTime;
    }

    /** The held update; null if the stream does not wait for time. */
    public @Nullable Update held() {
        return first;
    }

    /** Whether the stream is to be ended and requested again, because the held update can be accepted now. */
    public boolean isOver(long wallMillis) {
        return first != null && bound.admits(first.timestamp(), wallMillis);
    }
}
