package dev.hence.core.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class UpdateTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final VersionVector CONTEXT = VersionVector.EMPTY.with(A, 2).with(B, 5);
    private static final Dot DOT = new Dot(A, 3);
    private static final Bytes X = Bytes.utf8("x");
    private static final Bytes FIELD = Bytes.utf8("field");
    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final List<Operation> OPERATIONS = List.of(set("x", "1"), delete("y"));

    @Test
    void update_noOperations_isRefused() {
        assertThatThrownBy(() -> Update.of(DOT, CONTEXT, 1, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("update a~0000000000000001:3: no operations (expected: at least one)");
    }

    @Test
    void update_twoOperationsOnOneKey_isRefused() {
        // Replicas that have to read the state first and those that need not would have diverged.
        assertThatThrownBy(() -> Update.of(DOT, CONTEXT, 1, List.of(set("x", "1"), delete("y"), set("x", "2"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "several operations on key \"x\" (expected: at most one of the key, of its deadline and of each element)");
    }

    @Test
    void update_twoOperationsOnOneTarget_isRefused() {
        Operation assign = new Operation.Assign(X, DataType.HASH, FIELD, Bytes.EMPTY, List.of());
        Operation remove = new Operation.Remove(X, DataType.HASH, FIELD, List.of());
        Operation increment = new Operation.Increment(X, DataType.HASH, FIELD, 2, ONE, ONE);
        Operation added = new Operation.Increment(X, DataType.STRING, Bytes.EMPTY, 2, ONE, ONE);
        List<List<Operation>> hostile = List.of(
                List.of(set("x", "1"), delete("x")),
                List.of(set("x", "1"), set("x", "1")),
                List.of(assign, remove),
                List.of(assign, set("y", "1"), increment),
                List.of(increment, increment),
                List.of(added, added),
                List.of(new Operation.Expire(X, 1), new Operation.Expire(X, 2)));

        assertThat(hostile)
                .allSatisfy(operations -> assertThatThrownBy(() -> Update.of(DOT, CONTEXT, 1, operations))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("several operations on key \"x\""));
    }

    @Test
    void update_operationsOnDifferentTargetsOfAKey_isAllowed() {
        List<Operation> operations = List.of(
                set("x", "1"),
                new Operation.Expire(X, 1),
                new Operation.Increment(X, DataType.STRING, Bytes.EMPTY, 2, ONE, ONE),
                new Operation.Assign(X, DataType.HASH, FIELD, Bytes.EMPTY, List.of()),
                new Operation.Assign(X, DataType.SET, FIELD, Bytes.EMPTY, List.of()),
                new Operation.Assign(X, DataType.HASH, X, Bytes.EMPTY, List.of()),
                new Operation.Publish(X, FIELD),
                new Operation.Publish(X, FIELD));

        assertThat(Update.of(DOT, CONTEXT, 1, operations).operations()).isEqualTo(operations);
    }

    @Test
    void operation_ofATypeThatHasNoSuchThing_isRefused() {
        assertRefused(
                () -> new Operation.Assign(X, DataType.STRING, FIELD, Bytes.EMPTY, List.of()),
                "element of type string");
        assertRefused(() -> new Operation.Remove(X, DataType.STRING, FIELD, List.of()), "element of type string");
        assertRefused(() -> new Operation.Increment(X, DataType.SET, FIELD, 2, ONE, ONE), "type set");
        assertRefused(() -> new Operation.Increment(X, DataType.LIST, FIELD, 2, ONE, ONE), "type list");
        assertRefused(() -> new Operation.Increment(X, DataType.STRING, FIELD, 2, ONE, ONE), "of a string");
        assertRefused(
                () -> new Operation.Assign(X, DataType.SORTED_SET, FIELD, Bytes.utf8("word"), List.of()),
                "score: \"word\" (expected: a number, inf or -inf)");
        assertRefused(
                () -> new Operation.Assign(X, DataType.SET, FIELD, Bytes.utf8("value"), List.of()),
                "value of a member: 5 bytes (expected: none)");
    }

    @Test
    void increment_numbersThatNoMemoryHolds_isRefused() {
        BigDecimal huge = new BigDecimal("1E+2147483647");

        assertRefused(() -> new Operation.Increment(X, DataType.HASH, FIELD, 2, huge, ONE), "expected: at most 800");
        assertRefused(() -> new Operation.Increment(X, DataType.HASH, FIELD, 2, ONE, huge), "expected: at most 800");
    }

    private static void assertRefused(ThrowingCallable made, String message) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void update_contextThatLeavesAGapOrHoldsTheDot_isRefused() {
        assertThatThrownBy(() -> Update.of(DOT.next(), CONTEXT, 1, OPERATIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its context has 2 for its origin (expected: 3)");
        assertThatThrownBy(() -> Update.of(new Dot(A, 2), CONTEXT, 1, OPERATIONS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void update_timestampOutOfRange_isRefused() {
        assertThatThrownBy(() -> Update.of(DOT, CONTEXT, 0, OPERATIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timestamp 0 (expected: 1 to ");
        assertThatThrownBy(() -> Update.of(DOT, CONTEXT, HybridLogicalClock.TIMESTAMP_MAX + 1, OPERATIONS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Update.of(DOT, CONTEXT, HybridLogicalClock.TIMESTAMP_MAX, OPERATIONS)
                        .timestamp())
                .isEqualTo(HybridLogicalClock.TIMESTAMP_MAX);
    }

    @Test
    void update_operationsChangedAfterwards_staysAsItWas() {
        List<Operation> operations = new ArrayList<>(OPERATIONS);
        Update update = Update.of(DOT, CONTEXT, 1, operations);
        operations.clear();

        assertThat(update.operations()).isEqualTo(OPERATIONS);
    }

    @Test
    void clock_update_isContextPlusDot() {
        assertThat(Update.of(DOT, CONTEXT, 1, OPERATIONS).clock())
                .isEqualTo(VersionVector.EMPTY.with(A, 3).with(B, 5));
    }

    @Test
    void sizeBytes_update_countsKeysAndValuesAndEachOperation() {
        assertThat(Update.of(DOT, CONTEXT, 1, List.of(set("key", "value"), delete("gone")))
                        .sizeBytes())
                .isEqualTo(3 + 5 + 4 + 2 * 32);
    }

    private static Operation set(String key, String value) {
        return new Operation.SetString(Bytes.utf8(key), Bytes.utf8(value));
    }

    private static Operation delete(String key) {
        return new Operation.DeleteKey(Bytes.utf8(key));
    }
}
