package dev.hence.core.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.StateOverlay;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Before the transaction one key holds a string, one a hash with one field, and one is absent. */
final class TransactionTest {

    private static final Bytes PRESENT = Bytes.utf8("present");
    private static final Bytes ABSENT = Bytes.utf8("absent");
    private static final Bytes HASH = Bytes.utf8("hash");
    private static final Bytes FIELD = Bytes.utf8("field");
    private static final Bytes VALUE = Bytes.utf8("value");
    private static final Dot FIRST = new Dot(new ReplicaId("a", 1), 1);
    private static final VersionVector CONTEXT = VersionVector.EMPTY.with(FIRST);
    private static final long NOW_MILLIS = 1_800_000_000_000L;
    private static final Replica.Limits LIMITS = new Replica.Limits(new DeliveryBuffer.Limits(10, 1_000), 1_000);

    private final MemoryState state = new MemoryState();
    private final Transaction transaction;

    TransactionTest() {
        apply(
                FIRST,
                List.of(
                        new Operation.SetString(PRESENT, Bytes.utf8("before")),
                        new Operation.Assign(HASH, DataType.HASH, FIELD, Bytes.utf8("5"), List.of())));
        transaction = new Transaction(state, NOW_MILLIS, 2, FIRST.next(), CONTEXT, LIMITS);
    }

    private void apply(Dot dot, List<Operation> operations) {
        StateOverlay effects = new StateOverlay(state);
        effects.apply(
                operations,
                new StateOverlay.Cause(dot, dot.counter(), VersionVector.EMPTY.with(dot.replica(), dot.counter() - 1)));
        state.store(effects.take());
    }

    private boolean exists(Bytes key) {
        return transaction.visible(key).type() != null;
    }

    @Test
    void exists_nothingDone_isWhatWasThereBefore() {
        assertThat(exists(PRESENT)).isTrue();
        assertThat(exists(ABSENT)).isFalse();
        assertThat(transaction.netEffect()).isEmpty();
    }

    @Test
    void set_absentKey_existsAndBeforeStaysAsItWas() {
        transaction.set(ABSENT, VALUE);

        assertThat(exists(ABSENT)).isTrue();
        assertThat(transaction.before(ABSENT)).isEqualTo(KeyHead.EMPTY);
        assertThat(transaction.netEffect()).containsExactly(new Operation.SetString(ABSENT, VALUE));
    }

    @Test
    @Timeout(value = 15, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void assign_manyNamesOfOneHash_takesNoTimeInTheirSquare() {
        List<Bytes> names = namesOfOneHash(17);
        Replica.Limits roomy = new Replica.Limits(LIMITS.buffer(), 1 << 30);
        Transaction large = new Transaction(state, NOW_MILLIS, 2, FIRST.next(), CONTEXT, roomy);
        names.forEach(name -> large.assign(ABSENT, DataType.SET, name, Bytes.EMPTY));
        names.forEach(name -> large.expire(name, NOW_MILLIS));

        List<Operation> operations = large.netEffect();

        assertThat(operations).hasSize(2 * names.size());
        assertThat(Update.of(FIRST.next(), CONTEXT, 2, operations).operations()).hasSameSizeAs(operations);
    }

    // "Aa" and "BB" have the same hash, and so have all texts made of the same number of them.
    private static List<Bytes> namesOfOneHash(int parts) {
        List<Bytes> names = IntStream.range(0, 1 << parts)
                .mapToObj(bits -> IntStream.range(0, parts)
                        .mapToObj(part -> (bits >> part & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining()))
                .map(Bytes::utf8)
                .toList();
        assertThat(names.stream().mapToInt(Bytes::hashCode).distinct()).hasSize(1);
        return names;
    }

    @Test
    void set_manyKeys_isRefusedOnTheWayAndNotWhenAllIsInMemory() {
        Bytes value = Bytes.wrap(new byte[464]);
        for (int i = 0; i < 4; i++) {
            transaction.set(Bytes.utf8("key" + i), value);
        }

        assertThatExceptionOfType(UpdateTooLargeException.class)
                .isThrownBy(() -> transaction.set(Bytes.utf8("key4"), value))
                .withMessage("update: 2500 bytes of keys and values, with 32 for each change (expected: at most 1000)");
        assertThatExceptionOfType(UpdateTooLargeException.class)
                .isThrownBy(() -> transaction.assign(HASH, DataType.HASH, FIELD, value));
        assertThatExceptionOfType(UpdateTooLargeException.class).isThrownBy(() -> transaction.publish(ABSENT, value));
        assertThat(transaction.netEffect()).hasSize(4);
    }

    @Test
    void writes_thatTakeBackWhatWasWritten_leaveRoom() {
        Bytes value = Bytes.wrap(new byte[900]);
        for (int i = 0; i < 100; i++) {
            transaction.set(ABSENT, value);
            transaction.expire(ABSENT, NOW_MILLIS + 1);
            transaction.set(PRESENT, VALUE);
            transaction.increment(HASH, DataType.HASH, FIELD, BigDecimal.ONE);
            transaction.expire(HASH, NOW_MILLIS + 1);
            transaction.delete(ABSENT);
            transaction.delete(PRESENT);
            transaction.assign(HASH, DataType.HASH, VALUE, value);
            transaction.assign(HASH, DataType.HASH, FIELD, VALUE);
            transaction.remove(HASH, DataType.HASH, VALUE);
            transaction.remove(HASH, DataType.HASH, FIELD);
            transaction.delete(HASH);
        }

        assertThat(transaction.netEffect())
                .containsExactlyInAnyOrder(new Operation.DeleteKey(PRESENT), new Operation.DeleteKey(HASH));
    }

    @Test
    void set_sameKeyTwice_leavesTheLastValue() {
        transaction.set(PRESENT, Bytes.utf8("1"));
        transaction.set(PRESENT, VALUE);

        assertThat(transaction.netEffect()).containsExactly(new Operation.SetString(PRESENT, VALUE));
    }

    @Test
    void delete_presentKey_removesItOnce() {
        assertThat(transaction.delete(PRESENT)).isTrue();
        assertThat(exists(PRESENT)).isFalse();
        assertThat(transaction.before(PRESENT)).isEqualTo(state.head(PRESENT));
        assertThat(transaction.delete(PRESENT)).isFalse();
        assertThat(transaction.netEffect()).containsExactly(new Operation.DeleteKey(PRESENT));
    }

    @Test
    void delete_absentKey_isNoOperation() {
        assertThat(transaction.delete(ABSENT)).isFalse();
        assertThat(transaction.netEffect()).isEmpty();
    }

    @Test
    void delete_absentKeySetBefore_leavesNoOperation() {
        transaction.set(ABSENT, VALUE);

        assertThat(transaction.delete(ABSENT)).isTrue();
        assertThat(exists(ABSENT)).isFalse();
        assertThat(transaction.netEffect()).isEmpty();
    }

    @Test
    void delete_presentKeySetBefore_stillRemovesWhatWasThere() {
        transaction.set(PRESENT, VALUE);

        assertThat(transaction.delete(PRESENT)).isTrue();
        assertThat(transaction.netEffect()).containsExactly(new Operation.DeleteKey(PRESENT));
    }

    @Test
    void set_presentKeyDeletedBefore_replacesIt() {
        transaction.delete(PRESENT);
        transaction.set(PRESENT, VALUE);

        assertThat(exists(PRESENT)).isTrue();
        assertThat(transaction.netEffect()).containsExactly(new Operation.SetString(PRESENT, VALUE));
    }

    @Test
    void increment_severalTimes_isOneOperation() {
        increment(ABSENT, "1");
        increment(ABSENT, "2.5");

        assertThat(shown(ABSENT)).isEqualTo("3.5");
        assertThat(transaction.netEffect()).containsExactly(incrementOf(ABSENT, "3.5"));
    }

    @Test
    void increment_afterSet_isAnOperationOfItsOwn() {
        transaction.set(PRESENT, Bytes.utf8("99"));
        increment(PRESENT, "1");

        assertThat(shown(PRESENT)).isEqualTo("100");
        assertThat(transaction.netEffect())
                .containsExactly(new Operation.SetString(PRESENT, Bytes.utf8("99")), incrementOf(PRESENT, "1"));
    }

    @Test
    void set_afterIncrement_leavesTheSet() {
        increment(ABSENT, "1");
        transaction.set(ABSENT, VALUE);

        assertThat(transaction.netEffect()).containsExactly(new Operation.SetString(ABSENT, VALUE));
    }

    @Test
    void increment_afterDelete_startsFromNothing() {
        transaction.delete(PRESENT);
        increment(PRESENT, "1");

        assertThat(shown(PRESENT)).isEqualTo("1");
        assertThat(transaction.netEffect())
                .containsExactly(new Operation.DeleteKey(PRESENT), incrementOf(PRESENT, "1"));
    }

    @Test
    void increment_ofAnElementAssignedBefore_isFoldedIntoTheAssignmentAsItShows() {
        // It was once written as 1E+2.
        transaction.assign(ABSENT, DataType.HASH, FIELD, Bytes.utf8("99"));
        transaction.increment(ABSENT, DataType.HASH, FIELD, BigDecimal.ONE);

        assertThat(transaction.netEffect()).containsExactly(assignOf(ABSENT, "100"));
    }

    @Test
    void increment_ofAnElementRemovedBefore_isAnAssignment() {
        transaction.remove(HASH, DataType.HASH, FIELD);
        transaction.increment(HASH, DataType.HASH, FIELD, BigDecimal.ONE);

        assertThat(transaction.netEffect()).containsExactly(assignOf(HASH, "1"));
    }

    @Test
    void remove_elementIncrementedBefore_isTheRemovalAlone() {
        transaction.increment(HASH, DataType.HASH, FIELD, BigDecimal.ONE);
        transaction.remove(HASH, DataType.HASH, FIELD);

        assertThat(transaction.netEffect())
                .containsExactly(new Operation.Remove(HASH, DataType.HASH, FIELD, List.of()));
    }

    @Test
    void remove_absentElementAssignedBefore_leavesNoOperation() {
        transaction.assign(ABSENT, DataType.SET, FIELD, Bytes.EMPTY);
        transaction.remove(ABSENT, DataType.SET, FIELD);

        assertThat(transaction.netEffect()).isEmpty();
    }

    @Test
    void delete_afterElementsWereWritten_isTheDeletionAlone() {
        transaction.assign(HASH, DataType.HASH, Bytes.utf8("other"), VALUE);
        transaction.expire(HASH, NOW_MILLIS + 5);

        assertThat(transaction.delete(HASH)).isTrue();
        assertThat(transaction.netEffect()).containsExactly(new Operation.DeleteKey(HASH));
    }

    @Test
    void expire_afterSet_isPartOfIt() {
        transaction.set(ABSENT, VALUE);
        transaction.expire(ABSENT, 5);

        assertThat(transaction.netEffect()).containsExactly(new Operation.SetString(ABSENT, VALUE, 5, List.of()));
    }

    @Test
    void set_thatKeepsTheDeadlineSetBefore_takesItOver() {
        transaction.expire(PRESENT, 5);
        transaction.set(PRESENT, VALUE, Deadlines.KEEP);

        assertThat(transaction.netEffect()).containsExactly(new Operation.SetString(PRESENT, VALUE, 5, List.of()));
    }

    @Test
    void set_thatKeepsTheDeadlineOfADeletedKey_hasNone() {
        transaction.delete(PRESENT);
        transaction.set(PRESENT, VALUE, Deadlines.KEEP);

        assertThat(transaction.netEffect()).containsExactly(new Operation.SetString(PRESENT, VALUE));
    }

    @Test
    void delete_keyWithIncrements_saysWhichItSaw() {
        Dot dot = new Dot(FIRST.replica(), 2);
        apply(dot, List.of(new Operation.Increment(HASH, DataType.HASH, FIELD, 1, BigDecimal.TEN, BigDecimal.TEN)));
        Transaction later = new Transaction(state, NOW_MILLIS, 3, dot.next(), CONTEXT.with(dot), LIMITS);

        later.delete(HASH);

        assertThat(later.netEffect())
                .containsExactly(new Operation.DeleteKey(
                        HASH,
                        List.of(new Operation.SeenIncrements(
                                DataType.HASH, FIELD, List.of(new Counter.Mark(dot.replica(), 2, BigDecimal.TEN))))));
    }

    @Test
    void increment_afterOneOfAnEarlierUpdate_namesItAndGoesOnFromItsTotal() {
        Dot dot = new Dot(FIRST.replica(), 2);
        apply(dot, List.of(incrementOf(ABSENT, "10")));
        Dot next = new Dot(FIRST.replica(), 9);
        Transaction later = new Transaction(state, NOW_MILLIS, 3, next, CONTEXT.with(FIRST.replica(), 8), LIMITS);

        later.increment(ABSENT, DataType.STRING, Bytes.EMPTY, BigDecimal.ONE);

        assertThat(later.netEffect())
                .containsExactly(new Operation.Increment(
                        ABSENT, DataType.STRING, Bytes.EMPTY, 2, BigDecimal.ONE, new BigDecimal(11)));
    }

    @Test
    void increment_afterDeletingItsOwnEarlierOnes_startsAnew() {
        Dot dot = new Dot(FIRST.replica(), 2);
        apply(dot, List.of(incrementOf(ABSENT, "10")));
        Transaction later = new Transaction(state, NOW_MILLIS, 3, dot.next(), CONTEXT.with(dot), LIMITS);

        later.delete(ABSENT);
        later.increment(ABSENT, DataType.STRING, Bytes.EMPTY, BigDecimal.ONE);

        assertThat(later.netEffect().getLast())
                .isEqualTo(new Operation.Increment(
                        ABSENT, DataType.STRING, Bytes.EMPTY, 2, BigDecimal.ONE, BigDecimal.ONE));
    }

    @Test
    void publish_inATransaction_comesLastAndAsOftenAsItWasSaid() {
        transaction.publish(PRESENT, VALUE);
        transaction.publish(PRESENT, VALUE);
        transaction.delete(PRESENT);

        assertThat(transaction.netEffect())
                .containsExactly(
                        new Operation.DeleteKey(PRESENT),
                        new Operation.Publish(PRESENT, VALUE),
                        new Operation.Publish(PRESENT, VALUE));
    }

    private void increment(Bytes key, String delta) {
        transaction.increment(key, DataType.STRING, Bytes.EMPTY, new BigDecimal(delta));
    }

    private static Operation incrementOf(Bytes key, String delta) {
        BigDecimal number = new BigDecimal(delta);
        return new Operation.Increment(key, DataType.STRING, Bytes.EMPTY, 1, number, number);
    }

    private static Operation assignOf(Bytes key, String value) {
        return new Operation.Assign(key, DataType.HASH, FIELD, Bytes.utf8(value), List.of());
    }

    private String shown(Bytes key) {
        return String.valueOf(transaction.head(key).string().value());
    }

    @Test
    void netEffect_keyDeletedAndSetAgain_standsWhereItIsSetAgain() {
        Bytes other = Bytes.utf8("other");
        Bytes last = Bytes.utf8("last");
        transaction.set(ABSENT, VALUE);
        transaction.set(other, VALUE);
        transaction.delete(ABSENT);
        transaction.set(last, VALUE);
        transaction.set(ABSENT, VALUE);

        assertThat(transaction.netEffect()).extracting(Operation::key).containsExactly(other, last, ABSENT);

        transaction.delete(other);
        transaction.delete(last);
        transaction.delete(ABSENT);
        transaction.set(last, VALUE);
        transaction.set(other, VALUE);
        assertThat(transaction.netEffect()).extracting(Operation::key).containsExactly(last, other);
    }

    @Test
    void netEffect_severalKeys_hasOneOperationForEach() {
        transaction.set(ABSENT, Bytes.utf8("1"));
        transaction.delete(PRESENT);
        transaction.set(ABSENT, VALUE);

        assertThat(transaction.netEffect())
                .containsExactlyInAnyOrder(new Operation.SetString(ABSENT, VALUE), new Operation.DeleteKey(PRESENT));
    }
}
