package dev.hence.redis.execution;

import dev.hence.redis.connection.Reply;
import java.io.IOException;

/** The client's end of a pipeline. Used by the connection's own thread only. */
public interface Line {

    /** Adds a reply to those that will be sent. */
    void reply(Reply reply) throws IOException;

    /**
     * Sends all replies, because the connection is about to wait for something that may take long; messages from
     * other threads may be sent meanwhile.
     *
     * @param gone is called if the client disconnects before {@link Waiting#close}; on another thread
     */
    Waiting beforeWaiting(Runnable gone) throws IOException;

    /** A wait. */
    interface Waiting extends AutoCloseable {
        @Override
        void close();
    }
}
