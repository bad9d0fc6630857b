package dev.hence.redis.connection;

import java.util.List;

/** Everyone who is connected over the Redis protocol. Thread-safe. */
public interface Clients {

    /** All of them, in the order in which they came. */
    List<Client> all();

    /** How many may be connected at a time. */
    int max();
}
