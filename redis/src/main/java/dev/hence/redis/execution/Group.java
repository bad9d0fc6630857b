package dev.hence.redis.execution;

/** The groups of commands, as the reference and {@code COMMAND DOCS} show them. */
public enum Group {
    STRING("string", "Strings and counters"),
    GENERIC("generic", "Keys"),
    HASH("hash", "Hashes"),
    SET("set", "Sets"),
    SORTED_SET("sorted-set", "Sorted sets"),
    LIST("list", "Lists"),
    TRANSACTIONS("transactions", "Transactions"),
    PUBSUB("pubsub", "Publish and subscribe"),
    CAUSAL("causal", "Causality"),
    CONNECTION("connection", "Connections"),
    SERVER("server", "The node"),
    UNSUPPORTED("unsupported", "Not supported");

    private final String redisName;
    private final String title;

    Group(String redisName, String title) {
        this.redisName = redisName;
        this.title = title;
    }

    /** The name used by Redis. */
    public String redisName() {
        return redisName;
    }

    /** The heading in the reference. */
    public String title() {
        return title;
    }
}
