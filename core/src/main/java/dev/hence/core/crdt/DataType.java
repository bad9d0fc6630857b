package dev.hence.core.crdt;

import java.util.Locale;

/** What a key can hold. */
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

    /** The name that Redis clients know it by. */
    public String redisName() {
        return redisName;
    }

    /** The name for people. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
