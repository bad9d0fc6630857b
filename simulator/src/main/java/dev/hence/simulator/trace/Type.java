package dev.hence.simulator.trace;

/** What a key can hold. */
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

    /** The name for people. */
    @Override
    public String toString() {
        return words;
    }
}
