package dev.hence.engine.storage;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.KeyChange;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.ReplicaNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The storage in an embedded RocksDB. Each commit is one write batch, so that state, log and clock never
 * disagree, whenever the machine stops.
 *
 * <p>On disk, by column family:
 *
 * <table>
 *   <caption>Rows</caption>
 *   <tr><td>state</td><td>the head of a key, by {@link RowKeys}: a string is exactly this row</td></tr>
 *   <tr><td>elements</td><td>a cell for each element of a collection, and index rows, by {@link RowKeys}</td></tr>
 *   <tr><td>deadlines</td><td>deadline (8 bytes), database, key, to nothing: the latest deadline of each key that has
 *       one, derived from its head</td></tr>
 *   <tr><td>log</td><td>sequence (8 bytes) to that update and those after it that were committed with it, in delivery
 *       order: a {@link LogBlock}</td></tr>
 *   <tr><td>index</td><td>replica number (4 bytes), counter (8 bytes) of the first update that a block has of the
 *       replica, to the sequence of the block (8 bytes)</td></tr>
 *   <tr><td>default</td><td>{@code progress}, {@code identity}, and {@code r} with a replica number (4 bytes) to the
 *       replica</td></tr>
 * </table>
 *
 * <p>All numbers are big-endian, so rows are in numeric order.
 */
public final class RocksStorage implements Storage {

    private final DirectoryLock lock;
    private final RocksFiles files;
    private final MetaRows meta;
    private final ReplicaNumbers numbers;
    private final Replica.Recovered recovered;
    private final ReadOptions newest = new ReadOptions();
    private final RocksState latest;
    private final UpdateLog log;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();

    // RocksDB must not be called after it is closed: calls hold the read lock. It is a stamped lock, because a
    // reentrant one keeps state per virtual thread.
    private final StampedLock closing = new StampedLock();

    // Set before the write lock is taken: new readers overtake a waiting writer, and could starve it forever.
    private volatile boolean closed;
    private boolean released;

    // A write or an fsync failed, so the content of the disk is unknown: the storage is not recorded as cleanly closed.
    private volatile boolean broken;
    private volatile long nextSequence;
    private volatile long keys;
    private volatile long expiringKeys;

    /** @param lock closed with the storage, after everything else */
    RocksStorage(DirectoryLock lock, RocksFiles files, MetaRows meta) {
        this.lock = lock;
        this.files = files;
        this.meta = meta;
        this.numbers = meta.replicaNumbers();
        MetaRows.Progress progress = meta.progress(numbers);
        this.latest = new RocksState(files, numbers, newest, null);
        this.log = new UpdateLog(files, numbers);
        this.nextSequence = progress.nextSequence();
        this.keys = progress.keys();
        this.expiringKeys = progress.expiring();
        this.recovered = new Replica.Recovered(meta.identity().identity(), progress.clock(), progress.timestamp());
    }

    @Override
    public Replica.Recovered recovered() {
        return recovered;
    }

    @Override
    public long deliveredCount() {
        return nextSequence;
    }

    @Override
    public void commit(CommitBatch changes, boolean sync) {
        guarded(() -> {
            try (WriteBatch batch = new WriteBatch()) {
                ReplicaNumbers.Listener listener = meta.numberWriter(batch);
                log.append(batch, nextSequence, changes.delivered(), listener);
                long sequence = nextSequence + changes.delivered().size();
                StateBatch rows = new StateBatch(batch, files, latest, numbers, listener);
                for (Map.Entry<Bytes, KeyChange> change : changes.keys().entrySet()) {
                    rows.add(change.getKey(), change.getValue());
                }
                long keysAfter = keys + rows.keysAdded();
                long expiringAfter = expiringKeys + rows.expiringAdded();
                meta.putProgress(
                        batch,
                        new MetaRows.Progress(changes.clock(), changes.timestamp(), sequence, keysAfter, expiringAfter),
                        numbers,
                        listener);
                meta.putIdentity(batch, changes.identity());
                write(batch, sync);
                nextSequence = sequence;
                keys = keysAfter;
                expiringKeys = expiringAfter;
            }
            return true;
        });
    }

    private void write(WriteBatch batch, boolean sync) throws RocksDBException {
        try {
            files.db().write(sync ? synced : unsynced, batch);
        } catch (RocksDBException failed) {
            broken = true;
            throw failed;
        }
    }

    @Override
    public void sync() {
        guarded(() -> {
            try {
                files.db().syncWal();
            } catch (RocksDBException failed) {
                broken = true;
                throw failed;
            }
            return true;
        });
    }

    @Override
    public long position() {
        return guarded(() -> files.db().getLatestSequenceNumber());
    }

    @Override
    public KeyHead head(Bytes key) {
        return guarded(() -> latest.head(key));
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        return guarded(() -> latest.cell(key, kind, row));
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        return guarded(() -> latest.walk(key, kind, from, direction, visitor));
    }

    @Override
    public Snapshot snapshot() {
        long stamp = enter();
        return new OpenSnapshot(files, numbers, () -> closing.unlockRead(stamp));
    }

    /** A snapshot of RocksDB; the storage does not close while it is open. */
    private static final class OpenSnapshot implements Snapshot {
        private final RocksFiles files;
        private final org.rocksdb.Snapshot snapshot;
        private final ReadOptions options;
        private final RocksState rows;
        private final Runnable leave;

        OpenSnapshot(RocksFiles files, ReplicaNumbers numbers, Runnable leave) {
            this.files = files;
            this.snapshot = files.db().getSnapshot();
            this.options = new ReadOptions().setSnapshot(snapshot);
            this.rows = new RocksState(files, numbers, options, snapshot);
            this.leave = leave;
        }

        @Override
        public long position() {
            return snapshot.getSequenceNumber();
        }

        @Override
        public KeyHead head(Bytes key) {
            return rows.head(key);
        }

        @Override
        public Cell cell(Bytes key, RowKind kind, Bytes row) {
            return rows.cell(key, kind, row);
        }

        @Override
        public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
            return rows.walk(key, kind, from, direction, visitor);
        }

        @Override
        public void close() {
            options.close();
            files.db().releaseSnapshot(snapshot);
            leave.run();
        }
    }

    @Override
    public Scan scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax) {
        return guarded(() -> {
            org.rocksdb.Snapshot snapshot = files.db().getSnapshot();
            byte[] start = RowKeys.prefix(prefix);
            try (ReadOptions options = new ReadOptions().setSnapshot(snapshot);
                    RocksIterator rows = files.db().newIterator(files.state(), options)) {
                rows.seek(after == null || after.compareTo(prefix) < 0 ? start : RowKeys.after(after));
                List<Row> found = new ArrayList<>();
                long bytes = 0;
                boolean more = false;
                for (; rows.isValid(); rows.next()) {
                    Bytes key = RowKeys.key(rows.key());
                    if (!key.startsWith(prefix)) {
                        break;
                    }
                    if (found.size() == limit || bytes >= bytesMax) {
                        more = true;
                        break;
                    }
                    byte[] value = rows.value();
                    found.add(new Row(key, RocksState.decodedHead(value, numbers)));
                    bytes += key.length() + value.length;
                }
                rows.status();
                return new Scan(found, more, snapshot.getSequenceNumber());
            } finally {
                files.db().releaseSnapshot(snapshot);
            }
        });
    }

    @Override
    public List<Due> due(@Nullable Due after, long throughMillis, int limit) {
        return guarded(() -> {
            List<Due> found = new ArrayList<>();
            try (Slice end = new Slice(RowKeys.afterDeadline(throughMillis));
                    ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                    RocksIterator rows = files.db().newIterator(files.deadlines(), options)) {
                // One byte longer than its row, and so the first key that may follow it.
                byte[] start = after == null ? new byte[0] : RowKeys.deadline(after.millis(), after.key());
                for (rows.seek(after == null ? start : Arrays.copyOf(start, start.length + 1));
                        rows.isValid() && found.size() < limit;
                        rows.next()) {
                    byte[] row = rows.key();
                    found.add(new Due(RowKeys.deadlineMillisOf(row), RowKeys.deadlineKeyOf(row)));
                }
                rows.status();
            }
            return found;
        });
    }

    @Override
    public long keys() {
        return keys;
    }

    @Override
    public Sizes sizes() {
        return guarded(() -> new Sizes(
                files.bytes(files.state()) + files.bytes(files.elements()) + files.bytes(files.deadlines()),
                files.bytes(files.log()) + files.bytes(files.index())));
    }

    @Override
    public long expiringKeys() {
        return expiringKeys;
    }

    @Override
    public @Nullable Update update(Dot dot) {
        return guarded(() -> Optional.ofNullable(log.update(dot))).orElse(null);
    }

    @Override
    public List<Update> updatesOf(ReplicaId origin, long afterCounter, long bytesMax) {
        return guarded(() -> log.updatesOf(origin, afterCounter, bytesMax));
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

    @Override
    public void close() {
        closed = true;
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
            if (!broken) {
                meta.closeInOrder(files.db());
            }
        } finally {
            newest.close();
            synced.close();
            unsynced.close();
            files.close();
            lock.close();
        }
    }

    private interface Call<T> {
        T run() throws RocksDBException;
    }

    private <T> T guarded(Call<T> call) {
        long stamp = enter();
        try {
            return call.run();
        } catch (RocksDBException failed) {
            throw files.failure(failed);
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
