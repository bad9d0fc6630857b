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
 * A node as front ends see it: reads, writes, sessions and the feed, without sockets or protocols.
 *
 * <p>Thread-safe. Every call may block, except those that begin with {@code try}.
 */
public interface Store {

    /** The replica under which this node writes now; it changes when the node takes a new incarnation. */
    ReplicaId self();

    /**
     * A value that was read, and a clock that covers it: everything the reader could have seen is in the clock.
     *
     * @param <T> the type of the value
     */
    record Reading<T>(T value, VersionVector clock) {}

    /** A visible key of a scan. */
    record KeyEntry(Bytes key, KeyHead head) {}

    /**
     * The result of a scan.
     *
     * @param entries the visible keys; may be empty although there are more to come
     * @param next the key to continue after if the scan ended at a limit; null at the end
     */
    record Page(List<KeyEntry> entries, @Nullable Bytes next) {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The identification of an update, without its contents: a pipeline has many outcomes at once, and their updates
     * can be far larger than its commands.
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

        /** The outcome of a write by the core. */
        public static <R> Committed<R> of(Written<R> written, VersionVector clock) {
            Update update = written.update();
            return new Committed<>(
                    written.result(), update == null ? null : new Stamp(update.dot(), update.timestamp()), clock);
        }
    }

    /** A key as visible by the node's wall clock; {@link KeyHead#EMPTY} if it is absent or expired. */
    Reading<KeyHead> read(Bytes key);

    /**
     * Reads any number of keys and elements from one snapshot, at one time of the node's wall clock.
     *
     * @param reader receives a view that it must not keep: the view is closed when the reader returns
     */
    <R> Reading<R> read(Function<View, R> reader);

    /**
     * Same as {@link #read(Function)}, for a thread that serves many clients and must not wait.
     *
     * @return empty if it would wait: for the disk, because it walks or a row is not in memory, or for a commit that is
     *     becoming visible
     */
    <R> Optional<Reading<R>> tryRead(Function<View, R> reader);

    /** Announces that the calling thread is about to read several keys: {@link dev.hence.engine.storage.Storage#expect}. */
    void expect(List<Bytes> keys);

    /**
     * Visible keys in the order of unsigned bytes, all from one snapshot.
     *
     * @param prefix the prefix of the keys; empty for all
     * @param after where to continue: only keys greater than this; null for the beginning
     * @param limit maximum number of keys; fewer are returned if there are expired ones among them
     * @param bytesMax approximate maximum size of keys and values, in bytes
     */
    Reading<Page> scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax);

    /**
     * All keys that hold something, including those that have expired and are not removed yet: their heads show
     * nothing.
     *
     * @param after where to continue: only keys greater than this; null for the beginning
     * @param limit maximum number of keys
     * @param bytesMax approximate maximum size of keys and values, in bytes
     */
    Reading<Page> scanHeld(@Nullable Bytes after, int limit, long bytesMax);

    /**
     * Runs a transaction on the writer's thread and returns when it is as durable as the fsync policy requires and
     * visible to every reader of this node.
     *
     * @throws WriteRefusedException if it certainly did not happen
     * @throws InterruptedException if the caller was interrupted and it certainly did not happen
     * @throws WriteUncertainException if it may have happened
     * @throws RuntimeException whatever the body threw; nothing happened then
     */
    <R> Committed<R> write(Transaction.Body<R> body) throws InterruptedException;

    /**
     * Submits a transaction to the writer without waiting for it, so that a client's whole pipeline can be submitted
     * before the first result is awaited. Transactions of one thread run in the order of their submission.
     *
     * @return completed with the result of {@link #write}, or with what it throws. Dependent stages would run on the
     *     writer's thread, so callers wait for it and attach none
     * @throws WriteRefusedException if it certainly did not happen
     * @throws InterruptedException if the caller was interrupted while too many were waiting; it certainly did not
     *     happen
     */
    default <R> CompletableFuture<Committed<R>> submit(Transaction.Body<R> body) throws InterruptedException {
        return submit(List.of(body)).getFirst();
    }

    /** Submits several transactions at once, each its own update; none of them happened if this throws. */
    <R> List<CompletableFuture<Committed<R>>> submit(List<Transaction.Body<R>> bodies) throws InterruptedException;

    /** Begins to collect writes, for a thread that serves many clients and must not wait. */
    WriteRound round();

    /** The number of keys that hold something, including those that have expired and are not removed yet. */
    long keys();

    /** Everything visible to readers of this node. */
    VersionVector clock();

    /** The part of it that survives a power loss of this node. */
    VersionVector durableClock();

    /**
     * Blocks until readers of this node see everything in a clock.
     *
     * @return whether they do
     */
    boolean awaitClock(VersionVector wanted, Duration atMost) throws InterruptedException;

    /**
     * Why {@link #feedAfter} would be refused: the node has deleted updates that are not in the clock. Empty if it has
     * not.
     */
    Optional<UpdatesGoneException> gone(VersionVector after);

    /**
     * The updates that are not in a clock, in the delivery order of this node, and those that follow.
     *
     * @param memory of the reader's connection: updates that it was given and has not sent yet are claimed from it
     * @throws UpdatesGoneException if some of them are deleted
     */
    DeliveryFeed feedAfter(VersionVector after, MemoryHolder memory);

    /** The status of the node for operators. Waits for the writer. */
    NodeStatus status();

    /** All known members including this node, ordered by name. Never blocks. */
    List<NodeStatus.Member> members();

    /** The current health issues of the node; it is ready if none of them makes it unready. Never blocks. */
    List<HealthIssue> health();

    /** Why the node cannot accept writes now; empty if it can. */
    Optional<WriteRefusedException> unready();

    /** Updates in the order in which this node delivered them. Not thread-safe. */
    interface DeliveryFeed extends AutoCloseable {

        /** A delivered update and the clock of a reader who has seen all up to it. */
        record Item(Update update, VersionVector clock) {}

        /**
         * The next updates; blocks until there are some. Returns an empty list on timeout or when the node closes.
         *
         * @throws UpdatesGoneException if the reader was so slow that they are deleted
         */
        List<Item> next(Duration atMost) throws InterruptedException;

        /** Whether the node is closing, so that no more updates will come. */
        boolean ended();

        @Override
        void close();
    }
}
