package dev.hence.node.peers;

import dev.hence.core.update.Frame;
import java.io.IOException;
import java.util.List;

/** The destination of a stream's updates. Not thread-safe: each stream has its own. */
interface UpdateSink extends AutoCloseable {

    /**
     * Accepts updates. While there is no room it blocks, and with it the stream and the peer that sends them.
     *
     * @throws IOException if it accepts nothing from this stream any more
     */
    void accept(List<Frame> frames) throws IOException, InterruptedException;

    /** Whether it drops updates because they are too far ahead of this node's wall clock. */
    boolean isHolding();

    /**
     * Whether the stream must be ended and opened again: it dropped updates that were too far ahead of this node's wall
     * clock, and can accept them now. Called periodically.
     */
    boolean isHoldOver();

    /** The number of updates that it holds back. */
    int held();

    /** Releases what it holds back, which the next stream brings again; nothing is passed on after this. */
    @Override
    void close();
}
