package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryBudget;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to one client: the replies of its own thread, and messages that other threads push.
 *
 * <p>While its own thread answers requests ({@link #begin} to {@link #end}) messages wait, so a message never comes
 * between a reply and the next, nor before the reply that tells the client that it is subscribed. At other times
 * whoever pushes starts a virtual thread that sends what has gathered; so nobody but the two ever waits for the
 * client. Messages that a client leaves unread take bounded memory, and so do those of all clients together
 * ({@link UnreadMessages}): beyond it the client is disconnected.
 *
 * <p>Thread-safe; {@link #begin}, {@link #reply}, {@link #flush} and {@link #end} belong to the connection's own
 * thread.
 */
final class Output {

    static final long UNREAD_BYTES_MAX = 32L << 20;

    private final ReplyWriter replies;
    private final ReplyWriter messages;
    private final Runnable overflow;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sent = lock.newCondition();
    private final UnreadMessages unread;
    private final Queue<Unsent> unsent = new ArrayDeque<>();
    // What is being sent; it takes its memory until the client has it.
    private @Nullable Unsent present;
    private long unsentBytes;
    private volatile int protocol = 2;
    private boolean answering;
    private boolean sending;
    private boolean closed;

    /** @param counted whether it counts among what all clients have not read */
    private record Unsent(Reply.Push message, long bytes, boolean counted) {}

    /** @param overflow ends the connection; called once, on whatever thread pushed too much */
    Output(OutputStream out, UnreadMessages unread, Runnable overflow) {
        this.unread = unread;
        this.replies = new ReplyWriter(out);
        this.messages = new ReplyWriter(out);
        this.overflow = overflow;
    }

    /** The version of the protocol, 2 or 3. Any thread. */
    int protocol() {
        return protocol;
    }

    /** Writes in this version from now on. */
    void protocol(int version) {
        protocol = version;
    }

    /** Has messages wait from now on. */
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

    /** Adds a reply. */
    void reply(Reply reply) throws IOException {
        replies.write(reply, protocol);
    }

    /** Sends the replies. */
    void flush() throws IOException {
        replies.flush();
    }

    /** Sends the replies and the messages that came meanwhile, and lets messages go out again. */
    void end() throws IOException {
        sendPushed();
        // Nobody is sending, so what came since is sent by a thread of its own.
        lock.lock();
        try {
            answering = false;
            startSending();
        } finally {
            lock.unlock();
        }
    }

    /** Sends the replies, and after them the messages that came meanwhile. */
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

    /** @return null if it is taken, or this is closed; otherwise the one that has to be ended first */
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

    /** How many bytes of messages the client has not read yet. Any thread. */
    long unreadBytes() {
        lock.lock();
        try {
            return unsentBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all messages, now and later. */
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

    /** What was being sent has been. */
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

    /** @param yields whether the connection's own thread goes first */
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
