package dev.hence.simulator.trace;

/** The type of a key's value. */
public enum Type {
    STRING("string"),
    HASH("hash"),
    SET("set"),
    SORTED_SET("sorted set"),
    LIST("list");

    private final String words;

    Type(String words) {
        this.words = words;
    }

    /** The name in messages. */
    @Override
    public String toString() {
        return words;
    }
}
