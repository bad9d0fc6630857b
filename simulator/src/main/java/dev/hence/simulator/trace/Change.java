package dev.hence.simulator.trace;

import java.math.BigDecimal;

/** A change by an update to one key, to one element of a key's collections, or to a key's deadline. */
public sealed interface Change {
    /** The key. */
    String key();

    /**
     * A string is assigned, and everything that the key held before is removed.
     *
     * @param deadlineMillis when the key expires by wall clocks; {@link Contents#NEVER}, or {@link Contents#KEEP} if
     *     its deadline stays as it is
     */
    record Set(String key, String value, long deadlineMillis) implements Change {}

    /** Everything that the key held is removed. */
    record Delete(String key) implements Change {}

    /** An element is assigned a value, or added to a set. */
    record Put(String key, Type type, String element, String value) implements Change {}

    /** An element is removed. */
    record Remove(String key, Type type, String element) implements Change {}

    /**
     * A number is added to the number in an element, or in the string of the key.
     *
     * @param element empty for the string
     */
    record Add(String key, Type type, String element, BigDecimal delta) implements Change {}

    /** The key has another deadline, or none if that is {@link Contents#NEVER}. */
    record Expire(String key, long deadlineMillis) implements Change {}
}
