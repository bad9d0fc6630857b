package dev.hence.node.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the Redis protocol.
 *
 * @param port where it listens; {@link #OFF} or {@link #ANY} are no ports
 * @param password the password that clients must send first; null for none
 * @param clientsMax maximum number of connections
 * @param idle how long a connection may be idle; zero for no limit
 * @param halfRequest how long the rest of a request may take to arrive
 * @param unreadReply how long a client may leave its replies unread
 */
public record RedisConfig(
        int port,
        @Nullable String password,
        int clientsMax,
        Duration idle,
        Duration halfRequest,
        Duration unreadReply) {

    /** In place of a port: the protocol is not served. */
    public static final int OFF = 0;

    /** In place of a port: any free one, for tests. */
    public static final int ANY = -1;

    /** Not served. */
    public static final RedisConfig NONE = on(OFF);

    /** Served on a port, with the defaults for the rest. */
    public static RedisConfig on(int port) {
        return new RedisConfig(port, null, 10_000, Duration.ZERO, Duration.ofSeconds(300), Duration.ofSeconds(60));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "RedisConfig[port=" + port + ", clientsMax=" + clientsMax + "]";
    }
}
