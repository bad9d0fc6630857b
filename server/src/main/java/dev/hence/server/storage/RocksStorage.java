package dev.hence.server.storage;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Register;
import dev.hence.core.replica.Changes;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.server.codec.RegisterCodec;
import dev.hence.server.codec.ReplicaNumbers;
import dev.hence.server.codec.UpdateCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The storage in an embedded RocksDB. Each commit is one write batch, so that state, log and clock never
 * disagree, whenever the machine stops.
 *
 * <p>On disk, by column family:
 *
 * <table>
 * <caption>Rows</caption>
 * <tr><td>state</td><td>{@link RowKeys} to a register</td></tr>
 * <tr><td>log</td><td>sequence (8 bytes) to an update with its whole context, in the order of delivery</td></tr>
 * <tr><td>index</td><td>replica number (4 bytes), counter (8 bytes) to the sequence (8 bytes)</td></tr>
 * <tr><td>default</td><td>{@code progress}, {@code identity}, and {@code r} with a replica number (4 bytes)
 *     to the replica</td></tr>
 * </table>
 *
 * <p>All numbers are big-endian, so rows stand in their order.
 */
public final class RocksStorage implements Storage {

    /** What an update in memory costs beside its keys and values, roughly: many small ones are bounded as well. */
    private static final int UPDATE_OVERHEAD_BYTES = 300;

    private final RocksFiles files;
    private final MetaRows meta;
    private final ReplicaNumbers numbers;
    private final Replica.Recovered recovered;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();

    // RocksDB must not be called after it is closed: calls hold the read lock. It is stamped, not reentrant,
    // because that kind keeps nothing per virtual thread.
    private final StampedLock closing = new StampedLock();

    // Set before the write lock is taken: new readers overtake whoever waits for it, and could do so for ever.
    private volatile boolean closed;
    private boolean released;

    // A write or an fsync failed, so nobody knows what is on the disk: it is not noted as closed in order.
    private volatile boolean broken;
    private volatile long nextSequence;

    RocksStorage(RocksFiles files, MetaRows meta) {
        this.files = files;
        this.meta = meta;
        this.numbers = meta.replicaNumbers();
        MetaRows.Progress progress = meta.progress(numbers);
        this.nextSequence = progress.nextSequence();
        this.recovered = new Replica.Recovered(meta.identity().self(), progress.clock(), progress.timestamp());
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
    public void commit(Changes changes, boolean sync) {
        guarded(() -> {
            try (WriteBatch batch = new WriteBatch()) {
                ReplicaNumbers.Listener listener = meta.numberWriter(batch);
                long sequence = nextSequence;
                for (Update update : changes.delivered()) {
                    appendToLog(batch, sequence++, update, listener);
                }
                changes.registers().forEach((key, register) -> putRegister(batch, key, register, listener));
                meta.putProgress(
                        batch,
                        new MetaRows.Progress(changes.clock(), changes.timestamp(), sequence),
                        numbers,
                        listener);
                meta.putSelf(batch, changes.self());
                write(batch, sync);
                nextSequence = sequence;
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

    private void appendToLog(WriteBatch batch, long sequence, Update update, ReplicaNumbers.Listener listener)
            throws RocksDBException {
        batch.put(
                files.log(),
                LogKeys.sequence(sequence),
                UpdateCodec.record(update, null, numbers, listener).toByteArray());
        batch.put(
                files.index(),
                LogKeys.index(
                        numbers.number(update.dot().replica(), listener),
                        update.dot().counter()),
                LogKeys.sequence(sequence));
    }

    private void putRegister(WriteBatch batch, Bytes key, Register register, ReplicaNumbers.Listener listener) {
        try {
            if (register.isEmpty()) {
                batch.delete(files.state(), RowKeys.string(key));
            } else {
                batch.put(files.state(), RowKeys.string(key), RegisterCodec.encode(register, numbers, listener));
            }
        } catch (RocksDBException failed) {
            throw failure(failed);
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
    public Register register(Bytes key) {
        byte[] row = guarded(() -> orEmpty(files.db().get(files.state(), RowKeys.string(key))));
        return row.length == 0 ? Register.EMPTY : meta.register(row, numbers);
    }

    @Override
    public Scan scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax) {
        return guarded(() -> {
            Snapshot snapshot = files.db().getSnapshot();
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
                    found.add(new Row(key, meta.register(value, numbers)));
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
    public long keysEstimate() {
        return guarded(() -> files.db().getLongProperty(files.state(), "rocksdb.estimate-num-keys"));
    }

    @Override
    public @Nullable Update update(Dot dot) {
        long sequence = sequenceOf(dot);
        return sequence < 0 ? null : guarded(() -> logged(LogKeys.sequence(sequence)));
    }

    @Override
    public List<Update> updatesOf(ReplicaId origin, long afterCounter, long bytesMax) {
        int number = numbers.find(origin);
        if (number < 0) {
            return List.of();
        }
        return guarded(() -> {
            List<Update> found = new ArrayList<>();
            try (Slice end = new Slice(LogKeys.index(number + 1, 0));
                    ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                    RocksIterator index = files.db().newIterator(files.index(), options)) {
                long bytes = 0;
                for (index.seek(LogKeys.index(number, afterCounter + 1));
                        index.isValid() && bytes < bytesMax;
                        index.next()) {
                    Update update = logged(index.value());
                    found.add(update);
                    bytes += update.sizeBytes() + UPDATE_OVERHEAD_BYTES;
                }
                index.status();
            }
            return found;
        });
    }

    private Update logged(byte[] sequenceKey) throws RocksDBException {
        byte[] row = files.db().get(files.log(), sequenceKey);
        if (row == null) {
            throw new StorageException("log: no update at " + LogKeys.sequence(sequenceKey)
                    + " although the index names it (expected: written in one batch)");
        }
        return meta.update(row, numbers);
    }

    @Override
    public List<Update> deliveries(long fromSequence, int countMax, long bytesMax) {
        return guarded(() -> {
            List<Update> found = new ArrayList<>();
            try (RocksIterator log = files.db().newIterator(files.log())) {
                long bytes = 0;
                for (log.seek(LogKeys.sequence(fromSequence));
                        log.isValid() && found.size() < countMax && bytes < bytesMax;
                        log.next()) {
                    Update update = meta.update(log.value(), numbers);
                    found.add(update);
                    bytes += update.sizeBytes() + UPDATE_OVERHEAD_BYTES;
                }
                log.status();
            }
            return found;
        });
    }

    @Override
    public long sequenceOf(Dot dot) {
        int number = numbers.find(dot.replica());
        if (number < 0) {
            return -1;
        }
        byte[] sequence = guarded(() -> orEmpty(files.db().get(files.index(), LogKeys.index(number, dot.counter()))));
        return sequence.length == 0 ? -1 : LogKeys.sequence(sequence);
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
            synced.close();
            unsynced.close();
            files.close();
        }
    }

    private interface Call<T> {
        T run() throws RocksDBException;
    }

    private <T> T guarded(Call<T> call) {
        requireOpen();
        long stamp = closing.readLock();
        try {
            requireOpen();
            return call.run();
        } catch (RocksDBException failed) {
            throw failure(failed);
        } finally {
            closing.unlockRead(stamp);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StorageException("storage: closed (expected: no use after the node has stopped)");
        }
    }

    private StorageException failure(RocksDBException failed) {
        return new StorageException("storage: " + files.directory() + ": " + failed.getMessage(), failed);
    }

    // The guard's results are non-null, so that an absent row is told by its length; no row is ever empty.
    private static byte[] orEmpty(byte @Nullable [] row) {
        return row == null ? new byte[0] : row;
    }
}
