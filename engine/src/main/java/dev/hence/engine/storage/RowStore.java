package dev.hence.engine.storage;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.KeyChange;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.rows.DirtyRows;
import dev.hence.engine.rows.RowTable;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * The rows of a node: changes are made in memory ({@link RowTable}), and the database follows them. Rows that change
 * again before it does are written once.
 *
 * <p>Walks over collections whose names are in memory ({@link HotCollections}) need nothing else. Whatever else reads rows
 * in their order reads the database, after it has caught up ({@link #catchUp}). A commit that does not fit into memory - it
 * removes many rows, or has large ones - is written to the database at once.
 *
 * <p><b>Invariants.</b> (1) The database holds the rows of a beginning of all commits, whole ones only, together with
 * their progress. (2) The position is advanced before any row of a commit can be seen, so a reader that gets it after
 * reading knows that what it read is not newer.
 *
 * <p>Thread-safe, except that only one thread applies.
 */
final class RowStore implements AutoCloseable {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** How often rows are read without a snapshot, and the pause while a commit becomes visible. */
    private static final int READS_MAX = 5;

    private static final long READ_PAUSE_NANOS = 50_000;

    /** The maximum number of rows of walks that do not wait: about 1 ms, and 1 MB. */
    private static final long WALKED_AT_ONCE_MAX = 4_096;

    private record Numbered(int number, ReplicaId replica) {}

    /** A snapshot of the database, to be released by the receiver, and the position of its rows. */
    record Taken(org.rocksdb.Snapshot snapshot, long position) {}

    private final RocksFiles files;
    private final MemoryShares memory;
    private final MetaRows meta;
    private final ReplicaNumbers numbers;
    private final RowTable table;
    private final ReadOptions newest = new ReadOptions();
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private final RocksState database;
    private final HotCollections hot;
    private final NewestRows rows;
    private final NewestRows beside;
    private final NewestRows inMemory;
    private final Runnable onDirty;

    // Held while the database is written.
    private final ReentrantLock writing = new ReentrantLock();
    private final RocksBatch dirtyBatch = new RocksBatch(1 << 16);

    // Assigned by commits that the database does not hold; guarded by the table's lock.
    private List<Numbered> assigned = new ArrayList<>();

    private volatile MetaRows.Progress applied;
    /** The sequence of the progress that the database holds. */
    private volatile long written;

    private volatile long position;
    private volatile boolean broken;

    /**
     * @param onDirty called when rows should be written, by {@link #catchUp}, or names loaded, by {@link #loadNames}; must
     *     return at once
     */
    RowStore(RocksFiles files, MemoryShares memory, Runnable onDirty) {
        this.files = files;
        this.memory = memory;
        this.meta = new MetaRows(files);
        this.numbers = meta.replicaNumbers();
        this.applied = meta.progress(numbers);
        this.written = applied.nextSequence();
        this.position = written;
        this.onDirty = onDirty;
        this.table = new RowTable(
                memory.rowBytes(), RANDOM.nextLong(), RANDOM.nextLong(), applied.nextSequence() == 0, onDirty);
        this.database = new RocksState(files, numbers, newest, null);
        this.hot = new HotCollections(table, memory.nameBytes(), onDirty);
        this.rows = new NewestRows(table, hot, database, this::catchUpOrFail);
        this.beside = rows.beside();
        this.inMemory = rows.inMemory();
    }

    /** The newest rows. Only the thread that applies may walk over them. */
    State rows() {
        return rows;
    }

    /** The newest rows that are in memory: a reader that asks for others is interrupted. */
    State inMemory() {
        return inMemory;
    }

    ReplicaNumbers numbers() {
        return numbers;
    }

    /** The progress of the newest rows. */
    MetaRows.Progress progress() {
        return applied;
    }

    /** The progress of the rows in files: that of the last completed checkpoint. */
    MetaRows.Progress checkpoint() {
        return meta.checkpoint(numbers);
    }

    /** What rows take in memory, in bytes. */
    long bytes() {
        long[] names = new long[1];
        table.together(() -> names[0] = hot.bytes());
        return table.bytes() + names[0];
    }

    /** The size of the rows that are not in the database yet, in bytes. */
    long dirtyBytes() {
        return table.dirtyBytes();
    }

    /** The position of everything that reads can see. */
    long position() {
        return position;
    }

    /** Whether a write failed, so that the database may lack rows that the table has forgotten. */
    boolean isBroken() {
        return broken;
    }

    /** Changes the rows as a commit says. If that fails, it may be in the table in part, and nothing is written any more. */
    void apply(CommitBatch changes) throws RocksDBException {
        try {
            // Before anything of the commit can be seen, because readers then wait until it is published.
            if (table.dirtyBytes() > memory.dirtyBytesMax()) {
                catchUp();
            }
            applyWhole(changes);
        } catch (RocksDBException | RuntimeException | Error failed) {
            broken = true;
            throw failed;
        }
    }

    /** Whether applying a small commit may have to wait until the database has caught up. */
    boolean applyMayWait() {
        return table.dirtyBytes() > memory.dirtyBytesMax() / 2;
    }

    private void applyWhole(CommitBatch changes) throws RocksDBException {
        List<Numbered> used = new ArrayList<>();
        ReplicaNumbers.Listener listener = (number, replica) -> used.add(new Numbered(number, replica));
        RowChanges changed = new RowChanges(rows, files.largeRows(), numbers, listener);
        for (Map.Entry<Bytes, KeyChange> change : changes.keys().entrySet()) {
            changed.add(change.getKey(), change.getValue());
        }
        // The progress names all of them, and numbers are assigned by this thread only.
        changes.clock().replicas().forEach(replica -> numbers.number(replica, listener));
        MetaRows.Progress before = applied;
        MetaRows.Progress after = new MetaRows.Progress(
                changes.clock(),
                changes.timestamp(),
                before.nextSequence() + changes.delivered().size(),
                before.keys() + changed.keysAdded(),
                before.expiring() + changed.expiringAdded());
        if (changed.fits() && changed.bytes() <= memory.dirtyBytesMax()) {
            applyInMemory(changes, changed, used, after);
        } else {
            applyAtOnce(changes, changed, used, after);
        }
    }

    private void applyInMemory(CommitBatch changes, RowChanges changed, List<Numbered> used, MetaRows.Progress after) {
        position = after.nextSequence();
        table.together(() -> {
            try {
                changed.rows().forEach(row -> table.put(row.family, row.name, row.value));
                hot.committed(changes.keys());
                assigned.addAll(used);
                applied = after;
            } catch (RuntimeException | Error failed) {
                // Still under the table's lock, for which a thread may wait that writes: not a part of a commit.
                broken = true;
                throw failed;
            }
        });
        if (table.dirtyBytes() > memory.dirtyBytes()) {
            onDirty.run();
        }
    }

    private void applyAtOnce(CommitBatch changes, RowChanges changed, List<Numbered> used, MetaRows.Progress after)
            throws RocksDBException {
        writing(() -> {
            writeDirty();
            position = after.nextSequence();
            RocksBatch batch =
                    new RocksBatch(changed.bytes() + 64L * changed.rows().size());
            changed.ranges().forEach(range -> batch.deleteRange(files.elements(), range.from, range.to));
            changed.rows().forEach(row -> batch.change(family(row.family), row.name, row.value));
            write(batch, used, after);
            table.together(() -> {
                report(changed);
                hot.committed(changes.keys());
                applied = after;
            });
            return true;
        });
    }

    /** Reports rows to the table that the database holds. */
    private void report(RowChanges changed) {
        if (changed.manyErased()) {
            table.clear();
        }
        for (RowChanges.Row row : changed.rows()) {
            if (row.fits()) {
                table.stored(row.family, row.name, row.value);
            } else {
                table.forget(row.family, row.name);
            }
        }
    }

    /** Writes to the database what it lacks; returns when it holds everything that was applied before. */
    void catchUp() throws RocksDBException {
        if (written != applied.nextSequence()) {
            writing(this::writeDirty);
        }
    }

    void catchUpOrFail() {
        try {
            catchUp();
        } catch (RocksDBException failed) {
            throw files.failure(failed);
        }
    }

    /**
     * Loads the names of a collection that is walked often; if there are more, {@code onDirty} is called. Only one thread
     * may call it at a time.
     *
     * @param goesOn is asked with the number of names that were read; first with 0, before the database catches up
     */
    void loadNames(LongPredicate goesOn) {
        hot.load((key, kind, visitor) -> {
            if (!goesOn.test(0)) {
                return false;
            }
            catchUpOrFail();
            long[] read = {0};
            return database.names(key, kind, name -> visitor.test(name) && goesOn.test(++read[0]));
        });
    }

    private interface Writing<T> {
        T run() throws RocksDBException;
    }

    /** Writes the database. After a failure it is not known what it holds, and nothing is written any more. */
    private <T> T writing(Writing<T> step) throws RocksDBException {
        writing.lock();
        try {
            return step.run();
        } catch (RocksDBException | RuntimeException | Error failed) {
            broken = true;
            throw failed;
        } finally {
            writing.unlock();
        }
    }

    /** Returns whether there was anything to write. */
    private boolean writeDirty() throws RocksDBException {
        if (written == applied.nextSequence()) {
            return false;
        }
        Dirty dirty = takeDirty();
        RocksBatch batch = dirtyBatch;
        batch.clear();
        dirty.rows.forEach((family, bytes, nameFrom, nameBytes, valueFrom, valueBytes) ->
                batch.change(family(family), bytes, nameFrom, nameBytes, bytes, valueFrom, valueBytes));
        write(batch, dirty.numbers, dirty.progress);
        table.written();
        return true;
    }

    /** What the database lacks to be at a progress. */
    private record Dirty(DirtyRows rows, List<Numbered> numbers, MetaRows.Progress progress) {}

    private void requireIntact() {
        if (broken) {
            throw new StorageException("storage: an earlier write failed (expected: no use after that)");
        }
    }

    private Dirty takeDirty() {
        Dirty[] taken = new Dirty[1];
        table.together(() -> {
            requireIntact();
            taken[0] = new Dirty(table.takeDirty(), assigned, applied);
            assigned = new ArrayList<>();
        });
        return taken[0];
    }

    private void write(RocksBatch batch, List<Numbered> used, MetaRows.Progress progress) throws RocksDBException {
        meta.putProgress(batch, progress, numbers, (number, replica) -> {
            throw new AssertionError("progress: " + replica + " has no number (expected: assigned by its commit)");
        });
        used.forEach(each -> meta.putNumber(batch, each.number(), each.replica()));
        batch.write(files.db(), unlogged);
        written = progress.nextSequence();
    }

    private ColumnFamilyHandle family(int family) {
        return switch (family) {
            case RowFamilies.HEADS -> files.state();
            case RowFamilies.ELEMENTS -> files.elements();
            default -> files.deadlines();
        };
    }

    /**
     * Reads rows of one commit.
     *
     * @param reader may be run again
     * @return null if it walks where the database is needed for it, or commits leave no time for it
     */
    <R> Storage.@Nullable At<R> read(Function<State, R> reader) {
        for (int attempt = 0; attempt < READS_MAX; attempt++) {
            long at = applied.nextSequence();
            if (position != at) {
                LockSupport.parkNanos(READ_PAUSE_NANOS);
                continue;
            }
            try {
                State ofCommit = new SingleRows(beside, this::position, at, Long.MAX_VALUE);
                return new Storage.At<>(reader.apply(ofCommit), at);
            } catch (ReadInterrupted again) {
                if (again.wantsMore) {
                    return null;
                }
            }
        }
        return null;
    }

    /** The caller is about to read the heads of keys, or to change them. */
    void expect(List<Bytes> keys) {
        rows.expect(keys);
    }

    /**
     * Reads rows of one commit without waiting.
     *
     * @return null if the reader needs something that is not in memory or walks over many rows, or if a commit is becoming
     *     visible
     */
    <R> Storage.@Nullable At<R> tryRead(Function<State, R> reader) {
        long at = applied.nextSequence();
        if (position != at) {
            return null;
        }
        try {
            State ofCommit = new SingleRows(inMemory, this::position, at, WALKED_AT_ONCE_MAX);
            return new Storage.At<>(reader.apply(ofCommit), at);
        } catch (ReadInterrupted needsMore) {
            return null;
        }
    }

    /** Takes a snapshot of everything that was applied. */
    Taken snapshot() throws RocksDBException {
        return writing(() -> {
            writeDirty();
            return new Taken(files.db().getSnapshot(), written);
        });
    }

    @Override
    public void close() {
        newest.close();
        unlogged.close();
    }
}
