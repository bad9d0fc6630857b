package dev.hence.engine.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.wire.ClockRecord;
import dev.hence.engine.wire.OperationRecord;
import dev.hence.engine.wire.UpdateRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Updates as records. The context's entry for the origin is implied by the counter; on a stream a context is written as
 * the difference from the origin's previous update, so metadata grows with the changes and not with the number of
 * nodes.
 */
public final class UpdateCodec {

    private UpdateCodec() {}

    /**
     * Returns the record of an update.
     *
     * @param previous the context of the origin's previous update on the same stream; null to write the
     *     whole context
     */
    public static UpdateRecord record(
            Update update, @Nullable VersionVector previous, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        ReplicaId origin = update.dot().replica();
        ClockRecord.Builder context = ClockRecord.newBuilder();
        update.context().forEach((replica, counter) -> {
            if (!replica.equals(origin) && (previous == null || previous.get(replica) != counter)) {
                context.addReplica(numbers.number(replica, listener)).addCounter(counter);
            }
        });
        UpdateRecord.Builder record = UpdateRecord.newBuilder()
                .setOrigin(numbers.number(origin, listener))
                .setCounter(update.dot().counter())
                .setTimestamp(update.timestamp())
                .setContext(context)
                .setDelta(previous != null)
                .setPast(update.past())
                .setRequest(byteString(update.request()))
                .setChecksum(update.checksum());
        for (Operation operation : update.operations()) {
            record.addOperations(OperationCodec.record(operation, numbers, listener));
        }
        return record.build();
    }

    /**
     * Returns the update of a record, after verifying its checksum.
     *
     * @param previous as for {@link #record(Update, VersionVector, ReplicaNumbers, ReplicaNumbers.Listener)}
     * @throws MalformedRecordException if it is damaged, or has an operation that this version does not know
     */
    public static Update update(UpdateRecord record, @Nullable VersionVector previous, ReplicaNumbers numbers) {
        ReplicaId origin = numbers.replica(record.getOrigin());
        if (record.getDelta() && previous == null) {
            throw new MalformedRecordException("update " + origin + ":" + record.getCounter()
                    + ": a partial context (expected: a whole one at the beginning of a stream)");
        }
        VersionVector base = record.getDelta() && previous != null ? previous : VersionVector.EMPTY;
        VersionVector context = ClockCodec.raised(base, record.getContext(), numbers);
        List<Operation> operations = new ArrayList<>(record.getOperationsCount());
        for (OperationRecord operation : record.getOperationsList()) {
            operations.add(OperationCodec.operation(operation, numbers));
        }
        return checked(origin, context, record, operations);
    }

    private static Update checked(
            ReplicaId origin, VersionVector context, UpdateRecord record, List<Operation> operations) {
        Update update;
        try {
            Dot dot = new Dot(origin, record.getCounter());
            VersionVector whole = context.with(origin, record.getCounter() - 1);
            update = new Update(
                    dot,
                    whole,
                    record.getTimestamp(),
                    operations,
                    record.getPast(),
                    bytes(record.getRequest()),
                    record.getChecksum());
        } catch (IllegalArgumentException malformed) {
            throw new MalformedRecordException(String.valueOf(malformed.getMessage()), malformed);
        }
        if (!update.isIntact()) {
            throw new MalformedRecordException(
                    "update " + update.dot() + ": wrong checksum (expected: that of its content; it is damaged)");
        }
        return update;
    }

    static ByteString byteString(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array());
    }

    static Bytes bytes(ByteString bytes) {
        return Bytes.wrap(bytes.toByteArray());
    }
}
