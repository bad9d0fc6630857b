package dev.hence.core.replica;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of a node's steps: tasks run on the replica, their changes are stored as one batch, the batch is published,
 * and only then are the tasks answered. While one batch is being stored the next tasks queue up, so under load many
 * tasks share one batch.
 *
 * <p><b>Invariant.</b> Between {@link #begin} and {@link #stored} no task runs on the replica and no task is answered.
 * A task that changed nothing is answered with its batch as well: it may have read what earlier tasks of the batch
 * wrote.
 *
 * <p>Not thread-safe: it belongs to the one writer of a replica.
 *
 * @param <T> the host's tasks
 */
public final class GroupCommit<T> {
    private final Replica replica;
    private final long batchBytesMax;
    private List<T> unanswered = new ArrayList<>();
    private boolean storing;

    /** @param batchBytesMax the size in bytes of keys and values at which a batch is stored before more tasks run */
    public GroupCommit(Replica replica, long batchBytesMax) {
        this.replica = replica;
        this.batchBytesMax = batchBytesMax;
    }

    /**
     * Records that a task has run on the replica.
     *
     * @return whether the batch is full and must be stored before another task runs
     */
    public boolean ran(T task) {
        require(!storing, "a task ran while a batch was being stored");
        unanswered.add(task);
        return replica.untakenBytes() > batchBytesMax;
    }

    /** Returns the batch to store now; null if nothing changed. In both cases the caller calls {@link #stored} next. */
    public @Nullable CommitBatch begin() {
        require(!storing, "a batch was begun while another was being stored");
        storing = true;
        return replica.takeChanges();
    }

    /**
     * Records that the batch is stored under the node's fsync policy and published; returns the tasks that may be
     * answered.
     */
    public List<T> stored() {
        require(storing, "a batch was answered that was not stored");
        storing = false;
        List<T> answered = unanswered;
        unanswered = new ArrayList<>(answered.size());
        return answered;
    }

    /** Whether a batch is being stored: if that fails, the changes of its tasks may or may not have happened. */
    public boolean isStoring() {
        return storing;
    }

    private static void require(boolean kept, String broken) {
        if (!kept) {
            throw new AssertionError("group commit: " + broken);
        }
    }
}
