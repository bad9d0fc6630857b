package dev.hence.redis.execution;

/** Properties of a command that clients may query; the names are those of Redis. */
public enum Flag {
    /** Takes constant or logarithmic time. */
    FAST,
    /** May be sent before AUTH. */
    NO_AUTH,
    /** Always replies with an error that explains why it is not supported; hidden from clients that list commands. */
    REFUSED,
    /** Cannot be queued by MULTI. */
    NO_MULTI,
    /** Runs immediately within MULTI instead of being queued. */
    WITHIN_MULTI,
    /** For operators. */
    ADMIN,
    /** About channels. */
    PUBSUB,
    /** May be sent while subscribed in RESP2. */
    WHILE_SUBSCRIBED,
    /** May block. */
    BLOCKING,
    /**
     * Iterates over a collection, the keyspace or all commands: never run by a thread that serves others as well, such as
     * the writer's, unless within MULTI.
     */
    WALKS,
    /** Reads values that are not part of its reply, and drops each before it reads the next. */
    DROPS_VALUES
}
