package dev.hence.core.node;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.CommitBatch;

/**
 * A place between two groups of a node's log, and what rows hold that are made of exactly the updates before it. Rows
 * are stored together with it, in one atomic step.
 *
 * @param sequence the number of updates before it
 * @param clock the clock after them
 * @param timestamp the largest hybrid logical timestamp issued or observed by then
 */
public record LogPosition(long sequence, VersionVector clock, long timestamp) {

    /** The beginning of every log. */
    public static final LogPosition START = new LogPosition(0, VersionVector.EMPTY, 0);

    /** The place after a batch that begins here. */
    public LogPosition after(CommitBatch changes) {
        return new LogPosition(sequence + changes.delivered().size(), changes.clock(), changes.timestamp());
    }
}
