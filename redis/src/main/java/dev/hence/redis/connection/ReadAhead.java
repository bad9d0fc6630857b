package dev.hence.redis.connection;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends while its connection waits in a blocking command. A second thread reads it, because the end of a
 * connection shows only behind all that was sent before it: a client that pipelines a lot and goes would otherwise stay
 * blocked for good, and be given an element that is lost.
 *
 * <p>That thread cannot be taken out of its read, so the connection's own thread gets from it what it reads until it
 * ends.
 *
 * <p><b>Bound.</b> A connection may have as much waiting here as one request may have. That is as much as the node
 * would take of it at once anyway, and small beside the 1 GiB of Redis's query buffer. What exceeds {@link
 * #FREE_BYTES} is claimed from a budget that all waiting connections share and that is not the budget of requests, so
 * clients that wait cannot keep others from sending. Beyond either the connection ends: the node may neither hold
 * more, nor stop reading, for then it would not see the client go.
 *
 * <p><b>Invariant.</b> While {@link #watch} is in force either the thread reads, or the stream has ended or is too
 * much and the caller was told.
 *
 * <p>Thread-safe; all but the reading belongs to the connection's own thread.
 */
final class ReadAhead {

    /** What a waiting connection may have here without asking for it. */
    static final int FREE_BYTES = 64 << 10;

    private static final int CHUNK_BYTES_MIN = 4 << 10;
    private static final int CHUNK_BYTES_MAX = 64 << 10;
    private static final int CLAIM_BYTES = 256 << 10;

    private final InputStream in;
    private final RequestBudget budget;
    private final int bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> chunks = new ArrayDeque<>();
    private long heldBytes;
    private long claimedBytes;
    private boolean reading;
    private boolean wanted;
    private boolean ended;
    private boolean tooMuch;
    private boolean closed;
    private @Nullable Runnable gone;

    /**
     * @param budget what all waiting connections share
     * @param bytesMax what this one may have
     */
    ReadAhead(InputStream in, RequestBudget budget, int bytesMax) {
        this.in = in;
        this.budget = budget;
        this.bytesMax = bytesMax;
    }

    /** Reads from now on, and tells if the client goes or sends too much, be it that it already has. */
    void watch(Runnable toTell) {
        boolean over;
        lock.lock();
        try {
            over = ended || tooMuch;
            wanted = true;
            gone = toTell;
            if (!over && !reading) {
                reading = true;
                Thread.ofVirtual().name("hence-resp-ahead").start(this::read);
            }
        } finally {
            lock.unlock();
        }
        if (over) {
            toTell.run();
        }
    }

    /** Reads no further than the present read, and tells nothing more. */
    void unwatch() {
        lock.lock();
        try {
            wanted = false;
            gone = null;
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        byte[] buffer = new byte[CHUNK_BYTES_MIN];
        int read = readOnce(buffer);
        while (takes(buffer, read)) {
            // Little is sent as a rule, so the buffer is small until it is filled.
            if (read == buffer.length && read < CHUNK_BYTES_MAX) {
                buffer = new byte[2 * read];
            }
            read = readOnce(buffer);
        }
    }

    private int readOnce(byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException broken) {
            return -1;
        }
    }

    /** Whether to read on. */
    private boolean takes(byte[] buffer, int read) {
        Runnable toTell;
        lock.lock();
        try {
            if (read < 0) {
                ended = true;
            } else if (hold(read)) {
                chunks.add(Arrays.copyOf(buffer, read));
            } else {
                tooMuch = true;
            }
            reading = wanted && !ended && !tooMuch && !closed;
            toTell = ended || tooMuch ? gone : null;
            changed.signalAll();
            if (reading) {
                return true;
            }
        } finally {
            lock.unlock();
        }
        if (toTell != null) {
            toTell.run();
        }
        return false;
    }

    private boolean hold(int bytes) {
        long missing = heldBytes + bytes - FREE_BYTES - claimedBytes;
        if (closed || heldBytes + bytes > bytesMax) {
            return false;
        }
        if (missing > 0) {
            long claim = Math.max(missing, CLAIM_BYTES);
            if (!budget.claim(claim)) {
                return false;
            }
            claimedBytes += claim;
        }
        heldBytes += bytes;
        return true;
    }

    /** Whether the client sent more than may wait, so that the connection has to end: something of it is lost. */
    boolean isTooMuch() {
        lock.lock();
        try {
            return tooMuch;
        } finally {
            lock.unlock();
        }
    }

    /** The next of what was read, waiting for the thread if it reads; null if that was all and it has ended. */
    byte @Nullable [] next() {
        lock.lock();
        try {
            while (chunks.isEmpty() && reading) {
                changed.awaitUninterruptibly();
            }
            byte[] chunk = chunks.poll();
            if (chunk != null) {
                heldBytes -= chunk.length;
                if (heldBytes <= FREE_BYTES) {
                    release();
                }
            }
            return chunk;
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        budget.release(claimedBytes);
        claimedBytes = 0;
    }

    /** Gives back everything; nothing is read ahead any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            chunks.clear();
            heldBytes = 0;
            release();
        } finally {
            lock.unlock();
        }
    }
}
