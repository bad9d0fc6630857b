package dev.hence.server.runtime;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Register;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Update;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node as its edges see it: reads, writes, sessions and the feed, without sockets or protocols.
 *
 * <p>Thread-safe. Every call may block; callers are virtual threads.
 */
public interface Store {

    /**
     * What was read, and a clock that covers it: all that the reader could have seen is in the clock.
     *
     * @param <T> what was read
     */
    record Reading<T>(T value, VersionVector clock) {}

    /** One key of a scan. */
    record KeyEntry(Bytes key, Register register) {}

    /**
     * What a scan found.
     *
     * @param more whether it ended at a limit, with more keys after the last one
     */
    record Page(List<KeyEntry> entries, boolean more) {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The outcome of a committed transaction.
     *
     * @param result what its body returned
     * @param update what it wrote; null if it changed nothing
     * @param clock the node's clock, which covers the update
     */
    record Committed<R>(R result, @Nullable Update update, VersionVector clock) {}

    /** The state of a key; {@link Register#EMPTY} if it is absent. */
    Reading<Register> read(Bytes key);

    /**
     * Keys in the order of unsigned bytes, all from one snapshot.
     *
     * @param prefix what they begin with; empty for all
     * @param after where to go on: only keys greater than this; null for the beginning
     * @param limit at most so many
     * @param bytesMax about how many bytes of keys and values at most; at least one key is returned if there
     *     is one
     */
    Reading<Page> scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax);

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

    /** The updates that are not in a clock, in the order of delivery here, and those that follow. */
    DeliveryFeed feedAfter(VersionVector after);

    /** What people who look into the node are shown. It waits for the writer. */
    NodeStatus status();

    /** Every member that the node knows, itself included, in the order of names. Waits for nobody. */
    List<NodeStatus.Member> members();

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
