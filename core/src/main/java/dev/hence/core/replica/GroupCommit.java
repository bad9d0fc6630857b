package dev.hence.core.replica;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the order of a group commit: tasks run on the replica, their changes are stored as one batch and published,
 * and only then are the tasks answered. While one batch is being stored the next tasks gather, so under load many share
 * one.
 *
 * <p><b>Invariant.</b> Between {@link #begin} and {@link #stored} nothing runs on the replica and no client is
 * answered. A task that changed nothing is answered with its batch all the same: it may have been decided on what the
 * batch wrote before it.
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

    /** @param batchBytesMax after how many bytes of keys and values a batch is stored before more tasks run */
    public GroupCommit(Replica replica, long batchBytesMax) {
        this.replica = replica;
        this.batchBytesMax = batchBytesMax;
    }

    /**
     * Records that a task has run on the replica.
     *
     * @return whether the batch is full and is to be stored before another one runs
     */
    public boolean ran(T task) {
        require(!storing, "a task ran while a batch was being stored");
        unanswered.add(task);
        return replica.untakenBytes() > batchBytesMax;
    }

    /** What to store now; null if nothing changed. To be followed by {@link #stored} in either case. */
    public @Nullable CommitBatch begin() {
        require(!storing, "a batch was begun while another was being stored");
        storing = true;
        return replica.takeChanges();
    }

    /** The batch is stored as the node's policy says, and published: these tasks may be answered. */
    public List<T> stored() {
        require(storing, "a batch was answered that was not stored");
        storing = false;
        List<T> answered = unanswered;
        unanswered = new ArrayList<>(answered.size());
        return answered;
    }

    /** Whether a batch is being stored: what its tasks changed may or may not have happened if that fails. */
    public boolean isStoring() {
        return storing;
    }

    private static void require(boolean kept, String broken) {
        if (!kept) {
            throw new AssertionError("group commit: " + broken);
        }
    }
}
