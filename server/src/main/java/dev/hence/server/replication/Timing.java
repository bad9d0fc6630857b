package dev.hence.server.replication;

import java.time.Duration;

/**
 * The intervals of replication.
 *
 * @param heartbeatInterval how often a node tells its followers its clocks
 * @param silenceMax after how long without a frame a stream counts as dead
 * @param relayIdleMax after how long without updates a node ends a feed of another origin's updates
 * @param retryFirst how long to wait after the first failure to connect
 * @param retryMax how long at most, after doubling it at each further one
 */
record Timing(
        Duration heartbeatInterval,
        Duration silenceMax,
        Duration relayIdleMax,
        Duration retryFirst,
        Duration retryMax) {

    static final Timing DEFAULT = new Timing(
            Duration.ofMillis(250),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMillis(50),
            Duration.ofSeconds(2));
}
