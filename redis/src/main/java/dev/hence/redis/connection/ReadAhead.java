package dev.hence.redis.connection;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Input that a client sends while its connection waits in a blocking command. A second thread reads it, because the end
 * of a stream is visible only after everything sent before it. Otherwise a client that pipelines much and disconnects
 * would stay blocked forever, and might be given an element, which would be lost.
 *
 * <p>A blocked read cannot be interrupted, so the connection's own thread receives that thread's input until it ends.
 *
 * <p><b>Bound.</b> A connection may hold as much input here as one request may have. The node would accept that much
 * from it at once anyway, and it is small compared to the 1 GiB of Redis's query buffer. Input beyond
 * {@link #FREE_BYTES} is claimed from a budget that all waiting connections share. It is separate from the budget of
 * requests, so waiting clients cannot prevent others from sending. Beyond either limit the connection ends: the node
 * may neither hold more nor stop reading, because it would then not detect that the client has gone.
 *
 * <p><b>Invariant.</b> While {@link #watch} is in force, either the thread reads, or the stream has ended or exceeds
 * its bound and the caller was notified.
 *
 * <p>Thread-safe; everything except reading is confined to the connection's own thread.
 */
final class ReadAhead {

    /** What a waiting connection may hold here without claiming it. */
    static final int FREE_BYTES = 64 << 10;

    private static final int CHUNK_BYTES_MIN = 4 << 10;
    private static final int CHUNK_BYTES_MAX = 64 << 10;
    private static final int CLAIM_BYTES = 256 << 10;

    private final Incoming in;
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
     * @param budget shared by all waiting connections
     * @param bytesMax the maximum for this connection
     */
    ReadAhead(Incoming in, RequestBudget budget, int bytesMax) {
        this.in = in;
        this.budget = budget;
        this.bytesMax = bytesMax;
    }

    /** Starts reading, and notifies the caller if the client goes or sends too much, including if it already has. */
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

    /** Stops reading after the current read, and stops notifying. */
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
            // Input is usually small, so the buffer is small until it is filled.
            if (read == buffer.length && read < CHUNK_BYTES_MAX) {
                buffer = new byte[2 * read];
            }
            read = readOnce(buffer);
        }
    }

    private int readOnce(byte[] buffer) {
        try {
            return in.read(buffer, 0, buffer.length);
        } catch (IOException broken) {
            return -1;
        }
    }

    /** Stores the bytes read; returns whether to continue reading. */
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

    /** Whether the client sent more than is allowed. Some of its input is lost, so the connection must end. */
    boolean isTooMuch() {
        lock.lock();
        try {
            return tooMuch;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next input that was read ahead; blocks while the thread reads, and returns null once it has ended and all was
     * returned.
     */
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

    /** Releases all memory and stops reading ahead. */
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
