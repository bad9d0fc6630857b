package dev.hence.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;

/**
 * The maximum number of connections. A further connection is accepted only to report that: its first request is
 * answered with the limit, and it is closed, at the latest when it has said nothing for a second. Those beyond three
 * times the bound are not even accepted, but wait in the operating system's queue (see {@link HttpServer}).
 *
 * <p>Thread-safe.
 */
final class ConnectionCap implements Connection.Listener {

    private static final long IDLE_MILLIS_BEYOND = 1_000;

    private final int connectionsMax;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Connection> beyond = ConcurrentHashMap.newKeySet();

    ConnectionCap(int connectionsMax) {
        this.connectionsMax = connectionsMax;
    }

    /** How many connections are open. */
    int open() {
        return open.get();
    }

    int connectionsMax() {
        return connectionsMax;
    }

    /** Whether the connection is one too many. */
    boolean isBeyond(Connection connection) {
        return !beyond.isEmpty() && beyond.contains(connection);
    }

    @Override
    public void onOpened(Connection connection) {
        if (open.incrementAndGet() > connectionsMax) {
            beyond.add(connection);
            connection.getEndPoint().setIdleTimeout(IDLE_MILLIS_BEYOND);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.decrementAndGet();
        beyond.remove(connection);
    }
}
