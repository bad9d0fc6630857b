package dev.hence.redis.session;

/** Which replies a client wants. */
public enum ReplyMode {
    /** All. */
    ON,
    /** None. */
    OFF,
    /** All but the reply to the next command. */
    SKIP
}
