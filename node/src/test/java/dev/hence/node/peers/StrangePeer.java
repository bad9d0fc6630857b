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

/** A peer that takes connections and then behaves as its script says. */
final class StrangePeer implements AutoCloseable {

    /** What it does on each connection, after it has read the request. */
    @FunctionalInterface
    interface Script {
        void play(OutputStream out) throws Exception;
    }

    /** The head of an answer that ends with its connection. */
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

    /** What a writer writes, as bytes. */
    static byte[] frames(FrameScript script) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        script.write(new FrameWriter(bytes));
        return bytes.toByteArray();
    }

    @FunctionalInterface
    interface FrameScript {
        void write(FrameWriter frames) throws IOException;
    }

    PeerAddress address() {
        return new PeerAddress(null, "127.0.0.1", listening.getLocalPort());
    }

    /** How many connections were made to it. */
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
            // Whatever it did not say it will never say, but it stays on the line.
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (Exception gone) {
            // The other side has given it up, which is what the tests are about.
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
            // So much the better.
        }
    }
}
