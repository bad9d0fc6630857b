package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.engine.codec.ReplicaNumbers;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;

/** A snapshot of RocksDB; the storage does not close while it is open. */
final class RocksSnapshot implements Storage.Snapshot {
    private final RocksFiles files;
    private final org.rocksdb.Snapshot snapshot;
    private final ReadOptions options;
    private final RocksState rows;
    private final long position;
    private final Runnable leave;

    /**
     * @param snapshot released by {@link #close}
     * @param position of its rows
     * @param leave called last
     */
    RocksSnapshot(
            RocksFiles files, ReplicaNumbers numbers, org.rocksdb.Snapshot snapshot, long position, Runnable leave) {
        this.files = files;
        this.snapshot = snapshot;
        this.position = position;
        this.options = new ReadOptions().setSnapshot(snapshot);
        this.rows = new RocksState(files, numbers, options, snapshot);
        this.leave = leave;
    }

    @Override
    public long position() {
        return position;
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
