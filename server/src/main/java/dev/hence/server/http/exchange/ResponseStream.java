package dev.hence.server.http.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that is made while it is sent.
 *
 * <p>Writing blocks while the client does not read, so a stream takes one buffer of memory however slow its
 * reader is; a reader that takes nothing for as long as the connection may be idle counts as gone. HTTP/1.1
 * tells a server of a client's departure only when it writes, so a stream that may be idle for long writes
 * something from time to time.
 *
 * <p>A stream belongs to the thread of its handler; only {@link #end} may be called from others.
 */
public final class ResponseStream extends OutputStream {

    private static final int BUFFER_BYTES = 32 << 10;

    private final Content.Sink sink;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;

    // Guards the two below: the thread is interrupted only while it waits, never while it writes.
    private final ReentrantLock waiting = new ReentrantLock();
    private @Nullable Thread waiter;
    private boolean ended;

    public ResponseStream(Content.Sink sink) {
        this.sink = sink;
    }

    @Override
    public void write(int oneByte) throws IOException {
        if (buffered == buffer.length) {
            drain();
        }
        buffer[buffered++] = (byte) oneByte;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.length - buffered) {
            drain();
        }
        if (length >= buffer.length) {
            send(ByteBuffer.wrap(bytes, offset, length));
        } else {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        }
    }

    /** Sends what was written so far, and returns when the operating system has taken it. */
    @Override
    public void flush() throws IOException {
        drain();
    }

    /** Sends what was written so far; the answer goes on until its stream returns. */
    @Override
    public void close() throws IOException {
        drain();
    }

    /** Sends the head of the answer, so that the client knows that it was accepted. */
    public void begin() throws IOException {
        send(BufferUtil.EMPTY_BUFFER);
    }

    /** Whether the node wants the stream to end, because it closes. */
    public boolean ended() {
        waiting.lock();
        try {
            return ended;
        } finally {
            waiting.unlock();
        }
    }

    /**
     * Waits for what is to be sent next. If the node closes meanwhile, the wait is interrupted.
     *
     * @return what the wait returned; null if the stream is to end
     */
    public <T> @Nullable T await(Callable<T> wait) throws Exception {
        if (!startWaiting()) {
            return null;
        }
        try {
            return wait.call();
        } catch (InterruptedException interrupted) {
            if (ended()) {
                return null;
            }
            throw interrupted;
        } finally {
            stopWaiting();
        }
    }

    /** Asks the stream to end soon. */
    public void end() {
        waiting.lock();
        try {
            ended = true;
            if (waiter != null) {
                waiter.interrupt();
            }
        } finally {
            waiting.unlock();
        }
    }

    private boolean startWaiting() {
        waiting.lock();
        try {
            waiter = Thread.currentThread();
            return !ended;
        } finally {
            waiting.unlock();
        }
    }

    private void stopWaiting() {
        waiting.lock();
        try {
            waiter = null;
            if (ended) {
                // An interrupt that came too late for the wait must not hit the writing after it.
                Thread.interrupted();
            }
        } finally {
            waiting.unlock();
        }
    }

    private void drain() throws IOException {
        if (buffered > 0) {
            int length = buffered;
            buffered = 0;
            send(ByteBuffer.wrap(buffer, 0, length));
        }
    }

    private void send(ByteBuffer bytes) throws IOException {
        try (Blocker.Callback sent = Blocker.callback()) {
            sink.write(false, bytes, sent);
            sent.block();
        } catch (IOException gone) {
            throw new ClientGoneException("the client does not read any more", gone);
        }
    }
}
