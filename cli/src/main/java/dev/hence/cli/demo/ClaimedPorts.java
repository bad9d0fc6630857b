package dev.hence.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Consecutive ports that belong to one demo on this machine while it runs, also while no process listens on them: a
 * node that was killed finds its port again when it comes back.
 *
 * <p>A row is claimed by listening on the port behind it, which no node uses. So a claim holds across users and
 * directories, and the operating system lets go of it with the process, however that ends.
 *
 * <p><b>Invariant.</b> No two claims that are open on one machine have a port in common: rows that begin a whole number
 * of steps apart do not overlap, and of one row there is one port to listen on. Of other programs it is only known that
 * none of them listened on a port when it was claimed.
 *
 * <p>Thread-safe.
 */
final class ClaimedPorts implements AutoCloseable {

    /** From one row to the next. */
    static final int STEP = 10;

    private static final int ROWS_MAX = 100;

    // Below what operating systems give to outgoing connections: one of these could take a port meanwhile.
    private static final int ANY_MIN = 20_000;
    private static final int ANY_MAX = 31_000;

    private final int first;
    private final int count;
    private final ServerSocket claim;

    private ClaimedPorts(int first, int count, ServerSocket claim) {
        this.first = first;
        this.count = count;
        this.claim = claim;
    }

    /**
     * Claims the first row that is free and unclaimed.
     *
     * @param first where the wanted row begins; the others begin steps of 10 behind it
     * @param count of ports in a row, less than a step
     * @throws IOException if there is none
     */
    static ClaimedPorts from(int first, int count) throws IOException {
        for (int row = 0; row < ROWS_MAX; row++) {
            Optional<ClaimedPorts> claimed = claim(first + row * STEP, count);
            if (claimed.isPresent()) {
                return claimed.get();
            }
        }
        throw new IOException("ports: none free from " + first + " on (expected: " + count + " in a row)");
    }

    /** Claims some row, far from those that are wanted usually. */
    static ClaimedPorts anywhere(int count) throws IOException {
        int rows = (ANY_MAX - ANY_MIN) / STEP;
        return from(ANY_MIN + STEP * ThreadLocalRandom.current().nextInt(rows), count);
    }

    private static Optional<ClaimedPorts> claim(int first, int count) throws IOException {
        Optional<ServerSocket> claim = listen(first + count);
        if (claim.isEmpty()) {
            return Optional.empty();
        }
        ClaimedPorts claimed = new ClaimedPorts(first, count, claim.get());
        for (int port : claimed.ports()) {
            Optional<ServerSocket> free = listen(port);
            if (free.isEmpty()) {
                claimed.close();
                return Optional.empty();
            }
            free.get().close();
        }
        return Optional.of(claimed);
    }

    private static Optional<ServerSocket> listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Optional.of(socket);
        } catch (IOException taken) {
            socket.close();
            return Optional.empty();
        }
    }

    /** All of the row. */
    List<Integer> ports() {
        return IntStream.range(first, first + count).boxed().toList();
    }

    /** Lets others have them. */
    @Override
    public void close() throws IOException {
        claim.close();
    }
}
