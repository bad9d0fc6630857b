package dev.hence.redis.execution;

/** What clients may want to know of a command before they send it; the names are those that Redis uses. */
public enum Flag {
    /** Takes constant or logarithmic time. */
    FAST,
    /** May be sent before AUTH. */
    NO_AUTH,
    /** Always answers an error that says why it is not there; clients that ask for commands are not told of it. */
    REFUSED,
    /** Cannot be queued by MULTI. */
    NO_MULTI,
    /** Runs at once within MULTI rather than being queued. */
    WITHIN_MULTI,
    /** For operators. */
    ADMIN,
    /** About channels. */
    PUBSUB,
    /** May be sent while subscribed in RESP2. */
    WHILE_SUBSCRIBED,
    /** May wait. */
    BLOCKING,
    /** Walks a collection or the keyspace: never run on the writer unless within MULTI. */
    WALKS
}
