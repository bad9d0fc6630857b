package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryHolder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
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

    private final Transport transport;
    private final Traffic traffic;
    private final String address;
    private final String localAddress;
    private volatile long sendingSinceNanos;
    private volatile boolean closing;
    private volatile boolean killed;

    ClientSocket(Transport transport, Traffic traffic) {
        this.transport = transport;
        this.traffic = traffic;
        this.address = address(transport.remoteAddress());
        this.localAddress = address(transport.localAddress());
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

    /** The bytes from the client. */
    Incoming in() {
        return new Counted();
    }

    /** @param memory is notified when the client keeps the node waiting */
    OutputStream out(MemoryHolder memory) {
        return new Watched(memory);
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
            transport.shutdownInput();
        } catch (IOException goneAlready) {
            log.debug("Client {} has gone: {}", address, goneAlready.toString());
        }
    }

    /** Ends the connection at once. */
    void kill() {
        killed = true;
        closing = true;
        try {
            transport.close();
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
        transport.close();
    }

    /** Whether there are bytes that could not be sent without waiting. Only for whoever has the right to write. */
    boolean keeps() {
        return transport.keeps();
    }

    /** Records how long a write is blocked by the client, and counts sent bytes. */
    private final class Watched extends OutputStream {

        /** A write to the client. */
        private interface Sending {
            void run() throws IOException;
        }

        private final MemoryHolder memory;

        private Watched(MemoryHolder memory) {
            this.memory = memory;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (transport.waits()) {
                flush();
                watched(() -> transport.write(bytes, from, length));
            } else {
                transport.write(bytes, from, length);
            }
            traffic.sent(length);
        }

        /** Sends what could not be sent without waiting. */
        @Override
        public void flush() throws IOException {
            while (transport.waits() && transport.keeps()) {
                watched(transport::sendKept);
            }
        }

        private void watched(Sending sending) throws IOException {
            sendingSinceNanos = System.nanoTime();
            memory.sends();
            sending.run();
            memory.sent();
            sendingSinceNanos = 0;
        }
    }

    /** Counts received bytes. */
    private final class Counted implements Incoming {
        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return counted(transport.read(into, from, length));
        }

        @Override
        public int readNow(byte[] into, int from, int length) throws IOException {
            return counted(transport.readNow(into, from, length));
        }

        private int counted(int read) {
            if (read > 0) {
                traffic.received(read);
            }
            return read;
        }
    }
}
