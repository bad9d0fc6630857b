package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryHolder;
import java.io.IOException;
import java.io.InputStream;

/**
 * What comes in from one client. The connection's own thread reads - but not while it waits in a blocking command: then
 * {@link ReadAhead} does.
 *
 * <p>Belongs to the connection's own thread.
 */
final class Input implements AutoCloseable {

    private final InputStream in;
    private final RequestParser parser;
    private final ReadAhead ahead;
    // Whether there may be something ahead; spares connections that never wait the lock.
    private boolean waited;

    /**
     * @param waiting what all connections share for what is sent behind commands that wait
     * @param waitingBytesMax how much of it one connection may have
     */
    Input(InputStream in, RequestParser parser, RequestBudget waiting, int waitingBytesMax) {
        this.in = in;
        this.parser = parser;
        this.ahead = new ReadAhead(in, waiting, waitingBytesMax);
    }

    /**
     * Hands the parser what has come, waiting for something if nothing has.
     *
     * @param memory is told how much
     * @return whether there was anything before the end of the stream
     * @throws ProtocolException if the client sent more than the node takes
     */
    boolean fill(MemoryHolder memory) throws IOException, ProtocolException {
        if (waited) {
            byte[] chunk = ahead.next();
            if (chunk != null) {
                parser.feed(chunk, 0, chunk.length);
                return true;
            }
            if (ahead.isTooMuch()) {
                throw ProtocolException.tooMuchWaiting();
            }
            waited = false;
        }
        int read = parser.fill(in);
        memory.transferred(read);
        return read >= 0;
    }

    /** Whether there may be more that can be read without waiting. */
    boolean mayHaveMore() throws IOException {
        return !waited && parser.isFull() && in.available() > 0;
    }

    /** Has the client watched while the connection's own thread does not read. */
    void watch(Runnable gone) {
        waited = true;
        ahead.watch(gone);
    }

    /** Ends what {@link #watch} began. */
    void unwatch() {
        ahead.unwatch();
    }

    /** Whether the client sent more behind a command that waits than may wait there. */
    boolean isTooMuchWaiting() {
        return ahead.isTooMuch();
    }

    /** Gives back what it takes of the memory that connections share. */
    @Override
    public void close() {
        ahead.close();
    }
}
