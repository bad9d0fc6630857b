package dev.hence.core.replica;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.keyspace.State;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ReplicaTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final ReplicaId C = new ReplicaId("c", 3);
    private static final Bytes KEY = Bytes.utf8("key");
    private static final long NOON_MILLIS = 1_800_000_000_000L;
    private static final Replica.Limits LIMITS = new Replica.Limits(new DeliveryBuffer.Limits(100, 10_000), 52);

    private static final ClockBound BOUND = new ClockBound(300_000);

    private final MemoryHost a = new MemoryHost(A, LIMITS);
    private final MemoryHost b = new MemoryHost(B, LIMITS);
    private final MemoryHost c = new MemoryHost(C, LIMITS);

    @Test
    void write_transactionThatSets_isOneUpdateOnTheClockBeforeIt() {
        Written<String> written = a.replica().write(NOON_MILLIS, transaction -> {
            transaction.set(KEY, Bytes.utf8("v"));
            return "done";
        });

        assertThat(written.result()).isEqualTo("done");
        Update update = requireNonNull(written.update());
        assertThat(update.dot()).isEqualTo(new Dot(A, 1));
        assertThat(update.context()).isEqualTo(VersionVector.EMPTY);
        assertThat(update.timestamp()).isEqualTo(NOON_MILLIS << 16);
        assertThat(update.operations()).containsExactly(new Operation.SetString(KEY, Bytes.utf8("v")));
        assertThat(update.isIntact()).isTrue();
        assertThat(a.replica().clock()).isEqualTo(VersionVector.EMPTY.with(A, 1));
    }

    @Test
    void write_transactionThatChangesNothing_makesNoUpdate() {
        Written<Boolean> written = a.replica().write(NOON_MILLIS, transaction -> transaction.delete(KEY));

        assertThat(written.result()).isFalse();
        assertThat(written.update()).isNull();
        assertThat(a.replica().clock()).isEqualTo(VersionVector.EMPTY);
        assertThat(a.replica().takeChanges()).isNull();
    }

    @Test
    void write_requestThatChangesNothing_makesAnUpdateThatCarriesItAndWeighsIt() {
        Bytes request = Bytes.utf8("request");
        Written<Boolean> written = a.replica().write(NOON_MILLIS, transaction -> {
            transaction.request(request);
            return transaction.delete(KEY);
        });
        Update update = requireNonNull(written.update());
        assertThat(update.operations()).isEmpty();
        assertThat(update.request()).isEqualTo(request);
        assertThat(update.sizeBytes()).isEqualTo(request.length());
        assertThat(a.replica().clock().contains(update.dot())).isTrue();
    }

    @Test
    void write_transactionThatThrows_leavesNothing() {
        assertThatThrownBy(() -> a.replica().write(NOON_MILLIS, transaction -> {
                    transaction.set(KEY, Bytes.utf8("v"));
                    throw new IllegalStateException("condition failed");
                }))
                .hasMessage("condition failed");

        assertThat(a.replica().takeChanges()).isNull();
        assertThat(set(a, "next").dot()).isEqualTo(new Dot(A, 1));
    }

    @Test
    void receive_rowThatCannotBeRead_isNoRefusal() {
        State unreadable = new UnreadableState();
        Replica replica = new Replica(Replica.Recovered.fresh(B), unreadable, LIMITS);
        Update update = set(a, "v");

        assertThatThrownBy(() -> replica.receive(update, NOON_MILLIS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("could not be applied: row: damaged");
    }

    private static final class UnreadableState implements State {
        @Override
        public KeyHead head(Bytes key) {
            throw new IllegalStateException("row: damaged");
        }

        @Override
        public Cell cell(Bytes key, RowKind kind, Bytes row) {
            throw new IllegalStateException("row: damaged");
        }

        @Override
        public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
            throw new IllegalStateException("row: damaged");
        }
    }

    @Test
    void write_updateOverTheLimit_isRefusedAndNothingHappened() {
        assertThat(set(a, "x".repeat(20 - KEY.length())).sizeBytes()).isEqualTo(52);

        assertThatThrownBy(() -> set(a, "x".repeat(21 - KEY.length())))
                .isInstanceOf(UpdateTooLargeException.class)
                .hasMessage("update: 53 bytes of keys and values, with 32 for each change (expected: at most 52)");

        assertThat(a.replica().clock()).isEqualTo(VersionVector.EMPTY.with(A, 1));
    }

    @Test
    void takeChanges_severalUpdates_comeAsOneWithTheLastStateOfEachKey() {
        Update first = set(a, "1");
        Update second = set(a, "2");

        CommitBatch changes = requireNonNull(a.replica().takeChanges());

        assertThat(changes.delivered()).containsExactly(first, second);
        assertThat(changes.keys()).containsOnlyKeys(KEY);
        assertThat(requireNonNull(changes.keys().get(KEY)).after().string().register())
                .isEqualTo(MvRegister.of(new MvRegister.Entry(second.dot(), second.timestamp(), Bytes.utf8("2"))));
        assertThat(changes.clock()).isEqualTo(VersionVector.EMPTY.with(A, 2));
        assertThat(changes.timestamp()).isEqualTo(second.timestamp());
        assertThat(changes.self()).isEqualTo(A);
        assertThat(a.replica().takeChanges()).as("taken once").isNull();
    }

    @Test
    void takeChanges_keyDeleted_saysThatItIsEmpty() {
        set(a, "1");
        a.commit();
        a.replica().write(NOON_MILLIS, transaction -> transaction.delete(KEY));

        CommitBatch changes = requireNonNull(a.replica().takeChanges());

        assertThat(changes.keys()).containsOnlyKeys(KEY);
        assertThat(requireNonNull(changes.keys().get(KEY)).after()).isEqualTo(KeyHead.EMPTY);
    }

    @Test
    void write_changesNotYetTaken_areSeen() {
        set(a, "1");

        String seen = a.replica()
                .write(
                        NOON_MILLIS,
                        transaction -> requireNonNull(
                                        transaction.before(KEY).string().value())
                                .toString())
                .result();

        assertThat(seen).isEqualTo("1");
    }

    @Test
    void receive_updateWhoseContextIsMissing_isBufferedUntilItComes() {
        Update photo = set(a, "photo");
        b.replica().receive(photo, NOON_MILLIS);
        Update comment = set(b, "comment");

        assertThat(c.replica().receive(comment, NOON_MILLIS)).isEqualTo(new Receipt.Buffered(photo.dot()));
        assertThat(c.replica().bufferedCount()).isEqualTo(1);
        assertThat(c.replica().buffered(10)).containsExactly(new BufferedUpdate(comment, photo.dot(), NOON_MILLIS));
        assertThat(c.replica().takeChanges()).isNull();

        assertThat(c.replica().receive(photo, NOON_MILLIS)).isEqualTo(new Receipt.Delivered());
        assertThat(requireNonNull(c.replica().takeChanges()).delivered()).containsExactly(photo, comment);
        assertThat(c.replica().bufferedCount()).isZero();
    }

    @Test
    void receive_updateFromAClockAhead_laterWritesStillWinOverIt() {
        Update ahead = requireNonNull(a.replica()
                .write(NOON_MILLIS + 3_600_000, transaction -> set(transaction, "from the future"))
                .update());
        b.replica().receive(ahead, NOON_MILLIS);

        assertThat(set(b, "afterwards").timestamp()).isGreaterThan(ahead.timestamp());
    }

    @Test
    void receive_ownUpdateBack_isADuplicate() {
        Update update = set(a, "1");

        assertThat(a.replica().receive(update, NOON_MILLIS)).isEqualTo(new Receipt.Duplicate());
    }

    @Test
    void receive_ownUpdateThatWasForgotten_isRefusedUntilTheReplicaIsRenewed() {
        Update forgotten = set(a, "1");
        a.crash();

        assertThat(a.replica().receive(forgotten, NOON_MILLIS)).isEqualTo(new Receipt.Forgotten(forgotten.dot()));
        assertThat(a.replica().bufferedCount()).isZero();

        a.replica().renew(new ReplicaId("a", 11));
        assertThat(a.replica().receive(forgotten, NOON_MILLIS)).isEqualTo(new Receipt.Delivered());
    }

    @Test
    void receive_updateThatDependsOnAForgottenOne_isRefusedUntilTheReplicaIsRenewed() {
        // It was once buffered, and the next local write was mistaken for the lost update.
        Update forgotten = set(a, "1");
        b.replica().receive(forgotten, NOON_MILLIS);
        Update answer = set(b, "2");
        a.crash();

        assertThat(a.replica().receive(answer, NOON_MILLIS)).isEqualTo(new Receipt.Forgotten(forgotten.dot()));

        a.replica().renew(new ReplicaId("a", 11));
        assertThat(a.replica().receive(answer, NOON_MILLIS)).isEqualTo(new Receipt.Buffered(forgotten.dot()));
        assertThat(set(a, "3").dot()).isEqualTo(new Dot(new ReplicaId("a", 11), 1));
        assertThat(a.replica().bufferedCount()).isEqualTo(1);
        assertThat(a.replica().receive(forgotten, NOON_MILLIS)).isEqualTo(new Receipt.Delivered());
        assertThat(a.replica().bufferedCount()).isZero();
    }

    @Test
    void renew_newIncarnation_isStoredEvenWithoutAWrite() {
        ReplicaId renewed = new ReplicaId("a", 11);
        set(a, "1");
        a.commit();

        a.replica().renew(renewed);

        CommitBatch changes = requireNonNull(a.commit());
        assertThat(changes.self()).isEqualTo(renewed);
        assertThat(changes.delivered()).isEmpty();
        assertThat(a.replica().self()).isEqualTo(renewed);
        a.crash();
        assertThat(set(a, "2").dot()).isEqualTo(new Dot(renewed, 1));
    }

    @Test
    void renew_otherNameOrUsedIncarnation_isRefused() {
        set(a, "1");

        assertThatThrownBy(() -> a.replica().renew(new ReplicaId("b", 11)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: the same name and an incarnation that was never used)");
        assertThatThrownBy(() -> a.replica().renew(A)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recovered_clockAndTimestamp_areGoneOnFrom() {
        Update before = requireNonNull(a.replica()
                .write(NOON_MILLIS, transaction -> set(transaction, "1"))
                .update());
        a.commit();
        a.crash();

        Update after = requireNonNull(a.replica()
                .write(NOON_MILLIS - 3_600_000, transaction -> set(transaction, "2"))
                .update());

        assertThat(after.dot()).isEqualTo(before.dot().next());
        assertThat(after.timestamp()).isEqualTo(before.timestamp() + 1);
    }

    private static Update set(MemoryHost host, String value) {
        return requireNonNull(host.replica()
                .write(NOON_MILLIS, transaction -> set(transaction, value))
                .update());
    }

    private static boolean set(Transaction transaction, String value) {
        transaction.set(KEY, Bytes.utf8(value));
        return true;
    }

    @Test
    void receive_updateOfAClockThatIsTooFarAhead_isHeldUntilTimeHasCaughtUpAndMovesNoClock() {
        Replica bounded = bounded(C);
        Update wrong = setAt(NOON_MILLIS + 3_600_000);

        assertThat(bounded.receive(wrong, NOON_MILLIS)).isEqualTo(new Receipt.AheadOfTime(3_600_000));
        assertThat(bounded.clock()).isEqualTo(VersionVector.EMPTY);
        assertThat(bounded.bufferedCount()).isZero();
        assertThat(bounded.timestamp()).isZero();

        assertThat(bounded.receive(wrong, NOON_MILLIS + 3_300_000)).isEqualTo(new Receipt.Delivered());
        assertThat(bounded.receive(wrong, NOON_MILLIS)).isEqualTo(new Receipt.Duplicate());
    }

    @Test
    void receive_updateThatDependsOnAHeldOne_waitsForItInTheBuffer() {
        Replica bounded = bounded(C);
        Update wrong = setAt(NOON_MILLIS + 3_600_000);
        Update dependent = Update.of(new Dot(B, 1), wrong.clock(), NOON_MILLIS << 16, wrong.operations());

        assertThat(bounded.receive(wrong, NOON_MILLIS)).isInstanceOf(Receipt.AheadOfTime.class);
        assertThat(bounded.receive(dependent, NOON_MILLIS)).isEqualTo(new Receipt.Buffered(wrong.dot()));
    }

    /** Each clock is within the bound of the next one: no node waits longer than the difference of the clocks. */
    @Test
    void receive_chainOfClocksWithinTheBound_isLateByTheirDifferenceAndNotStalled() {
        long limit = BOUND.aheadMillisMax();
        Replica middle = bounded(B);
        Replica last = bounded(C);
        Update first = setAt(NOON_MILLIS + limit);

        assertThat(middle.receive(first, NOON_MILLIS)).isEqualTo(new Receipt.Delivered());
        Update answer = requireNonNull(middle.write(NOON_MILLIS, transaction -> {
                    transaction.set(KEY, Bytes.utf8("answer"));
                    return "done";
                })
                .update());

        assertThat(last.receive(first, NOON_MILLIS - limit)).isEqualTo(new Receipt.AheadOfTime(2 * limit));
        assertThat(last.receive(answer, NOON_MILLIS - limit)).isEqualTo(new Receipt.AheadOfTime(2 * limit));
        assertThat(last.receive(first, NOON_MILLIS)).isEqualTo(new Receipt.Delivered());
        assertThat(last.receive(answer, NOON_MILLIS)).isEqualTo(new Receipt.Delivered());
    }

    private static Replica bounded(ReplicaId self) {
        Replica.Limits limits = new Replica.Limits(LIMITS.buffer(), 52, 52, BOUND);
        return new MemoryHost(self, limits).replica();
    }

    private Update setAt(long wallMillis) {
        return requireNonNull(a.replica()
                .write(wallMillis, transaction -> {
                    transaction.set(KEY, Bytes.utf8("v"));
                    return "done";
                })
                .update());
    }
}
