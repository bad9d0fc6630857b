package dev.hence.simulator.trace;

import java.math.BigDecimal;
import java.util.List;

/** What a client asks a node to do with one key. A command on a key that shows another type fails. */
public sealed interface Command {
    /** A lifetime that does not end. */
    long FOR_EVER = Long.MAX_VALUE;

    /** Says that the lifetime stays what it was. */
    long KEEP = Long.MIN_VALUE;

    /** The key. */
    String key();

    /**
     * The same, for another attempt: assigned values are others, so that the attempts can be told apart.
     *
     * @param attempt counts from 0, the first
     */
    default Command again(int attempt) {
        return attempt > 0 && this instanceof Set set && set.value().startsWith("v")
                ? new Set(set.key(), set.value() + "." + attempt, set.lifetimeMillis())
                : this;
    }

    /**
     * Assigns a string, in place of whatever is there.
     *
     * @param lifetimeMillis from then on; {@link #FOR_EVER} or {@link #KEEP}
     */
    record Set(String key, String value, long lifetimeMillis) implements Command {
        /** Without a lifetime. */
        public Set(String key, String value) {
            this(key, value, FOR_EVER);
        }
    }

    /** Removes whatever is there. */
    record Delete(String key) implements Command {}

    /** Assigns a field or a score, or adds a member to a set, for which the value is empty. */
    record Put(String key, Type type, String element, String value) implements Command {}

    /** Removes a field or a member. */
    record Remove(String key, Type type, String element) implements Command {}

    /**
     * Adds to the number in a string, a field or a score; fails if there is something else.
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

    /** Adds an item on one side of the first item that has the value of a given one; nothing without such an item. */
    record Insert(String key, int index, End side, String value) implements Command {}

    /** Removes the item at one end of a list; nothing if there is none. */
    record Pop(String key, End end) implements Command {}

    /** Gives an item of a list another value; nothing if there are not as many. */
    record SetItem(String key, int index, String value) implements Command {}

    /** Removes the first item of a list that has the value of a given one; nothing if there are not as many. */
    record RemoveItem(String key, int index) implements Command {}

    /** Lets a key that is there expire after some time; one that is not positive removes it. */
    record Expire(String key, long lifetimeMillis) implements Command {}

    /** Lets a key that is there stay for ever. */
    record Persist(String key) implements Command {}

    /** An end of a list. */
    enum End {
        FRONT,
        BACK
    }
}
