package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryHolder;
import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one client: its requests as they come, and the replies and messages that it gets. What the requests mean
 * is for others.
 *
 * <p>Belongs to the connection's own thread, except {@link #push} and the methods that say otherwise.
 */
public final class Connection implements AutoCloseable {

    /** What the connection is doing: looked at by the thread that ends those whose client takes too long. */
    private enum Phase {
        /** Waits for a request. */
        IDLE,
        /** Waits for the rest of a request. */
        HALF_REQUEST,
        /** Runs commands, or waits in a blocking one. */
        RUNNING
    }

    /** A phase and when it began, by {@link System#nanoTime}. */
    private record Since(Phase phase, long nanos) {}

    private final ClientSocket socket;
    private final MemoryHolder memory;
    private final RequestParser parser;
    private final Input input;
    private final Output output;
    private long completed;
    private long completedBefore = -1;
    private long halfSinceNanos;
    private volatile Since since = new Since(Phase.IDLE, System.nanoTime());
    private volatile @Nullable Wait wait;

    /** @param proven whether the client may send more than it takes to prove who it is */
    public Connection(Socket socket, ConnectionMemory memory, Traffic traffic, boolean proven) throws IOException {
        this.socket = new ClientSocket(socket, traffic);
        this.memory = memory.shared().holder(this.socket::cutOff);
        this.parser = new RequestParser(memory.requestBytesMax(), this.memory, proven);
        this.input = new Input(this.socket.in(), parser, memory.behindWaits(), memory.requestBytesMax());
        this.output = new Output(this.socket.out(this.memory), memory.unread(), this.socket::tooMuchUnread);
    }

    /** Where the client came from, {@code host:port}. Any thread. */
    public String address() {
        return socket.address();
    }

    /** What it connected to, {@code host:port}. Any thread. */
    public String localAddress() {
        return socket.localAddress();
    }

    /** What it holds of the memory that connections share. Any thread. */
    public MemoryHolder memory() {
        return memory;
    }

    /** The version of the protocol, 2 or 3. Any thread. */
    public int protocol() {
        return output.protocol();
    }

    /** Writes replies in this version from now on. */
    public void protocol(int version) {
        output.protocol(version);
    }

    /** The client may send more than it takes to prove who it is, or no longer. */
    public void proven(boolean isProven) {
        parser.proven(isProven);
    }

    /**
     * Waits for something from the client; from then on messages wait for {@link #endAnswer}.
     *
     * @return whether there was anything before the end of the stream
     * @throws ProtocolException if the client sent more than the node takes
     */
    public boolean awaitRequest() throws IOException, ProtocolException {
        awaitsRequest();
        if (!input.fill(memory)) {
            return false;
        }
        since = new Since(Phase.RUNNING, 0);
        output.begin();
        return true;
    }

    /** The time for a request begins with its first byte, and not again with every further one. */
    private void awaitsRequest() {
        if (!parser.isWithinRequest()) {
            if (memory.heldBytes() > 0) {
                // A transaction is queued, and the client keeps the others from its memory.
                memory.awaitsClient();
            } else {
                memory.clientServed();
            }
            since = new Since(Phase.IDLE, System.nanoTime());
            return;
        }
        if (completed != completedBefore) {
            completedBefore = completed;
            halfSinceNanos = System.nanoTime();
        }
        memory.awaitsClient();
        since = new Since(Phase.HALF_REQUEST, halfSinceNanos);
    }

    /** Reads more if that may be had without waiting; whether it did. */
    public boolean readMore() throws IOException, ProtocolException {
        return input.mayHaveMore() && input.fill(memory);
    }

    /**
     * The next complete request; null if it has not come yet, or if it {@link #wantsMemory}.
     *
     * @throws ProtocolException if what came is no request; what follows it cannot be read
     */
    public @Nullable Arguments next() throws ProtocolException {
        Arguments next = parser.next();
        if (next != null) {
            completed++;
            memory.clientServed();
        }
        return next;
    }

    /** Whether so much is held that the requests should be answered, and {@link #releaseRequests} called. */
    public boolean isHoldingMuch() {
        return parser.isHoldingMuch();
    }

    /** Gives back what was claimed for requests that have been answered. */
    public void releaseRequests() {
        parser.release();
    }

    /** Whether the next request, or a part of it, is there or may come, but there is no memory for it. */
    public boolean wantsMemory() {
        return parser.wantsMemory();
    }

    /** It is the node that works now: the client is not to be cut off for the time that takes. */
    public void clientServed() {
        memory.clientServed();
    }

    /**
     * Sends the replies and waits for the memory that the next request wants. To be called when those before it are
     * answered.
     *
     * @throws ProtocolException if there is none for too long
     */
    public void awaitMemory() throws IOException, ProtocolException, InterruptedException {
        output.flush();
        parser.release();
        parser.awaitMemory();
    }

    /** Has messages wait from now on, if they do not. */
    public void beginAnswer() {
        output.begin();
    }

    /** Adds a reply to those that will be sent. */
    public void reply(Reply reply) throws IOException {
        output.reply(reply);
    }

    /** Sends the replies, and after them the messages that came meanwhile. */
    public void sendPushed() throws IOException {
        output.sendPushed();
    }

    /** Sends all replies and gives back what the requests took; messages may go out again. */
    public void endAnswer() throws IOException {
        output.end();
        parser.release();
    }

    /** Sends a message as soon as the client's own replies allow. Does not wait. Any thread. */
    public void push(Reply.Push message) {
        output.push(message);
    }

    /** How many bytes of messages the client has not read yet. Any thread. */
    public long unreadBytes() {
        return output.unreadBytes();
    }

    /**
     * Begins a wait of the command that is running, for something that may take long: sends all replies, and lets
     * messages go out until the wait is closed. It ends early if the client goes, the connection ends, or others
     * {@link #unblock} it.
     *
     * <p>A wait that {@link #kill} or {@link #endSoon} does not see was begun later, and sees that the socket closes.
     */
    public Wait beginWait() throws IOException {
        output.end();
        // What the command holds is kept for as long as it waits, so that it gives way to others that want memory.
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

    /** Whether a command waits. Any thread. */
    public boolean isWaiting() {
        return wait != null;
    }

    /** Ends the wait of its command; whether there was one that nobody had ended. Any thread. */
    public boolean unblock(Wait.End how) {
        Wait present = wait;
        return present != null && present.end(how);
    }

    /** Whether the client sent more behind a command that waits than may wait there. */
    public boolean isTooMuchWaiting() {
        return input.isTooMuchWaiting();
    }

    /** Whether it was asked to end, or has been. Any thread. */
    public boolean isClosing() {
        return socket.isClosing();
    }

    /** Whether it was ended without regard to what it was doing. Any thread. */
    public boolean isKilled() {
        return socket.isKilled();
    }

    /** Answers what is running, and ends then. Any thread. */
    public void endSoon() {
        socket.endSoon();
        unblock(Wait.End.CLIENT_GONE);
    }

    /** Ends the connection at once. Any thread. */
    public void kill() {
        socket.kill();
        unblock(Wait.End.CLIENT_GONE);
    }

    /** Whether the client takes longer than it may, with its next request or with reading. Any thread. */
    public boolean isOverdue(RespTiming timing, boolean subscribed, long nowNanos) {
        if (socket.letsWaitFor(timing.unreadReply(), nowNanos)) {
            return true;
        }
        Since now = since;
        long waitedNanos = nowNanos - now.nanos();
        return switch (now.phase()) {
            case IDLE ->
                !timing.idle().isZero()
                        && !subscribed
                        && waitedNanos > timing.idle().toNanos();
            case HALF_REQUEST -> waitedNanos > timing.halfRequest().toNanos();
            case RUNNING -> false;
        };
    }

    /** Ends it, and gives back what it takes of what all connections share, whatever else fails. */
    @Override
    public void close() throws IOException {
        try (socket;
                input;
                memory) {
            output.close();
        }
    }
}
