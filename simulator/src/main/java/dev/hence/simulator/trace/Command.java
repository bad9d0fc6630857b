package dev.hence.simulator.trace;

import java.math.BigDecimal;
import java.util.List;

/** A client's command on one key. A command on a key of another type fails. */
public sealed interface Command {
    /** A lifetime that does not end. */
    long FOR_EVER = Long.MAX_VALUE;

    /** The lifetime of an assignment that keeps the present one. */
    long KEEP = Long.MIN_VALUE;

    /** The key. */
    String key();

    /**
     * Returns this command for another attempt, with other values, so that the attempts are distinguishable.
     *
     * @param attempt counts from 0, the first
     */
    default Command again(int attempt) {
        return attempt > 0 && this instanceof Set set && set.value().startsWith("v")
                ? new Set(set.key(), set.value() + "." + attempt, set.lifetimeMillis())
                : this;
    }

    /**
     * Assigns a string, replacing whatever the key holds.
     *
     * @param lifetimeMillis from then on; {@link #FOR_EVER} or {@link #KEEP}
     */
    record Set(String key, String value, long lifetimeMillis) implements Command {
        /** Without a lifetime. */
        public Set(String key, String value) {
            this(key, value, FOR_EVER);
        }
    }

    /** Removes the key. */
    record Delete(String key) implements Command {}

    /** Assigns a field or a score, or adds a member to a set, for which the value is empty. */
    record Put(String key, Type type, String element, String value) implements Command {}

    /** Removes a field or a member. */
    record Remove(String key, Type type, String element) implements Command {}

    /**
     * Adds to the number in a string, a field or a score; fails if the value is not a number.
     *
     * @param element empty for a string
     */
    record Add(String key, Type type, String element, BigDecimal delta) implements Command {}

    /** Adds items at one end of a list, one after the other. */
    record Push(String key, End end, List<String> values) implements Command {
        /** Copies the list. */
        public Push {
            values = List.copyOf(values);
        }
    }

    /**
     * Adds an item on one side of the first item with the same value as a given one; does nothing without such an item.
     */
    record Insert(String key, int index, End side, String value) implements Command {}

    /** Removes the item at one end of a list; does nothing if there is none. */
    record Pop(String key, End end) implements Command {}

    /** Assigns another value to an item of a list; does nothing if the index is out of range. */
    record SetItem(String key, int index, String value) implements Command {}

    /**
     * Removes the first item of a list with the same value as a given one; does nothing if the index is out of range.
     */
    record RemoveItem(String key, int index) implements Command {}

    /** Sets an existing key to expire after some time; a time that is not positive removes it. */
    record Expire(String key, long lifetimeMillis) implements Command {}

    /** Removes the deadline of an existing key. */
    record Persist(String key) implements Command {}

    /** An end of a list. */
    enum End {
        FRONT,
        BACK
    }
}
