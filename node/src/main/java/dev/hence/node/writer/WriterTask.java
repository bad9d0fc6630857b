package dev.hence.node.writer;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.ForkedException;
import dev.hence.core.replica.Replica;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.failure.NodeFailure;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A task to run on the core, and the callback for its commit.
 *
 * <p>Confined to the thread whose turn it is ({@link Turns}); other threads wait for the answer.
 *
 * @param <R> the answer
 */
abstract class WriterTask<R> {

    private final CompletableFuture<R> answer = new CompletableFuture<>();
    private @Nullable R result;
    private @Nullable RuntimeException refused;

    abstract R run(Replica replica, long nowMillis);

    /** Adds keys that it is likely to read or write. */
    void expectedKeys(List<Bytes> keys) {}

    /** Completed by the writer, or by a caller that finds that the writer has ended. */
    final CompletableFuture<R> answer() {
        return answer;
    }

    /** Registers an action that is run once it is answered, by the same thread; retried while there is no memory. */
    final void whenAnswered(Runnable action) {
        CompletableFuture<R> _ = answer.whenComplete((_, _) -> insistOn(action));
    }

    private static void insistOn(Runnable action) {
        while (true) {
            try {
                action.run();
                return;
            } catch (Throwable noMemory) {
                NodeFailure.pause();
            }
        }
    }

    /**
     * Keeps the core's answer until it is committed. A refusal is kept as well: it may have been based on earlier
     * writes of the same batch.
     *
     * @throws StorageException if the core could not read the storage, and may have stopped half-way
     */
    final void perform(Replica replica, long nowMillis) {
        try {
            result = run(replica, nowMillis);
        } catch (StorageException unreadable) {
            throw unreadable;
        } catch (ForkedException forked) {
            refused = WriterReadiness.forked(String.valueOf(forked.getMessage()));
        } catch (RuntimeException refusal) {
            refused = refusal;
        }
    }

    final void committed() {
        if (refused != null) {
            answer.completeExceptionally(refused);
        } else {
            answer.complete(Objects.requireNonNull(result, "result"));
        }
    }

    final void failed(RuntimeException failure) {
        answer.completeExceptionally(failure);
    }

    /** Same as {@link #committed}, retried while there is no memory for it. */
    final void insistOnCommitted() {
        while (!answer.isDone()) {
            try {
                committed();
            } catch (Throwable noMemory) {
                NodeFailure.pause();
            }
        }
    }

    /** Same as {@link #failed} unless it is answered, retried while there is no memory for it. */
    final void insistOnFailed(RuntimeException failure) {
        while (!answer.isDone()) {
            try {
                failed(failure);
            } catch (Throwable noMemory) {
                NodeFailure.pause();
            }
        }
    }

    /** Whether it has run and was not rejected. */
    final boolean hasRun() {
        return result != null;
    }
}
