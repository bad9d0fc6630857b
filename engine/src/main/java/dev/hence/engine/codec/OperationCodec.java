package dev.hence.engine.codec;

import com.google.protobuf.ByteString;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.update.Operation;
import dev.hence.engine.wire.MarkRecord;
import dev.hence.engine.wire.OperationRecord;
import dev.hence.engine.wire.SeenIncrementsRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Operations as records. Default values - no deadline, nothing seen, type string - take no space. */
final class OperationCodec {

    private static final int SET_STRING = 1;
    private static final int DELETE_KEY = 2;
    private static final int ASSIGN = 3;
    private static final int REMOVE = 4;
    private static final int INCREMENT = 5;
    private static final int EXPIRE = 6;
    private static final int PUBLISH = 7;

    private OperationCodec() {}

    static OperationRecord record(Operation operation, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        Writer writer = new Writer(numbers, listener);
        switch (operation) {
            case Operation.SetString set -> {
                writer.key(SET_STRING, set.key());
                writer.record.setValue(UpdateCodec.byteString(set.value()));
                writer.deadline(set.deadlineMillis());
                writer.seen(set.seen());
            }
            case Operation.DeleteKey delete -> {
                writer.key(DELETE_KEY, delete.key());
                writer.seen(delete.seen());
            }
            case Operation.Assign assign -> {
                writer.element(ASSIGN, assign.key(), assign.type(), assign.element());
                writer.record
                        .setValue(UpdateCodec.byteString(assign.value()))
                        .addAllMarks(writer.marks(assign.marks()));
            }
            case Operation.Remove remove -> {
                writer.element(REMOVE, remove.key(), remove.type(), remove.element());
                writer.record.addAllMarks(writer.marks(remove.marks()));
            }
            case Operation.Increment increment -> {
                writer.element(INCREMENT, increment.key(), increment.type(), increment.element());
                writer.record
                        .setPrevious(increment.previous())
                        .setDelta(decimal(increment.delta()))
                        .setTotal(decimal(increment.total()));
            }
            case Operation.Expire expire -> {
                writer.key(EXPIRE, expire.key());
                writer.deadline(expire.deadlineMillis());
            }
            case Operation.Publish publish -> {
                writer.key(PUBLISH, publish.channel());
                writer.record.setValue(UpdateCodec.byteString(publish.message()));
            }
        }
        return writer.record.build();
    }

    /** Builds one record. */
    private static final class Writer {
        private final OperationRecord.Builder record = OperationRecord.newBuilder();
        private final ReplicaNumbers numbers;
        private final ReplicaNumbers.Listener listener;

        Writer(ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
            this.numbers = numbers;
            this.listener = listener;
        }

        void key(int kind, Bytes key) {
            record.setKind(kind).setKey(UpdateCodec.byteString(key));
        }

        void element(int kind, Bytes key, DataType type, Bytes element) {
            key(kind, key);
            record.setType(tag(type)).setElement(UpdateCodec.byteString(element));
        }

        void deadline(long millis) {
            if (millis != Deadlines.NONE) {
                record.setDeadlineMillis(millis);
            }
        }

        void seen(List<Operation.SeenIncrements> seen) {
            for (Operation.SeenIncrements each : seen) {
                record.addSeen(SeenIncrementsRecord.newBuilder()
                        .setType(tag(each.type()))
                        .setElement(UpdateCodec.byteString(each.element()))
                        .addAllMarks(marks(each.marks())));
            }
        }

        List<MarkRecord> marks(List<Counter.Mark> marks) {
            return marks.stream()
                    .map(mark -> MarkRecord.newBuilder()
                            .setReplica(numbers.number(mark.replica(), listener))
                            .setLast(mark.last())
                            .setTotal(decimal(mark.total()))
                            .build())
                    .toList();
        }
    }

    /** @throws MalformedRecordException if this version does not know the operation */
    static Operation operation(OperationRecord record, ReplicaNumbers numbers) {
        Bytes key = UpdateCodec.bytes(record.getKey());
        try {
            return switch (record.getKind()) {
                case SET_STRING ->
                    new Operation.SetString(key, value(record), deadline(record), seen(record.getSeenList(), numbers));
                case DELETE_KEY -> new Operation.DeleteKey(key, seen(record.getSeenList(), numbers));
                case ASSIGN ->
                    new Operation.Assign(
                            key,
                            type(record.getType()),
                            UpdateCodec.bytes(record.getElement()),
                            value(record),
                            marks(record.getMarksList(), numbers));
                case REMOVE ->
                    new Operation.Remove(
                            key,
                            type(record.getType()),
                            UpdateCodec.bytes(record.getElement()),
                            marks(record.getMarksList(), numbers));
                case INCREMENT ->
                    new Operation.Increment(
                            key,
                            type(record.getType()),
                            UpdateCodec.bytes(record.getElement()),
                            record.getPrevious(),
                            decimal(record.getDelta()),
                            decimal(record.getTotal()));
                case EXPIRE -> new Operation.Expire(key, deadline(record));
                case PUBLISH -> new Operation.Publish(key, value(record));
                default ->
                    throw new MalformedRecordException("operation: kind " + record.getKind()
                            + " (expected: 1 to 7; the other node may run a later version)");
            };
        } catch (IllegalArgumentException malformed) {
            throw new MalformedRecordException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    private static Bytes value(OperationRecord record) {
        return UpdateCodec.bytes(record.getValue());
    }

    private static long deadline(OperationRecord record) {
        return record.hasDeadlineMillis() ? record.getDeadlineMillis() : Deadlines.NONE;
    }

    private static List<Operation.SeenIncrements> seen(List<SeenIncrementsRecord> records, ReplicaNumbers numbers) {
        if (records.isEmpty()) {
            return List.of();
        }
        List<Operation.SeenIncrements> seen = new ArrayList<>(records.size());
        for (SeenIncrementsRecord record : records) {
            seen.add(new Operation.SeenIncrements(
                    type(record.getType()),
                    UpdateCodec.bytes(record.getElement()),
                    marks(record.getMarksList(), numbers)));
        }
        return seen;
    }

    private static List<Counter.Mark> marks(List<MarkRecord> records, ReplicaNumbers numbers) {
        if (records.isEmpty()) {
            return List.of();
        }
        List<Counter.Mark> marks = new ArrayList<>(records.size());
        for (MarkRecord record : records) {
            ReplicaId replica = numbers.replica(record.getReplica());
            marks.add(new Counter.Mark(replica, record.getLast(), decimal(record.getTotal())));
        }
        return marks;
    }

    private static int tag(DataType type) {
        return type == DataType.STRING ? 0 : TypeTags.tag(type);
    }

    private static DataType type(int tag) {
        return tag == 0 ? DataType.STRING : TypeTags.type(tag);
    }

    private static ByteString decimal(BigDecimal number) {
        return UpdateCodec.byteString(Decimals.canonical(number));
    }

    private static BigDecimal decimal(ByteString text) {
        return DecimalCodec.decode(UpdateCodec.bytes(text));
    }
}
