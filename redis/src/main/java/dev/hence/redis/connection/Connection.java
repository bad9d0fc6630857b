package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryHolder;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The byte stream of one client: its incoming requests, and the replies and messages sent to it. It does not interpret
 * the requests.
 *
 * <p>Used by one thread at a time, except {@link #push} and the methods marked "any thread". The methods named
 * {@code try...}, and {@link #readNow}, are for a thread that must not wait for the client.
 */
public final class Connection implements AutoCloseable {

    /** The state of the connection, read by the thread that ends connections whose clients exceed a timeout. */
    private enum Phase {
        /** Waiting for a request. */
        IDLE,
        /** Waiting for the rest of a request. */
        HALF_REQUEST,
        /** Running commands, or waiting in a blocking one. */
        RUNNING
    }

    private final ClientSocket socket;
    private final MemoryHolder memory;
    private final RequestParser parser;
    private final Input input;
    private final Output output;
    private final BooleanSupplier keeps;
    private long completed;
    private long completedBefore = -1;
    private long halfSinceNanos;
    // Written before the phase that it belongs to, and read after it: it is never older than the phase.
    private volatile long sinceNanos = System.nanoTime();
    private volatile Phase phase = Phase.IDLE;
    private volatile @Nullable Wait wait;

    /** @param proven whether the client may send larger requests than authentication needs */
    public Connection(Transport transport, ConnectionMemory memory, Traffic traffic, boolean proven) {
        this.socket = new ClientSocket(transport, traffic);
        this.memory = memory.shared().holder(this.socket::cutOff);
        this.parser = new RequestParser(memory.requestBytesMax(), this.memory, proven);
        this.keeps = this.socket::keeps;
        this.input = new Input(this.socket.in(), parser, memory.behindWaits(), memory.requestBytesMax());
        this.output = new Output(this.socket.out(this.memory), memory.unread(), this.socket::tooMuchUnread);
    }

    /** The remote address, {@code host:port}. Any thread. */
    public String address() {
        return socket.address();
    }

    /** The local address, {@code host:port}. Any thread. */
    public String localAddress() {
        return socket.localAddress();
    }

    /** Its share of the memory that connections share. Any thread. */
    public MemoryHolder memory() {
        return memory;
    }

    /** The protocol version, 2 or 3. Any thread. */
    public int protocol() {
        return output.protocol();
    }

    /** Sets the protocol version of the replies from now on. */
    public void protocol(int version) {
        output.protocol(version);
    }

    /** Sets whether the client may send larger requests than authentication needs. */
    public void proven(boolean isProven) {
        parser.proven(isProven);
    }

    /**
     * Blocks until the client sends something; from then on messages are held back until {@link #endAnswer}.
     *
     * @return whether there was anything before the end of the stream
     * @throws ProtocolException if the client sent more than the node takes
     */
    public boolean awaitRequest() throws IOException, ProtocolException {
        awaitsRequest();
        if (!input.fill(memory)) {
            return false;
        }
        phase = Phase.RUNNING;
        output.begin();
        return true;
    }

    /**
     * Reads what the client has sent. Not while {@link #isReadAhead}.
     *
     * @return the number of bytes; 0 if nothing has arrived, -1 at the end of the stream
     * @throws ProtocolException if the client sent more than the node takes
     */
    public int readNow() throws IOException, ProtocolException {
        int read = input.fillNow(memory);
        if (read > 0) {
            phase = Phase.RUNNING;
        }
        return read;
    }

    /** Whether input was read ahead of the connection's own reads, so that it must be taken by {@link #awaitRequest}. */
    public boolean isReadAhead() {
        return input.isReadAhead();
    }

    /**
     * Marks the connection as waiting for its client. The timeout of a request starts at its first byte and is not
     * restarted by later ones.
     */
    public void awaitsRequest() {
        if (!parser.isWithinRequest()) {
            if (memory.heldBytes() > 0) {
                // A transaction is queued, and the client holds memory that others may need.
                memory.awaitsClient();
            } else {
                memory.clientServed();
            }
            sinceNanos = System.nanoTime();
            phase = Phase.IDLE;
            return;
        }
        if (completed != completedBefore) {
            completedBefore = completed;
            halfSinceNanos = System.nanoTime();
        }
        memory.awaitsClient();
        sinceNanos = halfSinceNanos;
        phase = Phase.HALF_REQUEST;
    }

    /** Reads more if that does not block; returns whether it did. */
    public boolean readMore() throws IOException, ProtocolException {
        return input.mayHaveMore() && input.fillNow(memory) > 0;
    }

    /**
     * The next complete request; null if it has not arrived yet, or if it {@link #wantsMemory}.
     *
     * @throws ProtocolException if the input is not a request; the rest of the stream cannot be parsed
     */
    public @Nullable Arguments next() throws ProtocolException {
        Arguments next = parser.next();
        if (next != null) {
            completed++;
            memory.clientServed();
        }
        return next;
    }

    /**
     * Whether the connection holds enough memory that its requests should be answered and {@link #releaseRequests}
     * called.
     */
    public boolean isHoldingMuch() {
        return parser.isHoldingMuch();
    }

    /** Releases the memory claimed for requests that have been answered. */
    public void releaseRequests() {
        parser.release();
    }

    /** Whether the next request, complete or partial, cannot be taken for lack of memory. */
    public boolean wantsMemory() {
        return parser.wantsMemory();
    }

    /** Marks the node as working: the client is not cut off for the time that takes. */
    public void clientServed() {
        memory.clientServed();
    }

    /**
     * Sends the replies and blocks until the memory for the next request is available. Call it when the earlier
     * requests are answered.
     *
     * @throws ProtocolException if no memory becomes available in time
     */
    public void awaitMemory() throws IOException, ProtocolException, InterruptedException {
        output.flush();
        parser.release();
        parser.awaitMemory();
    }

    /** Holds messages back from now on, if they are not already. */
    public void beginAnswer() {
        output.begin();
    }

    /** Same as {@link #beginAnswer}; returns false if a message is being sent just now. */
    public boolean tryBeginAnswer() {
        return output.tryBegin();
    }

    /**
     * Same as {@link #endAnswer}.
     *
     * @return false if it would wait for the client: the answer goes on, and some of it may be sent
     */
    public boolean tryEndAnswer() throws IOException {
        if (!output.tryEnd(keeps)) {
            return false;
        }
        parser.release();
        return true;
    }

    /** Whether replies are kept that the client did not take at once. */
    public boolean keepsReplies() {
        return socket.keeps();
    }

    /** Sends the replies that {@link #keepsReplies are kept}. */
    public void sendKept() throws IOException {
        output.sendKept();
    }

    /** Adds a reply to those to be sent. */
    public void reply(Reply reply) throws IOException {
        output.reply(reply);
    }

    /** Sends the replies, and after them the messages held back so far. */
    public void sendPushed() throws IOException {
        output.sendPushed();
    }

    /** Sends all replies and releases the memory of the requests; messages are no longer held back. */
    public void endAnswer() throws IOException {
        output.end();
        parser.release();
    }

    /** Sends a message as soon as the client's own replies allow. Does not block. Any thread. */
    public void push(Reply.Push message) {
        output.push(message);
    }

    /** The size of the client's unread messages, in bytes. Any thread. */
    public long unreadBytes() {
        return output.unreadBytes();
    }

    /**
     * Begins a wait of the running command for something that may take long: sends all replies, and lets messages be
     * sent until the wait is closed. It ends early if the client goes, the connection ends, or another thread calls
     * {@link #unblock}.
     *
     * <p>A wait that begins too late for {@link #kill} or {@link #endSoon} to see it observes that the socket closes.
     */
    public Wait beginWait() throws IOException {
        output.end();
        // The command keeps its memory while it waits, so it yields to others that need memory.
        memory.awaitsClient();
        Wait begun = new Wait(this::waitClosed);
        wait = begun;
        input.watch(() -> begun.end(Wait.End.CLIENT_GONE));
        if (socket.isClosing()) {
            begun.end(Wait.End.CLIENT_GONE);
        }
        return begun;
    }

    private void waitClosed() {
        wait = null;
        input.unwatch();
        memory.clientServed();
        output.begin();
    }

    /** Whether a command is waiting. Any thread. */
    public boolean isWaiting() {
        return wait != null;
    }

    /** Ends the wait of the running command; returns whether there was a wait that had not ended. Any thread. */
    public boolean unblock(Wait.End how) {
        Wait present = wait;
        return present != null && present.end(how);
    }

    /** Whether the client sent more behind a waiting command than is allowed. */
    public boolean isTooMuchWaiting() {
        return input.isTooMuchWaiting();
    }

    /** Whether it has been asked to end, or has ended. Any thread. */
    public boolean isClosing() {
        return socket.isClosing();
    }

    /** Whether it was ended without waiting for its running command. Any thread. */
    public boolean isKilled() {
        return socket.isKilled();
    }

    /** Ends the connection when the running command is answered. Any thread. */
    public void endSoon() {
        socket.endSoon();
        unblock(Wait.End.CLIENT_GONE);
    }

    /** Ends the connection at once. Any thread. */
    public void kill() {
        socket.kill();
        unblock(Wait.End.CLIENT_GONE);
    }

    /** Whether the client exceeds a timeout for its next request or for reading replies. Any thread. */
    public boolean isOverdue(RespTiming timing, boolean subscribed, long nowNanos) {
        if (socket.letsWaitFor(timing.unreadReply(), nowNanos)) {
            return true;
        }
        Phase now = phase;
        long waitedNanos = nowNanos - sinceNanos;
        return switch (now) {
            case IDLE ->
                !timing.idle().isZero()
                        && !subscribed
                        && waitedNanos > timing.idle().toNanos();
            case HALF_REQUEST -> waitedNanos > timing.halfRequest().toNanos();
            case RUNNING -> false;
        };
    }

    /** Closes the connection and releases its share of all shared memory, even if other steps fail. */
    @Override
    public void close() throws IOException {
        try (socket;
                input;
                memory) {
            output.close();
        }
    }
}
