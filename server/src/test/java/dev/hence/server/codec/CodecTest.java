package dev.hence.server.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Register;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.server.wire.ClockRecord;
import dev.hence.server.wire.OperationRecord;
import dev.hence.server.wire.UpdateRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Updates, clocks and registers to bytes and back, on random ones. */
final class CodecTest {

    private static final ReplicaId ORIGIN = new ReplicaId("origin", 1);
    private static final int SEEDS = 300;

    /** Numbers at both ends of a stream: what one gives the other learns. */
    private static final class Ends {
        final ReplicaNumbers sender = new ReplicaNumbers();
        final ReplicaNumbers receiver = new ReplicaNumbers();

        UpdateRecord record(Update update, @Nullable VersionVector previous) {
            return UpdateCodec.record(update, previous, sender, receiver::define);
        }
    }

    /** An origin's updates, each made on a clock that has grown here and there. */
    private static List<Update> stream(SplittableRandom random) {
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
            Update update = Update.of(clock.next(ORIGIN), clock, timestamp, operations(random));
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
            byte[] value = new byte[random.nextInt(20)];
            random.nextBytes(value);
            operations.add(
                    random.nextBoolean()
                            ? new Operation.SetString(Bytes.wrap(key), Bytes.wrap(value))
                            : new Operation.DeleteKey(Bytes.wrap(key)));
        }
        return operations;
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
        // A bit that means nothing, such as one of a field that this version does not know.
        assertThat(read).as("seed %d", seed).isEqualTo(update);
    }

    @Test
    void update_unknownOperation_isRefusedByItsKind() {
        Ends ends = new Ends();
        Update update = stream(new SplittableRandom(1)).getFirst();
        UpdateRecord later = ends.record(update, null).toBuilder()
                .addOperations(OperationRecord.newBuilder().setKind(3))
                .build();
        assertThatThrownBy(() -> UpdateCodec.update(later, null, ends.receiver))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("kind 3");
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

    @Test
    void register_withSiblings_comesBackAsItWas() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Register.Entry> entries = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                byte[] value = new byte[random.nextInt(20)];
                random.nextBytes(value);
                entries.add(new Register.Entry(
                        new Dot(new ReplicaId("node" + i, random.nextLong()), 1 + random.nextLong(Long.MAX_VALUE)),
                        1 + random.nextInt(3),
                        Bytes.wrap(value)));
            }
            Register register = new Register(entries);
            Ends ends = new Ends();
            byte[] row = RegisterCodec.encode(register, ends.sender, ends.receiver::define);
            assertThat(RegisterCodec.decode(row, ends.receiver))
                    .as("seed %d", seed)
                    .isEqualTo(register);
        }
    }

    @Test
    void register_thatCannotBe_isRefused() {
        ReplicaNumbers none = new ReplicaNumbers();
        Register register = Register.of(new Register.Entry(new Dot(ORIGIN, 1), 1, Bytes.utf8("v")));
        byte[] row = RegisterCodec.encode(register, new ReplicaNumbers(), (number, replica) -> {});
        assertThatThrownBy(() -> RegisterCodec.decode(row, none)).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> RegisterCodec.decode(new byte[] {0x0A, 0x7F}, none))
                .isInstanceOf(MalformedRecordException.class);
    }
}
