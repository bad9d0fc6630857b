package dev.hence.node.peers;

import dev.hence.core.update.Update;
import java.io.IOException;
import java.util.List;

/**
 * Where a stream puts the updates that it reads. Not thread-safe: each stream has its own.
 */
interface UpdateSink extends AutoCloseable {

    /**
     * Takes updates in; while there is no room it waits, and so does the stream, and so does the peer that
     * sends them.
     *
     * @throws IOException if it takes nothing from this stream any more
     */
    void accept(List<Update> updates) throws IOException, InterruptedException;

    /** Whether it lets updates go because they are too far ahead of this node's wall clock. */
    boolean isHolding();

    /**
     * Whether the stream is to be ended and opened again: it let updates go that were too far ahead of this node's
     * wall clock, and can take them now. To be asked at intervals.
     */
    boolean isHoldOver();

    /** The number of updates that it holds back. */
    int held();

    /** Releases what it holds back, which the next stream brings again; nothing is passed on after this. */
    @Override
    void close();
}
