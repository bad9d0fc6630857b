package dev.hence.node.store;

import dev.hence.core.replica.Transaction;
import dev.hence.node.store.Store.Committed;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The writes of many clients, collected by the thread that serves them and submitted together. Light ones are run by that
 * thread itself if nobody else writes at the moment.
 *
 * <p>Not thread-safe: it is confined to that thread, or guarded by it.
 */
public interface WriteRound {

    /**
     * Adds transactions, each its own update, to be run in this order.
     *
     * @param bodies at least one; they may be run again from their beginnings, before their results are complete
     * @param light whether all of them take but a few microseconds, unless they have to wait for rows
     * @param whenAnswered called once when the last of the results is complete, on any thread; must return at once
     * @return their results as {@link Store#submit(List)} returns them; empty if it would wait; nothing happened then, and
     *     nothing is called
     * @throws WriteRefusedException if none of them happened; nothing is called
     */
    <R> Optional<List<CompletableFuture<Committed<R>>>> add(
            List<Transaction.Body<R>> bodies, boolean light, Runnable whenAnswered);

    /** Runs or submits what was added since the last call; must be called before the thread waits for anything. */
    void submit();
}
