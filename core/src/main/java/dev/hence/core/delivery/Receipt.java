package dev.hence.core.delivery;

import dev.hence.core.clock.Dot;

/** The outcome of receiving an update. */
public sealed interface Receipt {

    /** All its dependencies were present: it was delivered at once. */
    record Delivered() implements Receipt {}

    /** It waits in the buffer; {@code waitingFor} is one of its missing dependencies. */
    record Buffered(Dot waitingFor) implements Receipt {}

    /** It was delivered or buffered before, and is dropped. */
    record Duplicate() implements Receipt {}

    /**
     * The buffer of its origin is full: it was not accepted. The caller keeps it, stops reading that origin's feed, and
     * offers it again when something has been delivered.
     */
    record Refused() implements Receipt {}

    /**
     * It names an update of this replica that this replica does not have: {@code seen} was lost here, or another
     * process writes under this identity. It was not accepted. The replica must take a new incarnation, because its
     * next write would reuse the dot of the lost one; then the update is offered again.
     */
    record Forgotten(Dot seen) implements Receipt {}

    /**
     * Its timestamp is further ahead of this replica's wall clock than the bound allows ({@link
     * dev.hence.core.clock.ClockBound}): one of the clocks is wrong. It was not accepted, and no later update of its
     * origin can be, until time has caught up or the clock is corrected.
     */
    record AheadOfTime(long aheadMillis) implements Receipt {}

    /**
     * This replica has another update under a dot that the update has or names. It was not accepted, and will not be:
     * its stream is ended, and when the stream is requested again the two nodes find the dot under which they differ.
     *
     * @param dot the update's own
     */
    record Forked(Dot dot) implements Receipt {}

    /** Whether the update was accepted now or had been accepted before. */
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
