package dev.hence.core.delivery;

import dev.hence.core.clock.Dot;

/** What became of an update that was received. */
public sealed interface Receipt {

    /** All that it depends on was there: it was delivered at once. */
    record Delivered() implements Receipt {}

    /** It waits in the buffer; {@code waitingFor} is one of the updates that it lacks. */
    record Buffered(Dot waitingFor) implements Receipt {}

    /** It was delivered or buffered before, and is dropped. */
    record Duplicate() implements Receipt {}

    /**
     * The buffer of its origin is full: it was not taken. Whoever brought it keeps it, stops reading that
     * origin's feed, and offers it again when something has been delivered.
     */
    record Refused() implements Receipt {}
}
