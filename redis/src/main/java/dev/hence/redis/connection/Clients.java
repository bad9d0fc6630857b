package dev.hence.redis.connection;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connected clients of the Redis protocol. Thread-safe. */
public final class Clients {

    private static final Logger log = LoggerFactory.getLogger(Clients.class);

    private final Map<Long, Client> connected = new ConcurrentHashMap<>();
    private final int max;

    /** @param max maximum number of connected clients */
    public Clients(int max) {
        this.max = max;
    }

    /** All clients that are not being disconnected, in order of arrival. */
    public List<Client> all() {
        return connected.values().stream()
                .filter(client -> !client.isKilled())
                .sorted(Comparator.comparingLong(Client::id))
                .toList();
    }

    /** The maximum number of connected clients. */
    public int max() {
        return max;
    }

    /** Whether the maximum number of clients is connected. Clients being disconnected count until they are gone. */
    public boolean isFull() {
        return connected.size() >= max;
    }

    /** Adds a client that has connected. */
    public void add(Client client) {
        connected.put(client.id(), client);
    }

    /** Removes a client that has gone. */
    public void remove(Client client) {
        connected.remove(client.id());
        synchronized (connected) {
            connected.notifyAll();
        }
    }

    /** Blocks until none is connected; returns whether that is so. */
    public boolean awaitNone(Duration atMost) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        synchronized (connected) {
            long leftMillis = atMost.toMillis();
            while (!connected.isEmpty() && leftMillis > 0) {
                connected.wait(leftMillis);
                leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            }
        }
        return connected.isEmpty();
    }

    /** Ends each connection as soon as its running command is answered. Does not block. */
    public void endSoon() {
        connected.values().forEach(Client::endSoon);
    }

    /** Ends all connections at once. */
    public void kill() {
        connected.values().forEach(Client::kill);
    }

    /** Ends the connections whose clients exceed a timeout. */
    public void endOverdue(RespTiming timing, long nowNanos) {
        for (Client client : connected.values()) {
            if (client.isOverdue(timing, nowNanos)) {
                log.debug("Client {} took too long", client.address());
                client.kill();
            }
        }
    }

    /** The number of connected clients, including those being disconnected. */
    public int size() {
        return connected.size();
    }
}
