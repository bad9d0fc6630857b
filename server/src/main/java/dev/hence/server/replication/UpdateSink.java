package dev.hence.server.replication;

import dev.hence.core.update.Update;
import java.util.List;

/**
 * Where a stream puts the updates that it reads. Not thread-safe: each stream has its own.
 */
interface UpdateSink extends AutoCloseable {

    /**
     * Takes updates in; while there is no room it waits, and so does the stream, and so does the peer that
     * sends them.
     */
    void accept(List<Update> updates) throws InterruptedException;

    /** How many updates it holds back. */
    int held();

    @Override
    void close();
}
