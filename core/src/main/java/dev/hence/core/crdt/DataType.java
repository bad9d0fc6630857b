package dev.hence.core.crdt;

import java.util.Locale;

/** The type of a key's value. */
public enum DataType {
    STRING("string"),
    HASH("hash"),
    SET("set"),
    SORTED_SET("zset"),
    LIST("list");

    private final String redisName;

    DataType(String redisName) {
        this.redisName = redisName;
    }

    /** The type's name in the Redis protocol. */
    public String redisName() {
        return redisName;
    }

    /** The type's name in messages. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
