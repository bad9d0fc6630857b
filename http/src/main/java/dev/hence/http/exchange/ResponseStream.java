package dev.hence.http.exchange;

import dev.hence.node.memory.MemoryHolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

/**
 * The body of a response that is produced while it is sent.
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

    // So small that the JDK's copy of it outside the heap is, and that its end tells that the client reads.
    private static final int PART_BYTES = 64 << 10;

    private final Content.Sink sink;
    private final MemoryHolder memory;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private volatile boolean ended;

    /** @param memory of the connection; it is told while the stream waits for its client */
    public ResponseStream(Content.Sink sink, MemoryHolder memory) {
        this.sink = sink;
        this.memory = memory;
    }

    /** From which what is made for the stream and not sent yet is claimed. */
    public MemoryHolder memory() {
        return memory;
    }

    /** Whether the node wants the stream to end, because it closes. */
    public boolean ended() {
        return ended;
    }

    /** Asks the stream to end when it has nothing to do, at its next keep-alive at the latest. */
    public void end() {
        ended = true;
    }

    /** Sends the head of the answer, so that the client knows that it was accepted. */
    public void begin() throws IOException {
        send(BufferUtil.EMPTY_BUFFER);
    }

    @Override
    public void write(int oneByte) throws IOException {
        if (buffered == buffer.length) {
            flush();
        }
        buffer[buffered++] = (byte) oneByte;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.length - buffered) {
            flush();
        }
        if (length >= buffer.length) {
            for (int at = offset; at < offset + length; at += PART_BYTES) {
                send(ByteBuffer.wrap(bytes, at, Math.min(PART_BYTES, offset + length - at)));
            }
        } else {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        }
    }

    /** Sends what was written so far, and returns when the operating system has taken it. */
    @Override
    public void flush() throws IOException {
        if (buffered > 0) {
            int length = buffered;
            buffered = 0;
            send(ByteBuffer.wrap(buffer, 0, length));
        }
    }

    /** Sends what was written so far; the answer itself is complete when its stream returns. */
    @Override
    public void close() throws IOException {
        flush();
    }

    private void send(ByteBuffer bytes) throws IOException {
        memory.awaitsClient();
        try (Blocker.Callback sent = Blocker.callback()) {
            sink.write(false, bytes, sent);
            sent.block();
        } catch (IOException gone) {
            throw new ClientGoneException("the client has stopped reading", gone);
        } finally {
            memory.clientServed();
        }
    }
}
