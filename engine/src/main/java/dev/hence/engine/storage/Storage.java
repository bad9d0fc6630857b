package dev.hence.engine.storage;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.log.LogLimits;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The interface between a node and its disk: commit one batch, read one row, iterate rows, read the log. As a {@link
 * State} it holds the rows of the newest commit.
 *
 * <p>Each read sees whole batches only; reads that must agree with each other use a {@link Snapshot}. Every commit
 * advances the <em>position</em>; a reader that gets the position after reading knows that what it read is not newer.
 *
 * <p>Thread-safe, except that only one thread commits, and only that one {@link #walk}s the storage itself: while there are
 * commits, a walk by another thread would not be of one of them. Failures are {@link StorageException}s.
 */
public interface Storage extends State, AutoCloseable {

    /** The stored state from which the replica resumes. */
    Replica.Recovered recovered();

    /** The number of updates in the log, at the last commit. */
    long deliveredCount();

    /**
     * Appends the updates to the log, after all others; stores the identity before. They survive a crash of the process
     * from now on, and are found by reads of the log, but not by reads of rows.
     *
     * @throws StorageException if it may have happened or not; nothing can be stored any more
     */
    void append(CommitBatch changes);

    /**
     * Changes the rows for updates that were appended, atomically: reads find them from now on.
     *
     * @throws StorageException if it may have happened or not; nothing can be stored any more
     */
    void apply(CommitBatch changes);

    /**
     * Whether the next {@link #append} or {@link #apply} of a small batch may wait for the disk. Only the thread that commits
     * may ask.
     */
    boolean commitMayWait();

    /**
     * The rows of the newest commit as far as they are in memory: a reader that asks for others is ended by {@link
     * ReadInterrupted}. Only for the thread that commits.
     */
    State inMemory();

    /**
     * Stores a batch, for callers without a {@link dev.hence.core.node.CommitOrder}.
     *
     * @param sync whether to block until it survives a power loss
     */
    default void commit(CommitBatch changes, boolean sync) {
        append(changes);
        if (sync) {
            sync();
        }
        apply(changes);
    }

    /** Forces everything appended before to the disk. */
    void sync();

    /** The position of the newest commit that reads can see. */
    long position();

    /** Opens a snapshot of the present rows. */
    Snapshot snapshot();

    /**
     * Reads rows of one commit. The reader may be run again from its beginning, because the rows have changed or because
     * it walks over rows that are not in memory; the last run counts, and an exception of it.
     */
    <R> At<R> read(Function<State, R> reader);

    /**
     * Announces that the calling thread is about to read the heads of keys, or to change them: if there are several, the
     * memory that holds them can be fetched for all at the same time. Nothing else happens, and never a read of the disk.
     */
    void expect(List<Bytes> keys);

    /**
     * Reads rows of one commit without waiting, neither for the disk nor for a commit.
     *
     * @return empty if that is not possible now: {@link #read} it
     */
    <R> Optional<At<R>> tryRead(Function<State, R> reader);

    /** What was read, and the position of the commit. */
    record At<R>(R value, long position) {}

    /**
     * Heads of keys in the order of unsigned bytes, from one snapshot.
     *
     * @param bytesMax the approximate maximum size of the rows; at least one row is returned if there is one
     */
    Scan scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax);

    /**
     * Returns keys with a deadline, the earliest first; the deadline is the latest one of each key.
     *
     * @param after where to continue, exclusive; null for the beginning
     * @param throughMillis the latest deadline to return
     */
    List<Due> due(@Nullable Due after, long throughMillis, int limit);

    /** The number of existing keys at the last commit, expired ones included. */
    long keys();

    /** The number of these with a deadline. */
    long expiringKeys();

    /** The size of the rows in files and memory, estimated without reading them. */
    Sizes sizes();

    /**
     * The size of rows, in bytes.
     *
     * @param dataBytes keys, elements and deadlines
     * @param logBytes the segments of the update log
     */
    record Sizes(long dataBytes, long logBytes) {}

    /** What its parts take in memory. */
    MemoryUse memory();

    /** Returns an update of the log; null if the log does not hold it. */
    @Nullable
    Update update(Dot dot);

    /**
     * Returns the checksum of an update; null if it was deleted from the log, unless it is the last deleted one of its
     * origin.
     */
    @Nullable
    Integer checksum(Dot dot);

    /** The counter of the last update of an origin that was deleted from the log; 0 if none was. */
    long deletedThrough(ReplicaId origin);

    /** The condition of the log. */
    LogExtent logExtent();

    /**
     * Deletes segments from the front of the log, as far as the limits say.
     *
     * @param stored the updates that every member has stored durably
     * @param millis the present time, in milliseconds since 1970
     * @return whether any were deleted
     */
    boolean trimLog(LogLimits limits, VersionVector stored, long millis);

    /**
     * Returns the updates of one origin after a counter, in their order. Reads for a {@link LargeRows#BUYER} are
     * claimed; the result ends where the buyer has no memory for more.
     *
     * @param bytesMax about how many bytes of memory at most; at least one update is returned if there is one
     * @throws NoRoomException if the reader has no memory for the first one
     * @throws DeletedUpdatesException if the first one was deleted from the log
     */
    List<Update> updatesOf(ReplicaId origin, long afterCounter, long bytesMax);

    /**
     * Returns the frames with the updates of one origin after a counter, in their order, as they are to be sent: the bytes
     * of the log, the newest ones from memory. Reads for a {@link LargeRows#BUYER} are claimed, as in {@link #updatesOf}.
     *
     * @param upTo the counter of the last one
     * @param bytesMax about how many bytes of memory at most; at least one frame is returned if there is one
     * @param whole whether the first one must have its whole context, because it is decoded without the origin's
     *     previous frame
     * @throws NoRoomException if the reader has no memory for the first one
     * @throws DeletedUpdatesException if the first update was deleted from the log
     */
    List<EncodedFrame> framesOf(ReplicaId origin, long after, long upTo, long bytesMax, boolean whole);

    /**
     * Visits the updates of one origin after a counter, in their order: at least all in the log that contain a text in a
     * key or a value. Log rows without the text are not decoded, which saves most of the work of reading them.
     */
    void eachNaming(ReplicaId origin, long afterCounter, Bytes text, Consumer<Update> reader);

    /**
     * Returns updates in delivery order. Reads for a {@link LargeRows#BUYER} are claimed; the result ends where the
     * buyer has no memory for more.
     *
     * @param fromSequence the sequence of the first
     * @param countMax the maximum number of updates
     * @param bytesMax about how many bytes of memory at most; at least one update is returned if there is one
     * @throws NoRoomException if the reader has no memory for the first one
     * @throws DeletedUpdatesException if the first one was deleted from the log
     */
    List<Update> deliveries(long fromSequence, int countMax, long bytesMax);

    /** Returns the sequence of an update in delivery order; -1 if the log does not hold it. */
    long sequenceOf(Dot dot);

    /**
     * Forces everything to the disk, records a clean close - unless a commit or a sync failed - and releases the files.
     * It waits for calls in progress; later calls fail.
     */
    @Override
    void close();

    /**
     * The result of a scan.
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

    /** A key and its head. */
    record Row(Bytes key, KeyHead head) {}

    /** A key and its deadline, in milliseconds since 1970. */
    record Due(long millis, Bytes key) {}

    /**
     * The rows of one commit. It prevents the storage from closing and old rows from being deleted, so the caller must
     * close it soon.
     */
    interface Snapshot extends State, AutoCloseable {

        /** The position of the commit. */
        long position();

        @Override
        void close();
    }
}
