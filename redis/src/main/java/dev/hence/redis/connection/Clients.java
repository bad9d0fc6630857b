package dev.hence.redis.connection;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients that are connected over the Redis protocol. Thread-safe. */
public final class Clients {

    private static final Logger log = LoggerFactory.getLogger(Clients.class);

    private final Map<Long, Client> connected = new ConcurrentHashMap<>();
    private final int max;

    /** @param max how many may be connected at a time */
    public Clients(int max) {
        this.max = max;
    }

    /** All of them that were not disconnected, in the order in which they came. */
    public List<Client> all() {
        return connected.values().stream()
                .filter(client -> !client.isKilled())
                .sorted(Comparator.comparingLong(Client::id))
                .toList();
    }

    /** How many may be connected at a time. */
    public int max() {
        return max;
    }

    /** Whether as many are connected as may be. Those that are being disconnected count until they have gone. */
    public boolean isFull() {
        return connected.size() >= max;
    }

    /** A client has connected. */
    public void add(Client client) {
        connected.put(client.id(), client);
    }

    /** A client has gone. */
    public void remove(Client client) {
        connected.remove(client.id());
    }

    /** Ends each connection as soon as what it runs is answered. Does not wait for that. */
    public void endSoon() {
        connected.values().forEach(Client::endSoon);
    }

    /** Ends all connections at once. */
    public void kill() {
        connected.values().forEach(Client::kill);
    }

    /** Ends the connections whose clients take longer than they may. */
    public void endOverdue(RespTiming timing, long nowNanos) {
        for (Client client : connected.values()) {
            if (client.isOverdue(timing, nowNanos)) {
                log.debug("Client {} took too long", client.address());
                client.kill();
            }
        }
    }

    /** How many are connected, those that are being disconnected included. */
    public int size() {
        return connected.size();
    }
}
