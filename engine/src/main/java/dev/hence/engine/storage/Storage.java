package dev.hence.engine.storage;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The seam between a node and its disk: commit one batch, read one row, iterate rows, read the log. As a {@link
 * State} it has the rows of the newest commit.
 *
 * <p>Each read sees whole batches or nothing of them; several that have to agree are made on a {@link Snapshot}.
 * Every commit moves the <em>position</em> on; a reader that
 * asks for the position after reading knows that what it read is no newer.
 *
 * <p>Thread-safe, except that only one thread commits. Failures are {@link StorageException}s.
 */
public interface Storage extends State, AutoCloseable {

    /** The stored state that the replica goes on from. */
    Replica.Recovered recovered();

    /** The number of updates in the log, at the last commit. */
    long deliveredCount();

    /**
     * Stores all of the changes or, if the machine stops half-way, none of them.
     *
     * @param sync whether to return only when they survive a power loss
     */
    void commit(CommitBatch changes, boolean sync);

    /** Makes everything committed before survive a power loss. */
    void sync();

    /** The position of the newest commit that reads can see. */
    long position();

    /** The rows as they are now, and stay for its reader. */
    Snapshot snapshot();

    /**
     * Heads of keys in the order of unsigned bytes, from one snapshot.
     *
     * @param bytesMax about how many bytes of rows at most; at least one row is returned if there is one
     */
    Scan scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax);

    /**
     * Keys that have a deadline, the earliest first; it is the latest one of each key.
     *
     * @param after where to go on: only what comes after this; null for the beginning
     * @param throughMillis the latest deadline to look for
     */
    List<Due> due(@Nullable Due after, long throughMillis, int limit);

    /** How many keys hold something at the last commit, expired ones included. */
    long keys();

    /** How many of these have a deadline. */
    long expiringKeys();

    /** How much room the rows take in files and memory, as estimated by what is known without reading them. */
    Sizes sizes();

    /**
     * Room that rows take.
     *
     * @param dataBytes keys, elements and deadlines
     * @param logBytes the update log and its index
     */
    record Sizes(long dataBytes, long logBytes) {}

    /** An update of the log; null if the log does not hold it. */
    @Nullable
    Update update(Dot dot);

    /**
     * Updates of one origin in their order, those after a counter. What a {@link LargeRows#BUYER} reads is claimed; it
     * ends where that has no memory for more.
     *
     * @param bytesMax about how many bytes of memory at most; at least one update is returned if there is one
     * @throws NoRoomException if the reader has no memory for the first one
     */
    List<Update> updatesOf(ReplicaId origin, long afterCounter, long bytesMax);

    /**
     * Shows the updates of one origin after a counter, in their order: at least all that have a text in a key or a value.
     * Rows of the log without it are not decoded, which is most of the work of reading them.
     */
    void eachNaming(ReplicaId origin, long afterCounter, Bytes text, Consumer<Update> reader);

    /**
     * Updates in the order of delivery. What a {@link LargeRows#BUYER} reads is claimed; it ends where that has no
     * memory for more.
     *
     * @param fromSequence the place of the first, 0 for the beginning of the log
     * @param countMax at most this many
     * @param bytesMax about how many bytes of memory at most; at least one update is returned if there is one
     * @throws NoRoomException if the reader has no memory for the first one
     */
    List<Update> deliveries(long fromSequence, int countMax, long bytesMax);

    /** The place of an update in the order of delivery; -1 if the log does not hold it. */
    long sequenceOf(Dot dot);

    /**
     * Forces everything to the disk, notes that - unless a commit or a sync failed - and lets go of it. Calls
     * that come later fail, those that are under way are waited for.
     */
    @Override
    void close();

    /**
     * What a scan found.
     *
     * @param more whether it ended at a limit, with more keys after the last one
     * @param position the position of the snapshot that it read
     */
    record Scan(List<Row> rows, boolean more, long position) {
        /** Copies the list. */
        public Scan {
            rows = List.copyOf(rows);
        }
    }

    /** A key and what is known of it. */
    record Row(Bytes key, KeyHead head) {}

    /** A key and its deadline, in milliseconds since 1970. */
    record Due(long millis, Bytes key) {}

    /**
     * The rows of one commit. It keeps the storage from closing and old rows from being cleared away, so it is
     * closed soon.
     */
    interface Snapshot extends State, AutoCloseable {

        /** The position of the commit. */
        long position();

        @Override
        void close();
    }
}
