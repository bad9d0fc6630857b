package dev.hence.server.runtime;

import dev.hence.core.replica.ForkedException;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.Written;
import dev.hence.server.runtime.Store.Committed;
import dev.hence.server.storage.StorageException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Something to do on the core, and whom to tell when it is committed.
 *
 * <p>Belongs to the writer; others wait for the answer.
 *
 * @param <R> the answer
 */
abstract class WriterTask<R> {

    private final CompletableFuture<R> answer = new CompletableFuture<>();
    private @Nullable R result;
    private @Nullable RuntimeException refused;

    /** A transaction of a client of this node. */
    static <R> WriterTask<Committed<R>> write(Transaction.Body<R> body) {
        return new WriterTask<>() {
            @Override
            Committed<R> run(Replica replica, long nowMillis) {
                Written<R> written = replica.write(nowMillis, body);
                // It is answered when the commit is published that this clock belongs to.
                return Committed.of(written, replica.clock());
            }
        };
    }

    abstract R run(Replica replica, long nowMillis);

    /** Is completed by the writer, on its thread. */
    final CompletableFuture<R> answer() {
        return answer;
    }

    /**
     * Keeps what the core answered until it is committed. A refusal is kept as well: it may have been decided
     * on what the same batch wrote before.
     *
     * @throws StorageException if the core could not read what is stored, and may have stopped half-way
     */
    final void perform(Replica replica, long nowMillis) {
        try {
            result = run(replica, nowMillis);
        } catch (StorageException unreadable) {
            throw unreadable;
        } catch (ForkedException forked) {
            refused = Writer.forked(String.valueOf(forked.getMessage()));
        } catch (RuntimeException refusal) {
            refused = refusal;
        }
    }

    final void committed() {
        if (refused != null) {
            answer.completeExceptionally(refused);
        } else if (result != null) {
            answer.complete(result);
        }
    }

    final void failed(RuntimeException failure) {
        answer.completeExceptionally(failure);
    }

    final boolean changedTheCore() {
        return result != null;
    }
}
