package dev.hence.system.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that are free now.
 *
 * <p>They are below the range that operating systems use for outgoing connections: otherwise a connection could take
 * the port of a node that is down for a moment.
 */
public final class FreePorts {

    private static final int PORT_MIN = 15_000;
    private static final int PORT_MAX = 32_000;
    private static final int ATTEMPTS_MAX = 1_000;

    /** Never given out twice: nodes of other tests keep their ports while they are down. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /** Different free ports, {@code count} of them. Another process may take one before it is used. */
    public static List<Integer> pick(int count) {
        Set<Integer> picked = new LinkedHashSet<>();
        for (int attempt = 0; picked.size() < count; attempt++) {
            if (attempt == ATTEMPTS_MAX) {
                throw new IllegalStateException("free ports: " + picked + " (expected: " + count + ")");
            }
            int port = ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX);
            if (isFree(port) && GIVEN.add(port)) {
                picked.add(port);
            }
        }
        return List.copyOf(picked);
    }

    /** Whether a server can listen on it now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
