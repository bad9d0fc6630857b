package dev.hence.server.resp.connection;

import dev.hence.server.resp.protocol.ProtocolException;
import dev.hence.server.resp.protocol.RequestParser;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What comes in from one client.
 *
 * <p>The connection's own thread reads - but not while it waits in a blocking command. Then a second thread reads
 * ahead ({@link #watch}), a bounded amount, so that a client that disconnects is noticed. That thread cannot be taken
 * out of its read, so the own thread gets from it what it reads until it ends.
 *
 * <p>Belongs to the connection's own thread.
 */
final class Input {

    private static final int AHEAD_BYTES_MAX = 64 << 10;
    private static final int CHUNK_BYTES = 4 << 10;

    private final InputStream in;
    private final RequestParser parser;
    private @Nullable Ahead ahead;

    Input(InputStream in, RequestParser parser) {
        this.in = in;
        this.parser = parser;
    }

    /**
     * Hands the parser what has come, waiting for something if nothing has.
     *
     * @return whether there was anything before the end of the stream
     */
    boolean fill() throws IOException, ProtocolException {
        Ahead reader = ahead;
        if (reader != null) {
            byte[] chunk = reader.next();
            if (chunk != null) {
                parser.feed(chunk, 0, chunk.length);
                return true;
            }
            ahead = null;
        }
        return parser.fill(in) >= 0;
    }

    /** Whether there may be more that can be read without waiting. */
    boolean mayHaveMore() throws IOException {
        return ahead == null && parser.isFull() && in.available() > 0;
    }

    /** Has the client watched while the connection's own thread does not read. */
    void watch(Runnable gone) {
        Ahead present = ahead;
        if (present != null && present.isFull()) {
            // Requests that wait one after another would each have more read; so a client that goes now is missed.
            return;
        }
        if (present == null || !present.goOn(gone)) {
            // A reader that has ended may have left something; it is fed before anything that is read later.
            Ahead fresh = new Ahead(present);
            ahead = fresh;
            fresh.gone = gone;
            Thread.ofVirtual().name("hence-resp-ahead").start(fresh::read);
        }
    }

    /** Ends what {@link #watch} began. */
    void unwatch() {
        Ahead present = ahead;
        if (present != null) {
            present.stop();
        }
    }

    /** A thread that reads ahead. */
    private final class Ahead {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final Queue<byte[]> chunks = new ArrayDeque<>();
        private int chunkBytes;
        private boolean wanted = true;
        private boolean ended;
        private @Nullable Runnable gone;

        private Ahead(@Nullable Ahead before) {
            if (before != null) {
                chunks.addAll(before.chunks);
                chunkBytes = before.chunkBytes;
            }
        }

        private void read() {
            byte[] buffer = new byte[CHUNK_BYTES];
            while (takes(readOnce(buffer), buffer)) {}
        }

        private int readOnce(byte[] buffer) {
            try {
                return in.read(buffer);
            } catch (IOException broken) {
                return -1;
            }
        }

        /** Whether to read on. */
        private boolean takes(int read, byte[] buffer) {
            Runnable toTell = null;
            lock.lock();
            try {
                if (read < 0) {
                    toTell = gone;
                } else {
                    chunks.add(Arrays.copyOf(buffer, read));
                    chunkBytes += read;
                }
                ended = read < 0 || !wanted || chunkBytes >= AHEAD_BYTES_MAX;
                changed.signalAll();
                return !ended;
            } finally {
                lock.unlock();
                if (toTell != null) {
                    toTell.run();
                }
            }
        }

        /** Whether this thread has ended because it read as much as it may, and all of that is still here. */
        private boolean isFull() {
            lock.lock();
            try {
                return ended && chunkBytes >= AHEAD_BYTES_MAX;
            } finally {
                lock.unlock();
            }
        }

        /** Whether this thread still reads, and now for somebody else. */
        private boolean goOn(Runnable toTell) {
            lock.lock();
            try {
                wanted = true;
                gone = toTell;
                return !ended;
            } finally {
                lock.unlock();
            }
        }

        private void stop() {
            lock.lock();
            try {
                wanted = false;
                gone = null;
            } finally {
                lock.unlock();
            }
        }

        /** What was read ahead; null if that was all and this thread has ended. */
        private byte @Nullable [] next() {
            lock.lock();
            try {
                while (chunks.isEmpty() && !ended) {
                    changed.awaitUninterruptibly();
                }
                byte[] chunk = chunks.poll();
                chunkBytes -= chunk == null ? 0 : chunk.length;
                return chunk;
            } finally {
                lock.unlock();
            }
        }
    }
}
