package dev.hence.core.commands;

import dev.hence.core.crdt.Deadlines;

/** A condition on setting a deadline. A key that does not expire counts as expiring after all others. */
public enum DeadlineCondition {
    /** The key has no deadline. */
    NONE_YET,
    /** The key has a deadline. */
    ONE_ALREADY,
    /** The new deadline is later than the key's. */
    LATER,
    /** The new deadline is earlier than the key's. */
    EARLIER;

    boolean holds(long knownMillis, long deadlineMillis) {
        return switch (this) {
            case NONE_YET -> knownMillis == Deadlines.NONE;
            case ONE_ALREADY -> knownMillis != Deadlines.NONE;
            case LATER -> deadlineMillis > knownMillis;
            case EARLIER -> deadlineMillis < knownMillis;
        };
    }
}
