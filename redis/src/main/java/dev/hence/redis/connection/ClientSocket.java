package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryHolder;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one client. It counts bytes, measures how long the current write has been blocked by the client, and
 * can be closed by any thread, gracefully or at once.
 *
 * <p>Thread-safe.
 */
final class ClientSocket implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ClientSocket.class);

    private final Socket socket;
    private final Traffic traffic;
    private final String address;
    private final String localAddress;
    private volatile long sendingSinceNanos;
    private volatile boolean closing;
    private volatile boolean killed;

    ClientSocket(Socket socket, Traffic traffic) {
        this.socket = socket;
        this.traffic = traffic;
        this.address = address((InetSocketAddress) socket.getRemoteSocketAddress());
        this.localAddress = address((InetSocketAddress) socket.getLocalSocketAddress());
    }

    private static String address(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** The remote address, {@code host:port}. */
    String address() {
        return address;
    }

    /** The local address, {@code host:port}. */
    String localAddress() {
        return localAddress;
    }

    /** The stream from the client. */
    InputStream in() throws IOException {
        return new Counted(socket.getInputStream());
    }

    /** @param memory is notified when the client keeps the node waiting */
    OutputStream out(MemoryHolder memory) throws IOException {
        return new Watched(socket.getOutputStream(), memory);
    }

    /** Whether it has been asked to end, or has ended. */
    boolean isClosing() {
        return closing;
    }

    /** Whether it was ended without waiting for its running command. */
    boolean isKilled() {
        return killed;
    }

    /** Whether the current write has been blocked by the client for longer than this. */
    boolean letsWaitFor(Duration atMost, long nowNanos) {
        long sending = sendingSinceNanos;
        return sending != 0 && nowNanos - sending > atMost.toNanos();
    }

    /** Stops reading; the running command can still be answered. */
    void endSoon() {
        closing = true;
        try {
            socket.shutdownInput();
        } catch (IOException goneAlready) {
            log.debug("Client {} has gone: {}", address, goneAlready.toString());
        }
    }

    /** Ends the connection at once. */
    void kill() {
        killed = true;
        closing = true;
        try {
            socket.close();
        } catch (IOException goneAlready) {
            log.debug("Client {} has gone: {}", address, goneAlready.toString());
        }
    }

    /** Ends the connection because the client holds memory that others need. */
    void cutOff() {
        if (!killed) {
            log.warn(
                    "Client {} is disconnected: it did not go on with a large request or reply while others waited for"
                            + " the memory",
                    address);
            kill();
        }
    }

    /** Ends the connection because the client does not read its messages. */
    void tooMuchUnread() {
        log.warn(
                "Client {} is disconnected: it left too many messages unread (expected: at most {} bytes, and fewer while"
                        + " others leave many)",
                address,
                Output.UNREAD_BYTES_MAX);
        kill();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Records how long a write is blocked by the client, and counts sent bytes. */
    private final class Watched extends FilterOutputStream {
        private final MemoryHolder memory;

        private Watched(OutputStream out, MemoryHolder memory) {
            super(out);
            this.memory = memory;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            sendingSinceNanos = System.nanoTime();
            memory.sends();
            out.write(bytes, from, length);
            memory.sent();
            sendingSinceNanos = 0;
            traffic.sent(length);
        }
    }

    /** Counts received bytes. */
    private final class Counted extends FilterInputStream {
        private Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            if (read > 0) {
                traffic.received(read);
            }
            return read;
        }
    }
}
