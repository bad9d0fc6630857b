package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryBudget;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The output to one client: replies of its own thread, and messages pushed by other threads.
 *
 * <p>While the connection's own thread answers requests ({@link #begin} to {@link #end}) messages are held back. A
 * message therefore never comes between two replies, nor before the reply that confirms the subscription. At other
 * times a push starts a virtual thread that sends the pending messages; only that thread and the connection's own ever
 * block on the client. Unread messages take bounded memory per client and for all clients together
 * ({@link UnreadMessages}); a client that exceeds a bound is disconnected.
 *
 * <p>Thread-safe; all but {@link #push}, {@link #protocol()}, {@link #unreadBytes} and {@link #close} are for the thread
 * that has the connection.
 */
final class Output {

    static final long UNREAD_BYTES_MAX = 32L << 20;

    private final OutputStream out;
    private final ReplyWriter replies;
    private final ReplyWriter messages;
    private final Runnable overflow;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sent = lock.newCondition();
    private final UnreadMessages unread;
    private final Queue<Unsent> unsent = new ArrayDeque<>();
    // The message being sent; its memory counts until the client has received it.
    private @Nullable Unsent present;
    private long unsentBytes;
    private volatile int protocol = 2;
    private boolean answering;
    private boolean sending;
    private boolean closed;

    /** @param counted whether it counts towards the unread messages of all clients */
    private record Unsent(Reply.Push message, long bytes, boolean counted) {}

    /** @param overflow ends the connection; called once, on the thread that pushed too much */
    Output(OutputStream out, UnreadMessages unread, Runnable overflow) {
        this.unread = unread;
        this.out = out;
        this.replies = new ReplyWriter(out);
        this.messages = new ReplyWriter(out);
        this.overflow = overflow;
    }

    /** The protocol version, 2 or 3. Any thread. */
    int protocol() {
        return protocol;
    }

    /** Sets the protocol version from now on. */
    void protocol(int version) {
        protocol = version;
    }

    /** Holds messages back from now on. */
    void begin() {
        lock.lock();
        try {
            answering = true;
            while (sending) {
                sent.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Same as {@link #begin}, without waiting; returns false, and does nothing, if it would wait. */
    boolean tryBegin() {
        lock.lock();
        try {
            answering |= !sending;
            return answering;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a reply. */
    void reply(Reply reply) throws IOException {
        replies.write(reply, protocol);
    }

    /** Sends what could not be sent without waiting. */
    void sendKept() throws IOException {
        out.flush();
    }

    /** Sends the replies. */
    void flush() throws IOException {
        replies.flush();
    }

    /** Sends the replies and the messages held back, and stops holding messages back. */
    void end() throws IOException {
        sendPushed();
        // No thread is sending, so messages that arrived since are sent by a new thread.
        lock.lock();
        try {
            answering = false;
            startSending();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Same as {@link #end}, for a thread that must not wait for the client.
     *
     * @param keeps whether bytes are kept that could not be sent at once
     * @return false if messages are held back, or some replies could not be sent: call {@link #end} where that may wait
     */
    boolean tryEnd(BooleanSupplier keeps) throws IOException {
        replies.flush();
        lock.lock();
        try {
            if (!unsent.isEmpty() || keeps.getAsBoolean()) {
                return false;
            }
            answering = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Sends the replies, and after them the messages held back so far. */
    void sendPushed() throws IOException {
        replies.flush();
        for (Reply.Push message = next(false); message != null; message = next(false)) {
            messages.write(message, protocol);
        }
        messages.flush();
    }

    /** Sends a message as soon as the client's own replies allow. Any thread. */
    void push(Reply.Push message) {
        long bytes = Reply.sizeBytes(message);
        Output ended = tryPush(message, bytes);
        while (ended != null) {
            ended.close();
            ended.overflow.run();
            ended = ended == this ? null : tryPush(message, bytes);
        }
    }

    /** @return null if the message was accepted, or this is closed; otherwise the output that must be ended first */
    private @Nullable Output tryPush(Reply.Push message, long bytes) {
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            if (unsentBytes + bytes > UNREAD_BYTES_MAX) {
                return this;
            }
            boolean counted = unsentBytes + bytes > MemoryBudget.SMALL_BYTES;
            Output ended = counted ? unread.tryAdd(this, message, bytes) : null;
            if (ended == null) {
                unsent.add(new Unsent(message, bytes, counted));
                unsentBytes += bytes;
                startSending();
            }
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** The size of the client's unread messages, in bytes. Any thread. */
    long unreadBytes() {
        lock.lock();
        try {
            return unsentBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Drops all messages, pending and future. */
    void close() {
        lock.lock();
        try {
            discard();
        } finally {
            lock.unlock();
        }
    }

    private void discard() {
        closed = true;
        done();
        unsent.forEach(this::forget);
        unsent.clear();
        unsentBytes = 0;
    }

    /** Marks the message being sent as sent. */
    private void done() {
        if (present != null) {
            forget(present);
            present = null;
        }
    }

    private void forget(Unsent each) {
        if (each.counted()) {
            unread.remove(this, each.message(), each.bytes());
        }
    }

    private void startSending() {
        if (!unsent.isEmpty() && !answering && !sending) {
            sending = true;
            Thread.ofVirtual().name("hence-resp-push").start(this::send);
        }
    }

    private void send() {
        try {
            Reply.Push message = next(true);
            while (message != null) {
                messages.write(message, protocol);
                Reply.Push following = next(true);
                if (following == null) {
                    messages.flush();
                    following = next(true);
                }
                message = following;
            }
        } catch (IOException gone) {
            close();
        } finally {
            lock.lock();
            try {
                sending = false;
                sent.signalAll();
                startSending();
            } finally {
                lock.unlock();
            }
        }
    }

    /** @param yields whether the connection's own thread takes precedence */
    private Reply.@Nullable Push next(boolean yields) {
        lock.lock();
        try {
            done();
            if (yields && answering) {
                return null;
            }
            present = unsent.poll();
            if (present == null) {
                return null;
            }
            unsentBytes -= present.bytes();
            return present.message();
        } finally {
            lock.unlock();
        }
    }
}
