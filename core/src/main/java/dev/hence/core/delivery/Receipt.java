package dev.hence.core.delivery;

import dev.hence.core.clock.Dot;

/** The outcome of receiving an update. */
public sealed interface Receipt {

    /** All that it depends on was there: it was delivered at once. */
    record Delivered() implements Receipt {}

    /** It waits in the buffer; {@code waitingFor} is one of the updates that it lacks. */
    record Buffered(Dot waitingFor) implements Receipt {}

    /** It was delivered or buffered before, and is dropped. */
    record Duplicate() implements Receipt {}

    /**
     * The buffer of its origin is full: it was not taken. The sender's stream keeps it, stops reading that origin's
     * feed, and offers it again when something has been delivered.
     */
    record Refused() implements Receipt {}

    /**
     * It names an update of this very replica that this replica does not have: {@code seen} was forgotten here, or
     * another process writes under this identity. It was not taken. The replica takes a new incarnation, or its next
     * write would be taken for the forgotten one; then the update is offered again.
     */
    record Forgotten(Dot seen) implements Receipt {}

    /**
     * Its timestamp is further ahead of this replica's wall clock than the bound allows ({@link
     * dev.hence.core.clock.ClockBound}): one of the clocks is wrong. It was not taken, and nothing after it of its
     * origin can be, until time has caught up or the clock is mended.
     */
    record AheadOfTime(long aheadMillis) implements Receipt {}

    /**
     * This replica has another update under a dot that the update has or names. It was not taken, and will not be:
     * its stream is ended, and when it is asked for again the two nodes find out under which dot they differ.
     *
     * @param dot the update's own
     */
    record Forked(Dot dot) implements Receipt {}

    /** Whether the update was taken in, or was here already. */
    default boolean isTaken() {
        return switch (this) {
            case Delivered delivered -> true;
            case Buffered buffered -> true;
            case Duplicate duplicate -> true;
            case Refused refused -> false;
            case Forgotten forgotten -> false;
            case AheadOfTime ahead -> false;
            case Forked forked -> false;
        };
    }
}
