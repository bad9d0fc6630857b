package dev.hence.engine.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.Identity;
import dev.hence.engine.codec.ClockCodec;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.wire.DotRecord;
import dev.hence.engine.wire.IdentityRecord;
import dev.hence.engine.wire.ProgressRecord;
import dev.hence.engine.wire.ReplicaRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** The rows about the replica itself: its identity, its progress and the numbers assigned to replicas. */
final class MetaRows {

    /**
     * The progress of a replica.
     *
     * @param nextSequence the log sequence of the next update
     * @param keys the number of keys that exist
     * @param expiring the number of those with a deadline
     */
    record Progress(VersionVector clock, long timestamp, long nextSequence, long keys, long expiring) {}

    static final byte[] IDENTITY = "identity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROGRESS = "progress".getBytes(StandardCharsets.US_ASCII);
    private static final byte REPLICA = 'r';

    private final RocksFiles files;
    private final RocksDB db;
    private final ColumnFamilyHandle family;
    private @Nullable StoredIdentity identity;

    MetaRows(RocksFiles files) {
        this.files = files;
        this.db = files.db();
        this.family = files.meta();
    }

    /** The identity that an earlier run stored; null in a new directory. */
    @Nullable
    StoredIdentity storedIdentity() {
        try {
            byte[] row = db.get(family, IDENTITY);
            return row == null ? null : decode(IdentityRecord.parseFrom(row));
        } catch (RocksDBException
                | InvalidProtocolBufferException
                | MalformedRecordException
                | IllegalArgumentException failed) {
            throw files.unreadable("identity", failed);
        }
    }

    /** The identity of this run. */
    StoredIdentity identity() {
        if (identity == null) {
            throw new StorageException("identity: none (expected: stored before anything else)");
        }
        return identity;
    }

    /** Adopts the identity that an earlier run stored. */
    void keepIdentity() {
        identity = storedIdentity();
    }

    /** Stores the identity of this run, forced to the disk before anything else happens. */
    void putIdentity(StoredIdentity identity) {
        try (WriteOptions options = new WriteOptions().setSync(true)) {
            db.put(family, options, IDENTITY, encode(identity));
            this.identity = identity;
        } catch (RocksDBException failed) {
            throw new StorageException("data directory: cannot be written: " + failed.getMessage(), failed);
        }
    }

    /** Adds a changed identity to a batch. */
    void putIdentity(WriteBatch batch, Identity changed) throws RocksDBException {
        StoredIdentity now = identity();
        if (!now.identity().equals(changed)) {
            identity = now.with(changed);
            batch.put(family, IDENTITY, encode(identity));
        }
    }

    /** Forces everything to the disk and records that. */
    void closeInOrder(RocksDB db) {
        StoredIdentity now = identity();
        try {
            db.syncWal();
            putIdentity(new StoredIdentity(
                    now.identity(), now.cluster(), now.markerBirth(), now.bootId(), now.fsync(), true));
        } catch (RocksDBException failed) {
            throw new StorageException("closing the storage: " + failed.getMessage(), failed);
        }
    }

    Progress progress(ReplicaNumbers numbers) {
        try {
            byte[] row = db.get(family, PROGRESS);
            if (row == null) {
                return new Progress(VersionVector.EMPTY, 0, 0, 0, 0);
            }
            ProgressRecord record = ProgressRecord.parseFrom(row);
            return new Progress(
                    ClockCodec.clock(record.getClock(), numbers),
                    record.getTimestamp(),
                    record.getNextSequence(),
                    record.getKeys(),
                    record.getExpiring());
        } catch (RocksDBException | InvalidProtocolBufferException | MalformedRecordException failed) {
            throw files.unreadable("clock", failed);
        }
    }

    void putProgress(WriteBatch batch, Progress progress, ReplicaNumbers numbers, ReplicaNumbers.Listener listener)
            throws RocksDBException {
        batch.put(
                family,
                PROGRESS,
                ProgressRecord.newBuilder()
                        .setClock(ClockCodec.record(progress.clock(), numbers, listener))
                        .setTimestamp(progress.timestamp())
                        .setNextSequence(progress.nextSequence())
                        .setKeys(progress.keys())
                        .setExpiring(progress.expiring())
                        .build()
                        .toByteArray());
    }

    /** The numbers assigned so far. */
    ReplicaNumbers replicaNumbers() {
        ReplicaNumbers numbers = new ReplicaNumbers();
        try (RocksIterator rows = db.newIterator(family)) {
            for (rows.seek(new byte[] {REPLICA}); rows.isValid() && rows.key()[0] == REPLICA; rows.next()) {
                numbers.define(
                        ByteBuffer.wrap(rows.key(), 1, Integer.BYTES).getInt(),
                        ClockCodec.replica(ReplicaRecord.parseFrom(rows.value())));
            }
            rows.status();
        } catch (RocksDBException | InvalidProtocolBufferException | MalformedRecordException failed) {
            throw files.unreadable("replicas", failed);
        }
        return numbers;
    }

    /** Adds the numbers assigned while a batch is built to that batch. */
    ReplicaNumbers.Listener numberWriter(WriteBatch batch) {
        return (number, replica) -> {
            byte[] key = ByteBuffer.allocate(1 + Integer.BYTES)
                    .put(REPLICA)
                    .putInt(number)
                    .array();
            try {
                batch.put(family, key, ClockCodec.record(replica).toByteArray());
            } catch (RocksDBException failed) {
                throw new StorageException("replica number: " + failed.getMessage(), failed);
            }
        };
    }

    private static byte[] encode(StoredIdentity identity) {
        IdentityRecord.Builder record = IdentityRecord.newBuilder();
        for (ReplicaId earlier : identity.identity().earlier()) {
            record.addEarlier(ClockCodec.record(earlier));
        }
        Dot forked = identity.identity().forked();
        if (forked != null) {
            record.setForked(DotRecord.newBuilder()
                    .setReplica(ClockCodec.record(forked.replica()))
                    .setCounter(forked.counter()));
        }
        return record.setSelf(ClockCodec.record(identity.self()))
                .setCluster(identity.cluster())
                .setMarkerBirth(identity.markerBirth())
                .setBootId(identity.bootId())
                .setFsync(identity.fsync().name())
                .setClean(identity.clean())
                .setFormat(DirectoryFormat.CURRENT)
                .build()
                .toByteArray();
    }

    private static StoredIdentity decode(IdentityRecord record) {
        Set<ReplicaId> earlier = new HashSet<>();
        record.getEarlierList().forEach(replica -> earlier.add(ClockCodec.replica(replica)));
        Dot forked = record.hasForked()
                ? new Dot(
                        ClockCodec.replica(record.getForked().getReplica()),
                        record.getForked().getCounter())
                : null;
        return new StoredIdentity(
                new Identity(ClockCodec.replica(record.getSelf()), earlier, forked),
                record.getCluster(),
                record.getMarkerBirth(),
                record.getBootId(),
                FsyncPolicy.valueOf(record.getFsync()),
                record.getClean());
    }
}
