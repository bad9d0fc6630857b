package dev.hence.node.peers;

import java.time.Duration;

/**
 * The intervals of replication.
 *
 * @param heartbeatInterval how often a node tells its followers its clocks
 * @param silenceMax after how long without a frame a stream counts as dead
 * @param relayIdleMax after how long without updates a node ends a feed of another origin's updates
 * @param retryFirst how long to wait after the first failure to connect
 * @param retryMax how long at most, after doubling it at each further one
 * @param absentMax for how long a node that has started waits for a peer before it calls itself ready
 * @param strangerGrace how long an unknown node follows this one before that is taken for a mistake
 */
record Timing(
        Duration heartbeatInterval,
        Duration silenceMax,
        Duration relayIdleMax,
        Duration retryFirst,
        Duration retryMax,
        Duration absentMax,
        Duration strangerGrace) {

    private static final Duration ABSENT_MAX = Duration.ofSeconds(5);
    private static final Duration STRANGER_GRACE = Duration.ofSeconds(10);

    static final Timing DEFAULT = new Timing(
            Duration.ofMillis(250),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMillis(50),
            Duration.ofSeconds(2));

    /** As usual where it waits for peers. */
    Timing(
            Duration heartbeatInterval,
            Duration silenceMax,
            Duration relayIdleMax,
            Duration retryFirst,
            Duration retryMax) {
        this(heartbeatInterval, silenceMax, relayIdleMax, retryFirst, retryMax, ABSENT_MAX, STRANGER_GRACE);
    }
}
