package dev.hence.node.store;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.Written;
import dev.hence.core.update.Update;
import dev.hence.node.memory.MemoryHolder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node as its edges see it: reads, writes, sessions and the feed, without sockets or protocols.
 *
 * <p>Thread-safe. Every call may block; callers are virtual threads.
 */
public interface Store {

    /** The replica under which this node writes now; it changes when the node takes a new incarnation. */
    ReplicaId self();

    /**
     * What was read, and a clock that covers it: all that the reader could have seen is in the clock.
     *
     * @param <T> what was read
     */
    record Reading<T>(T value, VersionVector clock) {}

    /** One key of a scan, which shows something. */
    record KeyEntry(Bytes key, KeyHead head) {}

    /**
     * What a scan found.
     *
     * @param entries the keys that show something; there may be none although there are more to come
     * @param next after which key to go on if it ended at a limit; null at the end
     */
    record Page(List<KeyEntry> entries, @Nullable Bytes next) {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What an update is told by. What it wrote is not kept with it: a pipeline has many outcomes at once, and their
     * updates can be far larger than its commands.
     */
    record Stamp(Dot dot, long timestamp) {}

    /**
     * The outcome of a committed transaction.
     *
     * @param result what its body returned
     * @param update the update that it became; null if it changed nothing
     * @param clock the node's clock, which covers the update
     */
    record Committed<R>(R result, @Nullable Stamp update, VersionVector clock) {

        /** The outcome of what the core has written. */
        public static <R> Committed<R> of(Written<R> written, VersionVector clock) {
            Update update = written.update();
            return new Committed<>(
                    written.result(), update == null ? null : new Stamp(update.dot(), update.timestamp()), clock);
        }
    }

    /** A key as it shows by the node's wall clock; {@link KeyHead#EMPTY} if it is absent or expired. */
    Reading<KeyHead> read(Bytes key);

    /**
     * Reads any number of keys and elements from one snapshot, at one time of the node's wall clock.
     *
     * @param reader is given a view that it does not keep: it is closed when the reader returns
     */
    <R> Reading<R> read(Function<View, R> reader);

    /**
     * Keys that show something in the order of unsigned bytes, all from one snapshot.
     *
     * @param prefix what they begin with; empty for all
     * @param after where to go on: only keys greater than this; null for the beginning
     * @param limit at most the given number; fewer if there are expired ones among them
     * @param bytesMax about how many bytes of keys and values at most
     */
    Reading<Page> scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax);

    /**
     * All keys that hold something, those included that have expired and are not yet removed: their heads show nothing.
     *
     * @param after where to go on: only keys greater than this; null for the beginning
     * @param limit at most this many
     * @param bytesMax about how many bytes of keys and values at most
     */
    Reading<Page> scanHeld(@Nullable Bytes after, int limit, long bytesMax);

    /**
     * Runs a transaction on the writer and returns when it is as durable as the fsync policy says and
     * visible to every reader of this node.
     *
     * @throws WriteRefusedException if it certainly did not happen
     * @throws InterruptedException if the caller was interrupted and it certainly did not happen
     * @throws WriteUncertainException if it may have happened
     * @throws RuntimeException whatever the body threw; nothing happened then
     */
    <R> Committed<R> write(Transaction.Body<R> body) throws InterruptedException;

    /**
     * Has a transaction run on the writer and does not wait for it: so a client's pipeline is submitted before
     * anybody waits for its first command. Transactions of one thread run in the order in which it submits them.
     *
     * @return is completed as {@link #write} returns, or with what it throws. What depends on it runs on the
     *     writer's thread, so callers wait for it and attach nothing
     * @throws WriteRefusedException if it certainly did not happen
     * @throws InterruptedException if the caller was interrupted while too many were waiting; it certainly did
     *     not happen
     */
    default <R> CompletableFuture<Committed<R>> submit(Transaction.Body<R> body) throws InterruptedException {
        return submit(List.of(body)).getFirst();
    }

    /** The same for several, each its own update, in one go; none of them happened if this throws. */
    <R> List<CompletableFuture<Committed<R>>> submit(List<Transaction.Body<R>> bodies) throws InterruptedException;

    /** How many keys hold something, those that have expired and are not yet removed included. */
    long keys();

    /** All that readers of this node can see. */
    VersionVector clock();

    /** All of that which survives a power loss of this node. */
    VersionVector durableClock();

    /**
     * Waits until readers of this node see everything in a clock.
     *
     * @return whether they do
     */
    boolean awaitClock(VersionVector wanted, Duration atMost) throws InterruptedException;

    /**
     * The updates that are not in a clock, in the order of delivery here, and those that follow.
     *
     * @param memory of the reader's connection: what it has been given and not sent yet is claimed from it
     */
    DeliveryFeed feedAfter(VersionVector after, MemoryHolder memory);

    /** What people who look into the node are shown. It waits for the writer. */
    NodeStatus status();

    /** Every member that the node knows, itself included, in the order of names. Never blocks. */
    List<NodeStatus.Member> members();

    /** What is wrong with the node now; it is ready if none of it makes it unready. Never blocks. */
    List<HealthIssue> health();

    /** Why the node cannot take writes now, as a problem for people; empty if it can. */
    Optional<WriteRefusedException> unready();

    /** Updates in the order in which this node delivered them. Not thread-safe. */
    interface DeliveryFeed extends AutoCloseable {

        /** A delivered update and the clock of a reader who has seen all up to it. */
        record Item(Update update, VersionVector clock) {}

        /**
         * The next updates, waiting for them if there are none yet; an empty list when the time is up or
         * the node closes.
         */
        List<Item> next(Duration atMost) throws InterruptedException;

        /** Whether the node is closing, so that nothing more will come. */
        boolean ended();

        @Override
        void close();
    }
}
