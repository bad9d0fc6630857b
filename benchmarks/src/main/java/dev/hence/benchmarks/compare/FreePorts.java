package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that are free now, below the range that operating systems use for outgoing connections. */
final class FreePorts {

    private static final int PORT_MIN = 15_000;
    private static final int PORT_MAX = 32_000;
    private static final int ATTEMPTS_MAX = 1_000;

    private FreePorts() {}

    static List<Integer> pick(int count) throws IOException {
        Set<Integer> picked = new LinkedHashSet<>();
        for (int attempt = 0; picked.size() < count; attempt++) {
            if (attempt == ATTEMPTS_MAX) {
                throw new IOException("free ports: " + picked + " (expected: " + count + ")");
            }
            int port = ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX);
            if (isFree(port)) {
                picked.add(port);
            }
        }
        return new ArrayList<>(picked);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
