package dev.hence.core.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.KeyHead;
import dev.hence.core.keyspace.Effects;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.update.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One key holds a value before the transaction, the other does not. */
final class TransactionTest {

    private static final Bytes PRESENT = Bytes.utf8("present");
    private static final Bytes ABSENT = Bytes.utf8("absent");
    private static final Bytes VALUE = Bytes.utf8("value");
    private static final Dot FIRST = new Dot(new ReplicaId("a", 1), 1);
    private static final VersionVector CONTEXT = VersionVector.EMPTY.with(FIRST);
    private static final long NOW_MILLIS = 1_800_000_000_000L;

    private final MemoryState state = new MemoryState();
    private final Transaction transaction;

    TransactionTest() {
        Effects effects = new Effects(state);
        effects.apply(
                List.of(new Operation.SetString(PRESENT, Bytes.utf8("before"))),
                new Effects.Cause(FIRST, 1, VersionVector.EMPTY));
        state.store(effects.take());
        transaction = new Transaction(state, NOW_MILLIS, 2, FIRST.next(), CONTEXT, 1_000);
    }

    private boolean exists(Bytes key) {
        return transaction.shown(key).type() != null;
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
    void netEffect_severalKeys_hasOneOperationForEach() {
        transaction.set(ABSENT, Bytes.utf8("1"));
        transaction.delete(PRESENT);
        transaction.set(ABSENT, VALUE);

        assertThat(transaction.netEffect())
                .containsExactlyInAnyOrder(new Operation.SetString(ABSENT, VALUE), new Operation.DeleteKey(PRESENT));
    }
}
