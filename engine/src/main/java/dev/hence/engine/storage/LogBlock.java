package dev.hence.engine.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.codec.UpdateCodec;
import dev.hence.engine.wire.LogBlockRecord;
import dev.hence.engine.wire.UpdateRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Consecutive updates in one row of the log of format 3 or 4. The first update of each origin has its whole context,
 * later ones only the changes since.
 */
final class LogBlock {

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

    /**
     * Visits the updates in their order.
     *
     * @throws StorageException if one is damaged
     */
    void forEach(Consumer<Update> visitor) {
        Map<Integer, VersionVector> contexts = new HashMap<>();
        for (UpdateRecord each : record.getUpdatesList()) {
            try {
                Update update = UpdateCodec.update(each, contexts.get(each.getOrigin()), numbers);
                contexts.put(each.getOrigin(), update.context());
                visitor.accept(update);
            } catch (MalformedRecordException damaged) {
                throw new StorageException("log: " + damaged.getMessage(), damaged);
            }
        }
    }
}
