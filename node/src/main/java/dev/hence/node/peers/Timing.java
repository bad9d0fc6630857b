package dev.hence.node.peers;

import java.time.Duration;

/**
 * The intervals of replication.
 *
 * @param heartbeatInterval how often a node sends its clocks to its followers
 * @param silenceMax how long without a frame until a stream counts as dead
 * @param relayIdleMax how long without updates until a node ends a feed of another origin's updates
 * @param retryFirst the delay after the first failure to connect
 * @param retryMax the maximum delay, after doubling it at each further failure
 * @param absentMax how long a node that has started waits for a peer before it reports itself ready
 * @param strangerGrace how long an unknown node may follow this one before that counts as a misconfiguration
 * @param logInterval how often a node looks what it can delete of its log
 */
record Timing(
        Duration heartbeatInterval,
        Duration silenceMax,
        Duration relayIdleMax,
        Duration retryFirst,
        Duration retryMax,
        Duration absentMax,
        Duration strangerGrace,
        Duration logInterval) {

    private static final Duration ABSENT_MAX = Duration.ofSeconds(5);
    private static final Duration STRANGER_GRACE = Duration.ofSeconds(10);

    private static final Duration LOG_INTERVAL = Duration.ofSeconds(1);

    static final Timing DEFAULT = new Timing(
            Duration.ofMillis(250),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMillis(50),
            Duration.ofSeconds(2));

    /** The given intervals, with the default waits for peers. */
    Timing(
            Duration heartbeatInterval,
            Duration silenceMax,
            Duration relayIdleMax,
            Duration retryFirst,
            Duration retryMax) {
        this(
                heartbeatInterval,
                silenceMax,
                relayIdleMax,
                retryFirst,
                retryMax,
                ABSENT_MAX,
                STRANGER_GRACE,
                LOG_INTERVAL);
    }
}
