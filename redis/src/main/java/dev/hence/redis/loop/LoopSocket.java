package dev.hence.redis.loop;

import dev.hence.redis.connection.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's socket that belongs to an event loop. The loop's thread reads and writes without waiting; other threads
 * may wait for the client ({@link #read}, {@link #write}), and the loop wakes them.
 *
 * <p>What the loop's thread could not send at once is kept in order, and the next write of another thread sends it
 * first.
 *
 * <p>Reads of several threads must not overlap, nor may writes; otherwise thread-safe.
 */
public final class LoopSocket implements Transport {

    private static final Logger log = LoggerFactory.getLogger(LoopSocket.class);
    // The JDK copies what is read or written through memory outside the heap, and keeps that.
    private static final int PART_BYTES_MAX = 64 << 10;

    private final SocketChannel channel;
    private final EventLoop loop;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final Semaphore readable = new Semaphore(0);
    private final Semaphore writable = new Semaphore(0);
    // Handed over with the right to write.
    private final Queue<ByteBuffer> kept = new ArrayDeque<>();

    // Confined to the loop's thread.
    private @Nullable SelectionKey key;
    private @Nullable Runnable listener;
    private boolean listening;
    private int awaited;

    /** @param channel a connected one, not blocking */
    public LoopSocket(SocketChannel channel, EventLoop loop) throws IOException {
        this.channel = channel;
        this.loop = loop;
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        this.local = (InetSocketAddress) channel.getLocalAddress();
    }

    /** The loop that it belongs to. */
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    /**
     * Begins to listen: calls the listener once when something, or the end, has arrived. Call it again for more.
     * Confined to the loop's thread, as are the calls.
     */
    public void listen(Runnable whenArrived) {
        listener = whenArrived;
        listening = true;
        if (!want(SelectionKey.OP_READ)) {
            heard();
        }
    }

    private void heard() {
        listening = false;
        if (listener != null) {
            listener.run();
        }
    }

    /** The loop's thread: the channel is ready. */
    void ready(SelectionKey ready) {
        int ops;
        try {
            ops = ready.readyOps();
            boolean unwanted = (ops & SelectionKey.OP_READ) != 0 && !listening;
            int done = (ops & SelectionKey.OP_WRITE) | (unwanted ? SelectionKey.OP_READ : 0);
            if (done != 0) {
                ready.interestOpsAnd(~done);
            }
        } catch (CancelledKeyException closedMeanwhile) {
            return;
        }
        release(ops & awaited);
        if (listening && (ops & SelectionKey.OP_READ) != 0) {
            heard();
        }
    }

    /** The loop's thread: another one waits for an operation. */
    private void arm(int op) {
        awaited |= op;
        if (!want(op)) {
            release(op);
        }
    }

    private void release(int ops) {
        awaited &= ~ops;
        if ((ops & SelectionKey.OP_READ) != 0) {
            readable.release();
        }
        if ((ops & SelectionKey.OP_WRITE) != 0) {
            writable.release();
        }
    }

    /** Returns false if the channel is closed, as it is when its loop has ended. */
    private boolean want(int op) {
        try {
            if (key == null) {
                key = loop.register(channel, this);
            }
            key.interestOpsOr(op);
            return true;
        } catch (IOException | CancelledKeyException | ClosedSelectorException closed) {
            closeChannel();
            return false;
        }
    }

    @Override
    public int readNow(byte[] into, int from, int length) throws IOException {
        if (!loop.isThisThread()) {
            return channel.read(ByteBuffer.wrap(into, from, Math.min(length, PART_BYTES_MAX)));
        }
        ByteBuffer buffer = loop.buffer();
        buffer.clear().limit(Math.min(length, buffer.capacity()));
        int read = channel.read(buffer);
        if (read > 0) {
            buffer.flip().get(into, from, read);
        }
        return read;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int read = readNow(into, from, length);
        while (read == 0) {
            loop.execute(() -> arm(SelectionKey.OP_READ));
            readable.acquireUninterruptibly();
            read = readNow(into, from, length);
        }
        return read;
    }

    @Override
    public boolean waits() {
        return !loop.isThisThread();
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (loop.isThisThread()) {
            writeNow(bytes, from, length);
        } else {
            while (keeps()) {
                sendKept();
            }
            writeAll(ByteBuffer.wrap(bytes, from, length));
        }
    }

    private void writeNow(byte[] bytes, int from, int length) throws IOException {
        int end = from + length;
        int at = from;
        boolean takesMore = kept.isEmpty();
        while (takesMore && at < end) {
            ByteBuffer buffer = loop.buffer();
            int part = Math.min(end - at, buffer.capacity());
            buffer.clear().put(bytes, at, part).flip();
            int written = channel.write(buffer);
            at += written;
            takesMore = written == part;
        }
        if (at < end) {
            kept.add(ByteBuffer.allocate(end - at).put(bytes, at, end - at).flip());
        }
    }

    @Override
    public boolean keeps() {
        return !kept.isEmpty();
    }

    @Override
    public void sendKept() throws IOException {
        ByteBuffer next = kept.peek();
        if (next != null) {
            writeAll(next);
            kept.remove();
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(Math.min(end, bytes.position() + PART_BYTES_MAX));
            if (channel.write(bytes) == 0) {
                loop.execute(() -> arm(SelectionKey.OP_WRITE));
                writable.acquireUninterruptibly();
            }
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    /** Wakes all that wait for the client; they find that it is closed. */
    @Override
    public void close() {
        closeChannel();
        loop.execute(this::closed);
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException failed) {
            log.debug("Client {} has gone: {}", remote, failed.toString());
        }
    }

    private void closed() {
        release(awaited);
        if (listening) {
            heard();
        }
    }
}
