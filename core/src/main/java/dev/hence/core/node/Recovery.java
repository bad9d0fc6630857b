package dev.hence.core.node;

import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Lineage;
import org.jspecify.annotations.Nullable;

/**
 * A restart: applies the frames of the log behind a checkpoint of the rows again, through the core that applied them
 * first. The host passes them in their order to {@link #read}, and applies what {@link #take} returns to the rows: when
 * a batch is full, and at the end.
 *
 * <p><b>Invariant.</b> It begins with exactly the update after the last one that the rows hold. An update that is
 * applied to rows that hold it already would leave two siblings; the core rejects it, because it is not the next of its
 * origin.
 */
public final class Recovery {
    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(1, 1), Long.MAX_VALUE, Long.MAX_VALUE);

    private static final int BATCH_UPDATES = 4_096;
    private static final long BATCH_BYTES = 4L << 20;

    private final Replica replica;
    private final long end;
    private LogPosition position;
    private long next;

    /**
     * @param rows the place in the log that the stored rows belong to
     * @param end the number of updates in the log
     * @param log the log
     * @throws IllegalStateException if the log ends before the rows
     */
    public Recovery(Identity identity, LogPosition rows, long end, State stored, Lineage.Log log) {
        if (rows.sequence() > end) {
            throw new IllegalStateException("log: ends before update " + end + ", but the rows hold " + rows.sequence()
                    + " updates (expected: at least as many in the log; files of it are missing)");
        }
        this.position = rows;
        this.next = rows.sequence();
        this.end = end;
        this.replica =
                new Replica(new Replica.Recovered(identity, rows.clock(), rows.timestamp()), stored, log, LIMITS);
    }

    /** The place in the log that the rows belong to when the host has applied what {@link #take} returned last. */
    public LogPosition position() {
        return position;
    }

    /**
     * Applies a frame again.
     *
     * @param frame the one that begins with the next update of the log
     * @throws IllegalStateException if it does not continue the rows
     */
    public void read(Frame frame) {
        try {
            replica.replay(frame);
        } catch (IllegalStateException impossible) {
            throw new IllegalStateException(
                    "log: the updates from " + next + " on do not continue the rows: " + impossible.getMessage(),
                    impossible);
        }
        next += frame.size();
    }

    /** Whether the host must apply what was read before it reads more. */
    public boolean isBatchFull() {
        return next - position.sequence() >= BATCH_UPDATES || replica.untakenBytes() > BATCH_BYTES;
    }

    /** Returns the changes of the rows since the last call, to be applied in one atomic step; null if there are none. */
    public @Nullable CommitBatch take() {
        CommitBatch changes = replica.takeChanges();
        if (changes != null) {
            position = position.after(changes);
        }
        return changes;
    }

    /** @throws IllegalStateException if the rows do not hold everything in the log */
    public void requireDone() {
        if (position.sequence() != end) {
            throw new IllegalStateException(
                    "log: no update at " + position.sequence() + " (expected: all up to " + end + ")");
        }
    }
}
