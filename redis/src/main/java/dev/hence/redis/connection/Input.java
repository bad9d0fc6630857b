package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryHolder;
import java.io.IOException;

/**
 * The input from one client. The connection's own thread reads it, except while it waits in a blocking command: then
 * {@link ReadAhead} does.
 *
 * <p>Confined to the connection's own thread.
 */
final class Input implements AutoCloseable {

    private final Incoming in;
    private final RequestParser parser;
    private final ReadAhead ahead;
    // Whether anything may have been read ahead; connections that never wait skip the lock.
    private boolean waited;

    /**
     * @param waiting the budget shared by all connections for input behind waiting commands
     * @param waitingBytesMax how much of it one connection may have
     */
    Input(Incoming in, RequestParser parser, RequestBudget waiting, int waitingBytesMax) {
        this.in = in;
        this.parser = parser;
        this.ahead = new ReadAhead(in, waiting, waitingBytesMax);
    }

    /**
     * Passes received bytes to the parser; blocks until there are some.
     *
     * @param memory is notified of their size
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
        int read = parser.fill(in::read);
        memory.transferred(read);
        return read >= 0;
    }

    /**
     * Passes bytes that have arrived to the parser; does not block. Not while {@link #isReadAhead}.
     *
     * @return the number of bytes; 0 if nothing has arrived, -1 at the end of the stream
     */
    int fillNow(MemoryHolder memory) throws IOException, ProtocolException {
        int read = parser.fill(in::readNow);
        memory.transferred(read);
        return read;
    }

    /** Whether {@link #fill} must be called next, because a thread has read ahead or still does. */
    boolean isReadAhead() {
        return waited;
    }

    /** Whether the last call filled all room, so that more may have arrived. */
    boolean mayHaveMore() {
        return !waited && parser.isFull();
    }

    /** Starts watching the client while the connection's own thread does not read. */
    void watch(Runnable gone) {
        waited = true;
        ahead.watch(gone);
    }

    /** Ends {@link #watch}. */
    void unwatch() {
        ahead.unwatch();
    }

    /** Whether the client sent more behind a waiting command than is allowed. */
    boolean isTooMuchWaiting() {
        return ahead.isTooMuch();
    }

    /** Releases its share of the memory that connections share. */
    @Override
    public void close() {
        ahead.close();
    }
}
