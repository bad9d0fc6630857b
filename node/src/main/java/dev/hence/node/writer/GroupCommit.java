package dev.hence.node.writer;

import dev.hence.core.node.CommitOrder;
import dev.hence.core.node.CommitOrder.Action;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.store.WriteUncertainException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The groups of tasks that ran, on their way to the disk and to their answers: carries out the steps that {@link
 * CommitOrder} names.
 *
 * <p>Where every group is forced to the disk, the disk works while the processor waits. If more tasks wait then, the log
 * is forced by another thread, and the next group runs meanwhile. If none do, a hand-over would only cost time.
 *
 * <p>Confined to the thread whose turn it is ({@link Turns}).
 */
final class GroupCommit implements AutoCloseable {

    static final int TASKS_MAX = 2_048;

    private final CommitOrder<WriterTask<?>> order;
    private final Committer committer;
    private final BooleanSupplier moreWaits;
    private final Runnable onForced;
    private final ExecutorService forcer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("hence-forcer").factory());
    // Allocated in advance, for when there is no memory for a more detailed one.
    private final WriteUncertainException unexplained = new WriteUncertainException("storage: the commit failed", null);
    private List<WriterTask<?>> answering = List.of();
    private @Nullable CompletableFuture<Boolean> forcing;

    /** How many have run and are in no group yet. */
    private int tasks;

    /**
     * @param moreWaits whether tasks wait to be run
     * @param onForced called on another thread when {@link #proceed} has something to do
     */
    GroupCommit(CommitOrder<WriterTask<?>> order, Committer committer, BooleanSupplier moreWaits, Runnable onForced) {
        this.order = order;
        this.committer = committer;
        this.moreWaits = moreWaits;
        this.onForced = onForced;
    }

    /**
     * Records that a task has run.
     *
     * @return whether {@link #commit} must be called before another one runs
     */
    boolean ran(WriterTask<?> task) {
        tasks++;
        return order.ran(task) || tasks == TASKS_MAX;
    }

    /** Whether a group is being forced by the other thread: the tasks that ran since wait for it. */
    boolean isForcing() {
        return forcing != null;
    }

    /** Stores what ran, after everything before is stored. */
    void commit() {
        settle();
        order.close();
        tasks = 0;
        carryOut();
    }

    /** Continues with a group if it is forced now. */
    void proceed() {
        if (forcing != null && forcing.isDone()) {
            settle();
        }
    }

    /** Blocks until the group that is being forced is answered, if there is one. */
    private void settle() {
        CompletableFuture<Boolean> running = forcing;
        if (running != null) {
            try {
                running.join();
            } catch (CompletionException failed) {
                throw cause(failed);
            }
            forcing = null;
            order.done();
            carryOut();
        }
    }

    private static RuntimeException cause(CompletionException failed) {
        if (failed.getCause() instanceof Error error) {
            throw error;
        }
        return failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }

    private void carryOut() {
        for (CommitOrder.Step<WriterTask<?>> step = order.next(); step != null; step = order.next()) {
            if (step.action() == Action.FORCE && moreWaits.getAsBoolean()) {
                forcing = forceAside();
                return;
            }
            if (step.action() == Action.ANSWER) {
                answer(step.group().tasks());
            } else {
                committer.carryOut(step);
            }
            order.done();
        }
    }

    private CompletableFuture<Boolean> forceAside() {
        CompletableFuture<Boolean> forced = new CompletableFuture<>();
        forcer.execute(() -> {
            Throwable failure = null;
            try {
                committer.force();
            } catch (Throwable failed) {
                failure = failed;
            }
            complete(forced, failure);
        });
        return forced;
    }

    /** Retried while there is no memory for it: the writer waits. */
    private void complete(CompletableFuture<Boolean> forced, @Nullable Throwable failure) {
        while (true) {
            try {
                if (failure == null) {
                    forced.complete(true);
                } else {
                    forced.completeExceptionally(failure);
                }
                // It is done by now, so that the writer does not wait for it again.
                onForced.run();
                return;
            } catch (Throwable noMemory) {
                NodeFailure.pause();
            }
        }
    }

    private void answer(List<WriterTask<?>> tasks) {
        answering = tasks;
        tasks.forEach(WriterTask::committed);
        answering = List.of();
    }

    /** Finishes the group that is being forced, if it can be: the failure may be of a later one. */
    void finishForced() {
        try {
            settle();
        } catch (Throwable failed) {
            // It stays unanswered, and may have happened.
            forcing = null;
        }
    }

    /**
     * Answers the tasks that ran, after a step or a task has failed.
     *
     * @param refusal for those that certainly did not happen
     */
    void fail(Throwable failed, RuntimeException refusal) {
        // These are committed and published; only their answers were interrupted.
        for (int i = 0; i < answering.size(); i++) {
            answering.get(i).insistOnCommitted();
        }
        RuntimeException uncertain = uncertain(failed);
        while (true) {
            try {
                order.forEachUnanswered((task, mayHaveHappened) ->
                        task.insistOnFailed(mayHaveHappened && task.hasRun() ? uncertain : refusal));
                return;
            } catch (Throwable noMemory) {
                // Tasks that are answered stay so.
                NodeFailure.pause();
            }
        }
    }

    private RuntimeException uncertain(Throwable failed) {
        try {
            return new WriteUncertainException("storage: the commit failed: " + failed.getMessage(), failed);
        } catch (Throwable noMemory) {
            return unexplained;
        }
    }

    @Override
    public void close() {
        forcer.shutdown();
    }
}
