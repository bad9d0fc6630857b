package dev.hence.node.peers;

import dev.hence.node.config.PeerAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A peer that accepts connections and then follows its script. */
final class StrangePeer implements AutoCloseable {

    /** Its behaviour on each connection, after it has read the request. */
    @FunctionalInterface
    interface Script {
        void play(OutputStream out) throws Exception;
    }

    /** The head of a response that ends with its connection. */
    static final byte[] HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listening;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();

    StrangePeer(Script script) throws IOException {
        this.script = script;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The output of a writer, as bytes. */
    static byte[] messages(FrameScript script) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        script.write(new FeedWriter(bytes));
        return bytes.toByteArray();
    }

    @FunctionalInterface
    interface FrameScript {
        void write(FeedWriter out) throws IOException;
    }

    PeerAddress address() {
        return new PeerAddress(null, "127.0.0.1", listening.getLocalPort());
    }

    /** The number of connections made to it. */
    int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> play(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void play(Socket socket) {
        try {
            readRequest(socket.getInputStream());
            script.play(socket.getOutputStream());
            // It sends nothing more, but keeps the connection open.
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (Exception gone) {
            // The other side has given up on it, as the tests expect.
        }
    }

    private static void readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length:") + "content-length:".length();
        in.readNBytes(
                Integer.parseInt(lower.substring(at, lower.indexOf("\r\n", at)).strip()));
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException alreadyClosed) {
            // Already closed.
        }
    }
}
