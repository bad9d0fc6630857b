package dev.hence.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.wire.ClockRecord;
import dev.hence.engine.wire.OperationRecord;
import dev.hence.engine.wire.UpdateRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Round trips of random updates and clocks to bytes and back. */
final class CodecTest {

    private static final ReplicaId ORIGIN = new ReplicaId("origin", 1);
    private static final int SEEDS = 300;
    private static final List<DataType> COLLECTIONS =
            List.of(DataType.HASH, DataType.SET, DataType.SORTED_SET, DataType.LIST);

    /** Number tables at both ends of a stream: numbers assigned by one are added to the other. */
    private static final class Ends {
        final ReplicaNumbers sender = new ReplicaNumbers();
        final ReplicaNumbers receiver = new ReplicaNumbers();

        UpdateRecord record(Update update, @Nullable VersionVector previous) {
            return UpdateCodec.record(update, previous, sender, receiver::define);
        }
    }

    /** An origin's updates, each made on a clock in which some counters have grown. */
    static List<Update> stream(SplittableRandom random) {
        List<Update> updates = new ArrayList<>();
        VersionVector clock = VersionVector.EMPTY;
        long timestamp = 0;
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            for (int grows = random.nextInt(3); grows > 0; grows--) {
                int other = random.nextInt(5);
                ReplicaId replica = new ReplicaId("node" + other, other);
                clock = clock.with(replica, clock.get(replica) + 1 + random.nextInt(1_000));
            }
            timestamp += 1 + random.nextInt(1_000_000);
            Bytes request = random.nextBoolean() ? bytes(random) : Bytes.EMPTY;
            boolean changesNothing = request.length() > 0 && random.nextBoolean();
            Update update = Update.of(
                    clock.next(ORIGIN),
                    clock,
                    timestamp,
                    changesNothing ? List.of() : operations(random),
                    random.nextInt(3),
                    request);
            updates.add(update);
            clock = clock.with(update.dot());
        }
        return updates;
    }

    private static List<Operation> operations(SplittableRandom random) {
        List<Operation> operations = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            byte[] key = new byte[1 + random.nextInt(5)];
            random.nextBytes(key);
            key[0] = (byte) i;
            operations.add(operation(random, Bytes.wrap(key)));
        }
        return operations;
    }

    private static Operation operation(SplittableRandom random, Bytes key) {
        DataType type = COLLECTIONS.get(random.nextInt(COLLECTIONS.size()));
        return switch (random.nextInt(7)) {
            case 0 -> new Operation.SetString(key, bytes(random), deadline(random), seen(random));
            case 1 -> new Operation.DeleteKey(key, seen(random));
            case 2 -> new Operation.Assign(key, type, bytes(random), value(random, type), marks(random));
            case 3 -> new Operation.Remove(key, type, bytes(random), marks(random));
            case 4 -> {
                List<DataType> counted = List.of(DataType.STRING, DataType.HASH, DataType.SORTED_SET);
                DataType countedType = counted.get(random.nextInt(counted.size()));
                yield new Operation.Increment(
                        key,
                        countedType,
                        countedType == DataType.STRING ? Bytes.EMPTY : bytes(random),
                        1 + random.nextInt(1_000),
                        decimal(random),
                        decimal(random));
            }
            case 5 -> new Operation.Expire(key, deadline(random));
            default -> new Operation.Publish(key, bytes(random));
        };
    }

    private static Bytes value(SplittableRandom random, DataType type) {
        return switch (type) {
            case SET -> Bytes.EMPTY;
            case SORTED_SET -> Bytes.utf8(String.valueOf(random.nextInt(1_000)));
            case STRING, HASH, LIST -> bytes(random);
        };
    }

    private static Bytes bytes(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static long deadline(SplittableRandom random) {
        long[] all = {Deadlines.NONE, Deadlines.KEEP, Deadlines.MILLIS_MAX, 0, -5, 1_750_000_000_000L};
        return all[random.nextInt(all.length)];
    }

    private static List<Operation.SeenIncrements> seen(SplittableRandom random) {
        List<Operation.SeenIncrements> seen = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            boolean string = random.nextBoolean();
            seen.add(new Operation.SeenIncrements(
                    string ? DataType.STRING : DataType.HASH, string ? Bytes.EMPTY : bytes(random), marks(random)));
        }
        return seen;
    }

    private static List<Counter.Mark> marks(SplittableRandom random) {
        List<Counter.Mark> marks = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            marks.add(new Counter.Mark(new ReplicaId("marked" + i, i), 5 + random.nextInt(5), decimal(random)));
        }
        return marks;
    }

    private static BigDecimal decimal(SplittableRandom random) {
        String[] all = {"0", "1", "-1", "0.1", "1000", "-12345678901234567890.000000001", "9223372036854775807"};
        return new BigDecimal(all[random.nextInt(all.length)]);
    }

    @Test
    void update_wholeAndOnAStream_comesBackAsItWas() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Ends ends = new Ends();
            VersionVector sent = null;
            VersionVector got = null;
            for (Update update : stream(new SplittableRandom(seed))) {
                assertThat(UpdateCodec.update(ends.record(update, null), null, ends.receiver))
                        .as("whole, seed %d", seed)
                        .isEqualTo(update);
                Update arrived = UpdateCodec.update(ends.record(update, sent), got, ends.receiver);
                assertThat(arrived).as("on a stream, seed %d", seed).isEqualTo(update);
                sent = update.context();
                got = arrived.context();
            }
        }
    }

    @Test
    void update_onAStreamWhoseClockStandsStill_carriesNoContext() {
        Ends ends = new Ends();
        VersionVector context = VersionVector.EMPTY;
        for (int i = 0; i < 50; i++) {
            context = context.with(new ReplicaId("node" + i, i), 1);
        }
        List<Operation> operations = List.of(new Operation.DeleteKey(Bytes.utf8("x")));
        Update first = Update.of(new Dot(ORIGIN, 1), context, 1, operations);
        Update second = Update.of(new Dot(ORIGIN, 2), first.clock(), 2, operations);
        assertThat(ends.record(first, null).getContext().getReplicaCount()).isEqualTo(50);
        assertThat(ends.record(second, first.context()).getContext().getReplicaCount())
                .isZero();
    }

    @Test
    void update_damagedAnywhere_isRefusedOrIsTheSame() throws Exception {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Ends ends = new Ends();
            Update update = stream(random).getLast();
            byte[] bytes = ends.record(update, null).toByteArray();
            for (int i = 0; i < 40; i++) {
                byte[] damaged = bytes.clone();
                damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                assertRefusedOrSame(damaged, update, ends, seed);
            }
        }
    }

    private static void assertRefusedOrSame(byte[] damaged, Update update, Ends ends, long seed) {
        Update read;
        try {
            read = UpdateCodec.update(UpdateRecord.parseFrom(damaged), null, ends.receiver);
        } catch (InvalidProtocolBufferException | MalformedRecordException refused) {
            return;
        }
        // A bit without meaning, such as one in a field unknown to this version.
        assertThat(read).as("seed %d", seed).isEqualTo(update);
    }

    @Test
    void update_unknownOperation_isRefusedByItsKind() {
        Ends ends = new Ends();
        Update update = stream(new SplittableRandom(1)).getFirst();
        UpdateRecord later = ends.record(update, null).toBuilder()
                .addOperations(OperationRecord.newBuilder().setKind(8))
                .build();
        assertThatThrownBy(() -> UpdateCodec.update(later, null, ends.receiver))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("kind 8");
    }

    @Test
    void update_operationThatCannotBe_isRefused() {
        Ends ends = new Ends();
        UpdateRecord update = ends.record(stream(new SplittableRandom(1)).getFirst(), null);
        OperationRecord increment = OperationRecord.newBuilder()
                .setKind(5)
                .setPrevious(1)
                .setDelta(ByteString.copyFromUtf8("1"))
                .setTotal(ByteString.copyFromUtf8("1"))
                .build();
        for (OperationRecord malformed : List.of(
                increment.toBuilder().setType(3).build(),
                increment.toBuilder().setType(6).build(),
                increment.toBuilder().setDelta(ByteString.copyFromUtf8("one")).build(),
                increment.toBuilder().setDelta(ByteString.EMPTY).build(),
                increment.toBuilder()
                        .setTotal(ByteString.copyFromUtf8("1E999999999"))
                        .build(),
                OperationRecord.newBuilder().setKind(3).build())) {
            UpdateRecord record = update.toBuilder()
                    .clearOperations()
                    .addOperations(malformed)
                    .build();
            assertThatThrownBy(() -> UpdateCodec.update(record, null, ends.receiver))
                    .isInstanceOf(MalformedRecordException.class)
                    .hasMessageNotContaining("checksum");
        }
    }

    @Test
    void update_partialContextWithNothingBeforeIt_isRefused() {
        Ends ends = new Ends();
        Update update = stream(new SplittableRandom(1)).getFirst();
        UpdateRecord partial = ends.record(update, update.context());
        assertThatThrownBy(() -> UpdateCodec.update(partial, null, ends.receiver))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("partial context");
    }

    @Test
    void clock_comesBackAsItWas() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Ends ends = new Ends();
            VersionVector clock = stream(random).getLast().clock();
            ClockRecord record = ClockCodec.record(clock, ends.sender, ends.receiver::define);
            assertThat(ClockCodec.clock(record, ends.receiver)).isEqualTo(clock);
        }
    }

    @Test
    void clock_thatCannotBe_isRefused() {
        ReplicaNumbers numbers = new ReplicaNumbers();
        numbers.define(0, ORIGIN);
        for (ClockRecord malformed : List.of(
                ClockRecord.newBuilder().addReplica(0).build(),
                ClockRecord.newBuilder().addReplica(0).addCounter(0).build(),
                ClockRecord.newBuilder().addReplica(0).addCounter(-1).build(),
                ClockRecord.newBuilder().addReplica(7).addCounter(1).build())) {
            assertThatThrownBy(() -> ClockCodec.clock(malformed, numbers)).isInstanceOf(MalformedRecordException.class);
        }
    }
}
