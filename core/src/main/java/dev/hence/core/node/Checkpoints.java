package dev.hence.core.node;

import dev.hence.core.clock.VersionVector;
import org.jspecify.annotations.Nullable;

/**
 * When rows are written to the disk, with which place in the log, and which part of the log is not needed any more.
 *
 * <p>A checkpoint is the rows at one place in the log. A restart continues from the last one ({@link Recovery}).
 *
 * <p><b>Invariants.</b> (1) A checkpoint is stored with the place of exactly the updates that its rows are made of.
 * (2) No row is on the disk before the updates that it is made of: the log is forced between freezing and writing. A
 * node that lost the updates would reuse their dots, and its rows would hold others under them. (3) What is deleted from
 * the log is in a checkpoint on the disk, and every member has it.
 *
 * <p>Not thread-safe.
 */
public final class Checkpoints {
    /** What the host does next. */
    public enum Action {
        /** Keeps the rows as they are now, at the step's place in the log. */
        FREEZE,
        /** Forces the log to the disk. */
        FORCE,
        /** Writes the frozen rows and the place, in one atomic step that survives a power loss. */
        WRITE
    }

    /** A step that the host carries out. */
    public record Step(Action action, LogPosition position) {}

    private final long logBytesMax;
    private LogPosition last;
    private LogPosition frozen;
    private long bytesAtLast;
    private Action due = Action.FREEZE;
    private @Nullable Step running;

    /**
     * @param last the place of the newest checkpoint
     * @param logBytes the size of the log now
     * @param logBytesMax the size of the log behind a checkpoint at which the next one begins
     */
    public Checkpoints(LogPosition last, long logBytes, long logBytesMax) {
        this.last = last;
        this.frozen = last;
        this.bytesAtLast = logBytes;
        this.logBytesMax = logBytesMax;
    }

    /**
     * Returns the step to carry out now; null if there is none, or while the host carries one out.
     *
     * @param applied the place in the log that the rows belong to
     * @param logBytes the size of the log
     */
    public @Nullable Step next(LogPosition applied, long logBytes) {
        if (running != null) {
            return null;
        }
        if (due == Action.FREEZE) {
            if (logBytes - bytesAtLast < logBytesMax || applied.sequence() == last.sequence()) {
                return null;
            }
            bytesAtLast = logBytes;
            frozen = applied;
        }
        running = new Step(due, frozen);
        return running;
    }

    /** Records that the step that {@link #next} returned is carried out. */
    public void done() {
        if (running == null) {
            throw new AssertionError("checkpoint: a step was done that was not begun");
        }
        running = null;
        due = switch (due) {
            case FREEZE -> Action.FORCE;
            case FORCE -> Action.WRITE;
            case WRITE -> {
                last = frozen;
                yield Action.FREEZE;
            }
        };
    }

    /** The place of the newest checkpoint on the disk. */
    public LogPosition last() {
        return last;
    }

    /**
     * Whether a segment of the log is not needed any more.
     *
     * @param end the sequence after its last update
     * @param content for each origin, its last update in the segment
     * @param checkpoint the place of the newest checkpoint on the disk
     * @param stable the updates that every member has stored
     */
    public static boolean mayDelete(long end, VersionVector content, LogPosition checkpoint, VersionVector stable) {
        return end <= checkpoint.sequence() && stable.descends(content);
    }
}
