package dev.hence.engine.storage;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.log.LogBeginning;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.log.LogTail;
import dev.hence.engine.log.SegmentLog;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The storage of a node: the log of updates, which is written before anything is answered, and rows in an embedded
 * RocksDB, which follow it.
 *
 * <p>A commit appends its updates to the log and then changes the rows, in memory; RocksDB, which has no log of its own,
 * gets them in the background ({@link RowStore}). It writes rows to files, all those of one commit or none, together with
 * the place in the log that they belong to: a checkpoint. A start opens the newest checkpoint and applies the updates
 * behind it again ({@link Replay}).
 *
 * <p><b>Invariants.</b> (1) No row is on the disk before the updates that it is made of are: the log is forced when
 * RocksDB begins to write rows ({@link RocksFiles#open}). (2) The progress row is part of every batch of
 * whole commits, so rows on the disk are exactly those of the updates before {@code nextSequence}. (3) The log is trimmed only up to a checkpoint that
 * is completed, never to one in progress.
 *
 * <p>Rows, by column family:
 *
 * <table>
 *   <caption>Rows</caption>
 *   <tr><td>state</td><td>the head of a key, by {@link RowKeys}: a string is exactly this row</td></tr>
 *   <tr><td>elements</td><td>a cell for each element of a collection, and index rows, by {@link RowKeys}</td></tr>
 *   <tr><td>deadlines</td><td>deadline (8 bytes), database, key, to nothing: the latest deadline of each key that has
 *       one, derived from its head</td></tr>
 *   <tr><td>default</td><td>{@code progress}, and {@code r} with a replica number (4 bytes) to the replica</td></tr>
 * </table>
 *
 * <p>All numbers are big-endian, so rows are in numeric order.
 */
public final class RocksStorage implements Storage {

    private static final Logger LOGGER = LoggerFactory.getLogger(RocksStorage.class);

    private static final MemoryShares MEMORY = MemoryShares.OF_THE_PROCESS;

    /** How many names are loaded between two looks at the rows that are to be written. */
    private static final int LOADED_NAMES = 1_024;

    private final DirectoryLock lock;
    private final RocksFiles files;
    private final RowStore rows;
    private final BackgroundWriter writer;
    private final RocksScans scans;
    private final SegmentLog segments;
    private final UpdateLog log;
    private final IdentityFile identity;

    // RocksDB must not be called after it is closed: calls hold the read lock. It is a stamped lock, because a
    // reentrant one keeps state per virtual thread.
    private final StampedLock closing = new StampedLock();

    // Set before the write lock is taken: new readers overtake a waiting writer, and could starve it forever.
    private volatile boolean closed;
    private boolean released;

    // A write or an fsync failed, so the content of the disk is unknown: the storage is not recorded as cleanly closed.
    private volatile boolean broken;
    private long checkpointedBytes;
    private volatile boolean checkpointDue;

    /**
     * A storage of the rows of the newest checkpoint; {@link Replay} brings it up to the end of the log.
     *
     * @param lock closed with the storage, after everything else
     */
    RocksStorage(DirectoryLock lock, RocksFiles files, SegmentLog segments, IdentityFile identity) {
        this.lock = lock;
        this.files = files;
        this.segments = segments;
        this.identity = identity;
        this.writer = new BackgroundWriter(this::writeBack);
        this.rows = new RowStore(files, MEMORY, writer::wake);
        this.scans = new RocksScans(files, rows.numbers());
        this.log = new UpdateLog(segments, files.largeRows(), new LogTail(MEMORY.tailBytes()));
        this.checkpointedBytes = segments.appendedBytes();
        writer.start();
    }

    @Override
    public Replica.Recovered recovered() {
        MetaRows.Progress now = rows.progress();
        return new Replica.Recovered(identity.identity().identity(), now.clock(), now.timestamp());
    }

    @Override
    public long deliveredCount() {
        return rows.progress().nextSequence();
    }

    @Override
    public void append(CommitBatch changes) {
        changing(() -> {
            putIdentity(changes.identity());
            log.append(changes.delivered(), changes.encoded());
        });
    }

    @Override
    public void apply(CommitBatch changes) {
        changing(() -> {
            rows.apply(changes);
            checkpointIfDue();
        });
    }

    private interface Change {
        void run() throws RocksDBException, IOException;
    }

    private void changing(Change change) {
        guarded(() -> {
            requireIntact();
            try {
                change.run();
            } catch (IOException | RocksDBException | RuntimeException | Error failed) {
                broken = true;
                throw failed;
            }
            return true;
        });
    }

    /** An update must not be in the log before the identity that it was made under is on the disk. */
    private void putIdentity(Identity changed) throws IOException {
        StoredIdentity now = identity.identity();
        if (!now.identity().equals(changed)) {
            identity.write(now.with(changed));
        }
    }

    /** Changes the rows for updates that are in the log already. */
    void applyLogged(CommitBatch changes) {
        guarded(() -> {
            rows.apply(changes);
            return true;
        });
    }

    /** A start replays what was logged since the last checkpoint. */
    private void checkpointIfDue() {
        long bytes = segments.appendedBytes();
        if (bytes - checkpointedBytes > segments.sizes().checkpointBytes()) {
            checkpointedBytes = bytes;
            checkpointDue = true;
            writer.wake();
        }
    }

    /** Writes changed rows to the database, and a checkpoint if one is due. */
    private void writeBack() {
        try {
            changing(() -> {
                boolean due = checkpointDue;
                // Before anything is written: what is due from now on is not part of this one.
                checkpointDue = false;
                rows.catchUp();
                if (due) {
                    files.flush();
                }
            });
            loadNames();
        } catch (StorageException failed) {
            if (!closed) {
                throw failed;
            }
        }
    }

    /** Names are loaded for speed only; while that takes long, rows are written. */
    private void loadNames() {
        guarded(() -> {
            try {
                rows.loadNames(names -> {
                    if (names % LOADED_NAMES == 0 && rows.dirtyBytes() > MEMORY.dirtyBytes()) {
                        rows.catchUpOrFail();
                    }
                    return !closed;
                });
            } catch (StorageException failed) {
                if (!closed) {
                    LOGGER.warn("names of a collection are not loaded: {}", failed.toString());
                }
            }
            return true;
        });
    }

    /** Writes all rows to files; a start replays nothing then. */
    void checkpoint() {
        guarded(() -> {
            rows.catchUp();
            files.flush();
            return true;
        });
    }

    private void requireIntact() {
        if (broken || rows.isBroken()) {
            throw new StorageException(
                    "storage: an earlier write failed (expected: no use after that; restart the node)");
        }
    }

    @Override
    public boolean commitMayWait() {
        return segments.appendMayWait() || rows.applyMayWait();
    }

    @Override
    public State inMemory() {
        return rows.inMemory();
    }

    @Override
    public void sync() {
        changing(segments::force);
    }

    @Override
    public long position() {
        requireOpen();
        return rows.position();
    }

    @Override
    public KeyHead head(Bytes key) {
        return guarded(() -> rows.rows().head(key));
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return guarded(() -> rows.rows().cell(key, kind, row));
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        return guarded(() -> rows.rows().walk(key, kind, from, direction, visitor));
    }

    @Override
    public Snapshot snapshot() {
        long stamp = enter();
        try {
            RowStore.Taken taken = rows.snapshot();
            return new RocksSnapshot(
                    files, rows.numbers(), taken.snapshot(), taken.position(), () -> closing.unlockRead(stamp));
        } catch (RocksDBException failed) {
            closing.unlockRead(stamp);
            throw files.failure(failed);
        } catch (RuntimeException failed) {
            closing.unlockRead(stamp);
            throw failed;
        }
    }

    @Override
    public <R> At<R> read(Function<State, R> reader) {
        Optional<At<R>> read = guarded(() -> Optional.ofNullable(rows.read(reader)));
        if (read.isPresent()) {
            return read.get();
        }
        try (Snapshot snapshot = snapshot()) {
            return new At<>(reader.apply(snapshot), snapshot.position());
        }
    }

    @Override
    public void expect(List<Bytes> keys) {
        rows.expect(keys);
    }

    @Override
    public <R> Optional<At<R>> tryRead(Function<State, R> reader) {
        return guarded(() -> Optional.ofNullable(rows.tryRead(reader)));
    }

    @Override
    public Scan scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax) {
        return guarded(() -> {
            RowStore.Taken taken = rows.snapshot();
            try {
                return scans.heads(taken.snapshot(), taken.position(), prefix, after, limit, bytesMax);
            } finally {
                files.db().releaseSnapshot(taken.snapshot());
            }
        });
    }

    @Override
    public List<Due> due(@Nullable Due after, long throughMillis, int limit) {
        return guarded(() -> {
            rows.catchUp();
            return scans.due(after, throughMillis, limit);
        });
    }

    @Override
    public long keys() {
        return rows.progress().keys();
    }

    @Override
    public Sizes sizes() {
        return guarded(() -> new Sizes(
                files.bytes(files.state()) + files.bytes(files.elements()) + files.bytes(files.deadlines()),
                segments.bytes()));
    }

    @Override
    public MemoryUse memory() {
        return guarded(() -> new MemoryUse(
                rows.bytes(),
                MEMORY.rowBytes(),
                rows.dirtyBytes(),
                log.tailBytes(),
                files.memtableBytes(),
                files.blockBytes()));
    }

    @Override
    public long expiringKeys() {
        return rows.progress().expiring();
    }

    @Override
    public @Nullable Update update(Dot dot) {
        return guarded(() -> Optional.ofNullable(log.update(dot))).orElse(null);
    }

    @Override
    public @Nullable Integer checksum(Dot dot) {
        return guarded(() -> Optional.ofNullable(log.checksum(dot))).orElse(null);
    }

    @Override
    public long deletedThrough(ReplicaId origin) {
        return log.deletedThrough(origin);
    }

    @Override
    public LogExtent logExtent() {
        return guarded(() -> {
            List<LogLimits.Full> full = segments.full();
            LogBeginning beginning = segments.beginning();
            MetaRows.Progress checkpoint = rows.checkpoint();
            return new LogExtent(
                    segments.bytes(),
                    beginning.sequence(),
                    segments.endSequence(),
                    checkpoint.nextSequence(),
                    checkpoint.clock(),
                    beginning.clock(),
                    full.isEmpty() ? VersionVector.EMPTY : full.getFirst().last(),
                    full.isEmpty() ? 0 : full.getFirst().bytes());
        });
    }

    @Override
    public boolean trimLog(LogLimits limits, VersionVector stored, long millis) {
        return guarded(() -> {
            requireIntact();
            return log.trim(limits, rows.checkpoint().nextSequence(), stored, millis);
        });
    }

    @Override
    public List<Update> updatesOf(ReplicaId origin, long afterCounter, long bytesMax) {
        return guarded(() -> log.updatesOf(origin, afterCounter, bytesMax));
    }

    @Override
    public List<EncodedFrame> framesOf(ReplicaId origin, long after, long upTo, long bytesMax, boolean whole) {
        return guarded(() -> log.framesOf(origin, after, upTo, bytesMax, whole));
    }

    /** Visits everything in the log from a sequence on, in delivery order. */
    void forEachFrame(long fromSequence, UpdateLog.Frames visitor) {
        guarded(() -> {
            log.forEach(fromSequence, visitor);
            return true;
        });
    }

    @Override
    public void eachNaming(ReplicaId origin, long afterCounter, Bytes text, Consumer<Update> reader) {
        guarded(() -> {
            log.eachNaming(origin, afterCounter, text.array(), reader);
            return true;
        });
    }

    @Override
    public List<Update> deliveries(long fromSequence, int countMax, long bytesMax) {
        return guarded(() -> log.deliveries(fromSequence, countMax, bytesMax));
    }

    @Override
    public long sequenceOf(Dot dot) {
        return guarded(() -> log.sequenceOf(dot));
    }

    /** Closes the files as they are: the start has failed. */
    void abandon() {
        broken = true;
        close();
    }

    @Override
    public void close() {
        closed = true;
        writer.close();
        // Waits for the calls in progress, also for that of the writing thread.
        long stamp = closing.writeLock();
        try {
            if (!released) {
                released = true;
                release();
            }
        } finally {
            closing.unlockWrite(stamp);
        }
    }

    private void release() {
        try {
            if (!broken && !rows.isBroken()) {
                segments.force();
                rows.catchUp();
                files.flush();
                identity.write(identity.identity().closed());
            }
        } catch (IOException | RocksDBException failed) {
            throw new StorageException("closing the storage: " + failed.getMessage(), failed);
        } finally {
            rows.close();
            files.close();
            closeLog();
            lock.close();
        }
    }

    private void closeLog() {
        try {
            segments.close();
        } catch (IOException failed) {
            LOGGER.warn("{}", failed.toString());
        }
    }

    private interface Call<T> {
        T run() throws RocksDBException, IOException;
    }

    private <T> T guarded(Call<T> call) {
        long stamp = enter();
        try {
            return call.run();
        } catch (RocksDBException failed) {
            throw files.failure(failed);
        } catch (IOException failed) {
            throw new StorageException("log: " + failed.getMessage(), failed);
        } finally {
            closing.unlockRead(stamp);
        }
    }

    /**
     * Keeps the files open. It does not queue behind a closing thread: a walk's visitor reads rows while the walk
     * itself keeps them open, and the two would deadlock.
     */
    private long enter() {
        requireOpen();
        long stamp = closing.tryReadLock();
        if (stamp == 0) {
            throw closed();
        }
        return stamp;
    }

    private void requireOpen() {
        if (closed) {
            throw closed();
        }
    }

    private static StorageException closed() {
        return new StorageException("storage: closed (expected: no use after the node has stopped)");
    }
}
