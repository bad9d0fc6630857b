package dev.hence.redis.execution;

/** Which replies a client wants. */
public enum ReplyMode {
    /** All. */
    ON,
    /** None. */
    OFF,
    /** All but the reply to the next command. */
    SKIP
}
