package dev.hence.engine.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.codec.ClockCodec;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.wire.IdentityRecord;
import dev.hence.engine.wire.ProgressRecord;
import dev.hence.engine.wire.ReplicaRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The rows about the replica itself: its progress and the numbers assigned to replicas. */
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

    MetaRows(RocksFiles files) {
        this.files = files;
        this.db = files.db();
        this.family = files.meta();
    }

    /** The identity in a database of format 3 or 4; null if there is none. */
    @Nullable
    StoredIdentity legacyIdentity() {
        try {
            byte[] row = db.get(family, IDENTITY);
            return row == null ? null : IdentityFile.decode(IdentityRecord.parseFrom(row));
        } catch (RocksDBException
                | InvalidProtocolBufferException
                | MalformedRecordException
                | IllegalArgumentException failed) {
            throw files.unreadable("identity", failed);
        }
    }

    Progress progress(ReplicaNumbers numbers) {
        return progress(numbers, ReadTier.READ_ALL_TIER);
    }

    /** The progress of the rows in files, not of those in memory: that of the last completed checkpoint. */
    Progress checkpoint(ReplicaNumbers numbers) {
        // Every batch has a progress row, and all column families are flushed together. Without a write-ahead log,
        // this tier is what the database has recorded as its files.
        return progress(numbers, ReadTier.PERSISTED_TIER);
    }

    private Progress progress(ReplicaNumbers numbers, ReadTier tier) {
        try (ReadOptions options = new ReadOptions().setReadTier(tier)) {
            byte[] row = db.get(family, options, PROGRESS);
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

    void putProgress(RocksBatch batch, Progress progress, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        batch.change(
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

    /** Adds a number that was assigned. */
    void putNumber(RocksBatch batch, int number, ReplicaId replica) {
        byte[] key = ByteBuffer.allocate(1 + Integer.BYTES)
                .put(REPLICA)
                .putInt(number)
                .array();
        batch.change(family, key, ClockCodec.record(replica).toByteArray());
    }
}
