package dev.hence.engine.storage;

import dev.hence.core.clock.VersionVector;

/**
 * How much of a log there is.
 *
 * @param bytes the size of all segments
 * @param firstSequence the sequence of the first update that was not deleted
 * @param endSequence the sequence after the last update
 * @param checkpointedSequence the sequence after the last update that the last completed checkpoint holds
 * @param checkpointed these updates
 * @param deleted the updates that were deleted
 * @param oldest the last update of each origin in the oldest segment; empty if that is the last one
 * @param oldestBytes its size; 0 if it is the last one
 */
public record LogExtent(
        long bytes,
        long firstSequence,
        long endSequence,
        long checkpointedSequence,
        VersionVector checkpointed,
        VersionVector deleted,
        VersionVector oldest,
        long oldestBytes) {

    /** The log of a storage without updates. */
    public static final LogExtent NONE =
            new LogExtent(0, 0, 0, 0, VersionVector.EMPTY, VersionVector.EMPTY, VersionVector.EMPTY, 0);
}
