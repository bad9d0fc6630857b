package dev.hence.engine.storage;

import dev.hence.core.clock.Dot;

/** Thrown to a reader of the log that wants updates which were deleted from its front. */
public final class DeletedUpdatesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param first the counter of the origin's first update that was not deleted */
    public DeletedUpdatesException(Dot wanted, long first) {
        super("log: the updates " + wanted + " to " + (first - 1) + " were deleted (expected: at least " + first + ")");
    }

    DeletedUpdatesException(long wantedSequence, long firstSequence) {
        super("log: the updates from sequence " + wantedSequence + " on were deleted (expected: at least "
                + firstSequence + ")");
    }
}
