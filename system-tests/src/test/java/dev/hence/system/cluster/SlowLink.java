package dev.hence.system.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A slow network in front of a node: connections to its port reach the node, and the node's responses pass at a limited
 * rate until the link is made fast.
 */
public final class SlowLink implements AutoCloseable {

    private static final int PIECE_BYTES = 1 << 10;

    private final ServerSocket listening;
    private final int nodePort;
    private final long pauseMillis;
    private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean fast;

    /** @param bytesPerSecond approximate rate of each connection */
    public SlowLink(NodeProcess node, int bytesPerSecond) throws IOException {
        this.nodePort = node.port();
        this.pauseMillis = Math.max(1, 1_000L * PIECE_BYTES / bytesPerSecond);
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::acceptAll);
    }

    /** The address to connect to instead of the node's own. */
    public String address() {
        return "localhost:" + listening.getLocalPort();
    }

    /** Removes the rate limit from now on. */
    public void makeFast() {
        fast = true;
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), nodePort);
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> copy(near, far, false));
                Thread.ofVirtual().start(() -> copy(far, near, true));
            }
        } catch (IOException closed) {
            // The test has ended, or the node has.
        }
    }

    private void copy(Socket from, Socket to, boolean slowly) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE_BYTES];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                out.write(piece, 0, read);
                if (slowly && !fast) {
                    Thread.sleep(pauseMillis);
                }
            }
        } catch (IOException closed) {
            // Both ends are closed in that case.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
