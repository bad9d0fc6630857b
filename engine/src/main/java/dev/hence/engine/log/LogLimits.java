package dev.hence.engine.log;

import dev.hence.core.clock.VersionVector;
import java.util.List;

/**
 * When segments are deleted from the front of a log.
 *
 * <p><b>Invariant.</b> Deleted is only what a completed checkpoint holds, oldest first, and never the last segment.
 * What a member has not stored is deleted only where an operator has set a maximum, {@code bytesMax} or {@code
 * ageMillisMax}, and it is exceeded.
 *
 * @param keptBytes the size of the newest part of the log that is kept although every member has stored it
 * @param bytesMax the size of the log from which segments are deleted although a member may need them
 * @param ageMillisMax the time since the last write to a segment after which it is deleted although a member may need it
 */
public record LogLimits(long keptBytes, long bytesMax, long ageMillisMax) {

    /**
     * For nodes. A member that has lost its disk is refilled from the newest part that the others keep; 512 MiB, the
     * segment in progress and the one before it stay below 1 GiB with the rows of a small key space.
     */
    public static final LogLimits DEFAULT = new LogLimits(512L << 20);

    /** Nothing is deleted that a member may need. */
    public LogLimits(long keptBytes) {
        this(keptBytes, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * A segment that is not appended to any more.
     *
     * @param first the sequence of its first update
     * @param endSequence the sequence after its last update
     * @param bytes its size
     * @param last the last update of each origin that it has updates of
     * @param writtenMillis when it was last written to, in milliseconds since 1970
     */
    public record Full(long first, long endSequence, long bytes, VersionVector last, long writtenMillis) {}

    /**
     * Returns how many segments are deleted.
     *
     * @param full the segments that are not appended to any more, in their order
     * @param bytes the size of the log
     * @param checkpointed the sequence after the last update that the last completed checkpoint holds
     * @param stored the updates that every member has stored durably
     * @param millis the present time, in milliseconds since 1970
     */
    public int deleted(List<Full> full, long bytes, long checkpointed, VersionVector stored, long millis) {
        int deleted = 0;
        long size = bytes;
        for (Full segment : full) {
            boolean isNeeded = !stored.descends(segment.last());
            boolean isExceeded = size > bytesMax || millis - segment.writtenMillis() > ageMillisMax;
            boolean isSpare = !isNeeded && size - segment.bytes() >= keptBytes;
            if (segment.endSequence() > checkpointed || !(isSpare || isExceeded)) {
                break;
            }
            size -= segment.bytes();
            deleted++;
        }
        return deleted;
    }
}
