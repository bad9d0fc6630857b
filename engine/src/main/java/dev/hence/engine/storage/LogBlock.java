package dev.hence.engine.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.codec.UpdateCodec;
import dev.hence.engine.wire.LogBlockRecord;
import dev.hence.engine.wire.UpdateRecord;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive updates of the log in one row, which is read as a whole. The first update of each origin has its whole
 * context, later ones only the changes since; so a block is decoded without any other, and metadata grows with the
 * changes and not with the number of replicas.
 */
final class LogBlock {

    /** The maximum number of updates in a block: a reader of one update decodes all before it. */
    private static final int UPDATES_MAX = 256;

    /** The size in bytes of keys and values beyond which a block accepts no more updates. */
    private static final long BYTES_MAX = 64L << 10;

    private final LogBlockRecord record;
    private final ReplicaNumbers numbers;

    private LogBlock(LogBlockRecord record, ReplicaNumbers numbers) {
        this.record = record;
        this.numbers = numbers;
    }

    /** @throws StorageException if the row is damaged */
    static LogBlock of(byte[] row, ReplicaNumbers numbers) {
        try {
            return new LogBlock(LogBlockRecord.parseFrom(row), numbers);
        } catch (InvalidProtocolBufferException damaged) {
            throw new StorageException("log: " + damaged.getMessage(), damaged);
        }
    }

    /** Returns the index of an update in the block, from 0; -1 if it is in another. */
    int find(int originNumber, long counter) {
        for (int at = 0; at < record.getUpdatesCount(); at++) {
            UpdateRecord each = record.getUpdates(at);
            if (each.getOrigin() == originNumber && each.getCounter() == counter) {
                return at;
            }
        }
        return -1;
    }

    /** Receives the updates of a block. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param at its index in the block, from 0
         * @return whether to continue
         */
        boolean visit(int at, Update update);
    }

    /**
     * Visits the updates in their order.
     *
     * @param originNumber the origin whose updates to visit; -1 for all
     * @return whether the visitor accepted all
     * @throws StorageException if one is damaged
     */
    boolean forEach(int originNumber, Visitor visitor) {
        Map<Integer, VersionVector> contexts = new HashMap<>();
        for (int at = 0; at < record.getUpdatesCount(); at++) {
            UpdateRecord each = record.getUpdates(at);
            if (originNumber < 0 || each.getOrigin() == originNumber) {
                Update update = decoded(each, contexts.get(each.getOrigin()));
                contexts.put(each.getOrigin(), update.context());
                if (!visitor.visit(at, update)) {
                    return false;
                }
            }
        }
        return true;
    }

    private Update decoded(UpdateRecord update, @Nullable VersionVector previous) {
        try {
            return UpdateCodec.update(update, previous, numbers);
        } catch (MalformedRecordException damaged) {
            throw new StorageException("log: " + damaged.getMessage(), damaged);
        }
    }

    /** Builds a block. */
    static final class Builder {
        private final LogBlockRecord.Builder record = LogBlockRecord.newBuilder();
        private final Map<ReplicaId, VersionVector> contexts = new HashMap<>();
        private final ReplicaNumbers numbers;
        private final ReplicaNumbers.Listener listener;
        private long bytes;

        Builder(ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
            this.numbers = numbers;
            this.listener = listener;
        }

        /** Adds the next update; returns whether it is the first of its origin. */
        boolean add(Update update) {
            VersionVector previous = contexts.put(update.dot().replica(), update.context());
            record.addUpdates(UpdateCodec.record(update, previous, numbers, listener));
            bytes += update.sizeBytes();
            return previous == null;
        }

        /** Whether the next update belongs in another block. */
        boolean isFull() {
            return record.getUpdatesCount() >= UPDATES_MAX || bytes >= BYTES_MAX;
        }

        byte[] row() {
            return record.build().toByteArray();
        }
    }
}
