package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.update.Operation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HashesTest {

    private static final Bytes KEY = bytes("key");
    private static final Bytes F = bytes("f");
    private static final Bytes G = bytes("g");
    private static final Bytes H = bytes("h");
    private static final Bytes ONE = bytes("1");
    private static final Bytes TWO = bytes("two");

    private final MemoryNode node = new MemoryNode("a");
    private final LongSupplier random = new SplittableRandom(7)::nextLong;

    private static SequencedMap<Bytes, Bytes> values(Bytes... fieldsAndValues) {
        SequencedMap<Bytes, Bytes> values = new LinkedHashMap<>();
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            values.put(fieldsAndValues[i], fieldsAndValues[i + 1]);
        }
        return values;
    }

    private static long put(MemoryNode at, Bytes... fieldsAndValues) {
        return at.write(transaction -> Hashes.put(transaction, KEY, values(fieldsAndValues)));
    }

    private static long remove(MemoryNode at, Bytes... fields) {
        return at.write(transaction -> Hashes.remove(transaction, KEY, List.of(fields)));
    }

    private static long increment(MemoryNode at, Bytes field, long delta) {
        return at.write(transaction -> Hashes.increment(transaction, KEY, field, delta));
    }

    private Bytes incrementByDecimal(Bytes field, String delta) {
        return node.write(transaction -> Hashes.incrementByDecimal(transaction, KEY, field, new BigDecimal(delta)));
    }

    private static Map<Bytes, Bytes> all(MemoryNode at) {
        Map<Bytes, Bytes> all = new TreeMap<>();
        Hashes.forEach(at.view(), KEY, all::put);
        return all;
    }

    private void expireKey() {
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));
        node.advance(10);
    }

    @Test
    void put_someNew_countsThoseAndReplacesTheOthers() {
        assertThat(put(node, F, ONE, G, ONE)).isEqualTo(2);
        assertThat(put(node, G, TWO, H, TWO)).isEqualTo(1);
        assertThat(all(node)).isEqualTo(Map.of(F, ONE, G, TWO, H, TWO));
        assertThat(Hashes.size(node.view(), KEY)).isEqualTo(3);
    }

    @Test
    void put_expiredKey_bringsNothingOfItBack() {
        put(node, F, ONE, G, ONE);
        expireKey();
        assertThat(put(node, F, TWO)).isEqualTo(1);
        assertThat(all(node)).isEqualTo(Map.of(F, TWO));
        assertThat(Keys.deadlineMillis(node.view(), KEY)).isEqualTo(Deadlines.NONE);
    }

    @Test
    void put_differentFieldsConcurrently_bothShow() {
        MemoryNode elsewhere = new MemoryNode("b");
        put(node, F, ONE, G, ONE);
        put(elsewhere, G, TWO, H, TWO);
        MemoryNode.meet(node, elsewhere);
        assertThat(all(node)).isEqualTo(all(elsewhere)).containsEntry(F, ONE).containsEntry(H, TWO);
        assertThat(Hashes.size(node.view(), KEY)).isEqualTo(3);
    }

    @Test
    void put_severalTimesInOneTransaction_seesItsOwnWrites() {
        node.run(transaction -> {
            assertThat(Hashes.put(transaction, KEY, values(F, ONE))).isEqualTo(1);
            assertThat(Hashes.put(transaction, KEY, values(F, TWO, G, ONE))).isEqualTo(1);
            assertThat(Hashes.get(transaction, KEY, F)).isEqualTo(TWO);
            assertThat(Hashes.remove(transaction, KEY, List.of(F, G))).isEqualTo(2);
            assertThat(Keys.exists(transaction, KEY)).isFalse();
        });
        assertThat(node.updateCount()).isZero();
    }

    @Test
    void putIfAbsent_absentThenPresent_putsOnce() {
        put(node, G, ONE);
        assertThat(node.<Boolean>write(transaction -> Hashes.putIfAbsent(transaction, KEY, F, ONE)))
                .isTrue();
        assertThat(node.<Boolean>write(transaction -> Hashes.putIfAbsent(transaction, KEY, F, TWO)))
                .isFalse();
        assertThat(Hashes.get(node.view(), KEY, F)).isEqualTo(ONE);
        assertThat(node.updateCount()).isEqualTo(2);
    }

    @Test
    void putIfAbsent_expiredKey_putsInAnEmptyHash() {
        put(node, F, ONE, G, ONE);
        expireKey();
        assertThat(node.<Boolean>write(transaction -> Hashes.putIfAbsent(transaction, KEY, F, TWO)))
                .isTrue();
        assertThat(all(node)).isEqualTo(Map.of(F, TWO));
    }

    @Test
    void remove_someAbsentAndOneRepeated_countsThosePresentOnce() {
        put(node, F, ONE, G, ONE);
        assertThat(remove(node, F, F, H)).isEqualTo(1);
        assertThat(node.operations()).containsExactly(new Operation.Remove(KEY, DataType.HASH, F, List.of()));
        assertThat(remove(node, H)).isZero();
        assertThat(node.updateCount()).isEqualTo(2);
    }

    @Test
    void remove_lastField_removesTheKeyAndItsDeadline() {
        put(node, F, ONE);
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));
        remove(node, F);
        assertThat(node.state().heads()).isEmpty();
    }

    @Test
    void remove_concurrentAssignment_survives() {
        MemoryNode elsewhere = new MemoryNode("b");
        put(node, F, ONE, G, ONE);
        MemoryNode.meet(node, elsewhere);
        remove(node, F, G);
        put(elsewhere, F, TWO);
        MemoryNode.meet(node, elsewhere);
        assertThat(all(node)).isEqualTo(Map.of(F, TWO));
        assertThat(all(elsewhere)).isEqualTo(Map.of(F, TWO));
    }

    @Test
    void get_presentAndAbsent_tellsEachInOrder() {
        put(node, F, ONE, G, Bytes.EMPTY);
        assertThat(Hashes.get(node.view(), KEY, F)).isEqualTo(ONE);
        assertThat(Hashes.get(node.view(), KEY, H)).isNull();
        assertThat(several(KEY, List.of(H, G, F, F))).containsExactly(null, Bytes.EMPTY, ONE, ONE);
        assertThat(several(bytes("absent"), List.of(F))).containsExactly((Bytes) null);
        assertThat(Hashes.exists(node.view(), KEY, G)).isTrue();
        assertThat(Hashes.exists(node.view(), KEY, H)).isFalse();
    }

    private List<@Nullable Bytes> several(Bytes key, List<Bytes> fields) {
        List<@Nullable Bytes> values = new ArrayList<>();
        Hashes.get(node.view(), key, fields, values::add);
        return values;
    }

    @Test
    void valueLength_values_countsTheirBytes() {
        put(node, F, TWO, G, Bytes.EMPTY);
        increment(node, H, -100);
        assertThat(Hashes.valueLength(node.view(), KEY, F)).isEqualTo(3);
        assertThat(Hashes.valueLength(node.view(), KEY, G)).isZero();
        assertThat(Hashes.valueLength(node.view(), KEY, H)).isEqualTo(4);
        assertThat(Hashes.valueLength(node.view(), KEY, bytes("absent"))).isZero();
    }

    @Test
    void reads_expiredKey_showAnEmptyHash() {
        put(node, F, ONE);
        expireKey();
        assertThat(Hashes.size(node.view(), KEY)).isZero();
        assertThat(Hashes.get(node.view(), KEY, F)).isNull();
        assertThat(several(KEY, List.of(F))).containsExactly((Bytes) null);
        assertThat(Hashes.exists(node.view(), KEY, F)).isFalse();
        assertThat(all(node)).isEmpty();
        assertThat(Hashes.scan(node.view(), KEY, 0, 10, (field, value) -> {})).isZero();
        assertThat(randomFields(1)).isEmpty();
        assertThat(randomFieldsRepeated(1)).isEmpty();
        assertThat(remove(node, F)).isZero();
    }

    @Test
    void scan_fromCursorToCursor_showsAllFieldsWithTheirValues() {
        SequencedMap<Bytes, Bytes> values = new LinkedHashMap<>();
        for (int i = 0; i < 25; i++) {
            values.put(bytes("field " + i), bytes("value " + i));
        }
        node.run(transaction -> Hashes.put(transaction, KEY, values));
        Map<Bytes, Bytes> seen = new TreeMap<>();
        List<Bytes> fields = new ArrayList<>();
        long cursor = 0;
        do {
            cursor = Hashes.scan(node.view(), KEY, cursor, 10, (field, value) -> {
                seen.put(field, value);
                fields.add(field);
            });
        } while (cursor != 0);
        assertThat(seen).isEqualTo(values);
        assertThat(fields).hasSize(25);
    }

    private Map<Bytes, Bytes> randomFields(long count) {
        Map<Bytes, Bytes> fields = new TreeMap<>();
        Hashes.randomFields(
                node.view(),
                KEY,
                count,
                random,
                (field, value) -> assertThat(fields.put(field, value)).isNull());
        return fields;
    }

    private List<String> randomFieldsRepeated(long count) {
        List<String> fields = new ArrayList<>();
        Hashes.randomFieldsRepeated(node.view(), KEY, count, random, (field, value) -> fields.add(field + "=" + value));
        return fields;
    }

    @Test
    void randomFields_differentOrRepeated_comeWithTheirValues() {
        put(node, F, ONE, G, TWO);
        assertThat(randomFields(1)).hasSize(1);
        assertThat(randomFields(5)).isEqualTo(Map.of(F, ONE, G, TWO));
        assertThat(randomFieldsRepeated(20)).hasSize(20).containsOnly("f=1", "g=two");
    }

    @Test
    void increment_absentThenPresent_addsUp() {
        assertThat(increment(node, F, 5)).isEqualTo(5);
        assertThat(increment(node, F, -7)).isEqualTo(-2);
        put(node, G, ONE);
        assertThat(increment(node, G, 1)).isEqualTo(2);
        assertThat(all(node)).isEqualTo(Map.of(F, bytes("-2"), G, bytes("2")));
    }

    @Test
    void increment_atTwoNodes_countsBoth() {
        MemoryNode elsewhere = new MemoryNode("b");
        put(node, F, bytes("10"));
        MemoryNode.meet(node, elsewhere);
        assertThat(increment(node, F, 1)).isEqualTo(11);
        assertThat(increment(elsewhere, F, 100)).isEqualTo(110);
        MemoryNode.meet(node, elsewhere);
        assertThat(Hashes.get(node.view(), KEY, F)).isEqualTo(bytes("111"));
        assertThat(increment(elsewhere, F, 1)).isEqualTo(112);
    }

    @Test
    void increment_fieldPutInTheSameTransaction_showsAsAWholeNumber() {
        node.run(transaction -> {
            Hashes.put(transaction, KEY, values(F, bytes("99")));
            assertThat(Hashes.increment(transaction, KEY, F, 1)).isEqualTo(100);
            assertThat(Hashes.get(transaction, KEY, F)).isEqualTo(bytes("100"));
            assertThat(Hashes.increment(transaction, KEY, F, 900)).isEqualTo(1000);
        });
        assertThat(Hashes.get(node.view(), KEY, F)).isEqualTo(bytes("1000"));
        assertThat(increment(node, F, 0)).isEqualTo(1000);
    }

    @Test
    void increment_expiredKey_countsFromZero() {
        put(node, F, bytes("10"), G, ONE);
        expireKey();
        assertThat(increment(node, F, 1)).isEqualTo(1);
        assertThat(all(node)).isEqualTo(Map.of(F, ONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two", "1.5", " 1", "+1", "01", "1e2", "9223372036854775808"})
    void increment_noWholeNumber_isRefused(String value) {
        put(node, F, bytes(value));
        assertThatThrownBy(() -> increment(node, F, 1))
                .isInstanceOfSatisfying(
                        NotANumberException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(NotANumberException.Reason.NOT_AN_INTEGER))
                .hasMessage("value of field \"f\" (expected: a 64-bit integer)");
        assertThat(Hashes.get(node.view(), KEY, F)).isEqualTo(bytes(value));
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 1",
        "1, 9223372036854775807",
        "-9223372036854775808, -1",
        "-1, -9223372036854775808"
    })
    void increment_beyond64Bits_isRefused(String value, long delta) {
        put(node, F, bytes(value));
        assertThatThrownBy(() -> increment(node, F, delta))
                .isInstanceOfSatisfying(
                        NotANumberException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(NotANumberException.Reason.OVERFLOW));
    }

    @Test
    void increment_upToTheLimits_isExact() {
        put(node, F, bytes("9223372036854775806"), G, bytes("0"));
        assertThat(increment(node, F, 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(increment(node, G, Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
        assertThat(increment(node, F, -Long.MAX_VALUE)).isZero();
    }

    @Test
    void incrementByDecimal_fractions_addUpExactly() {
        assertThat(incrementByDecimal(F, "0.1")).isEqualTo(bytes("0.1"));
        assertThat(incrementByDecimal(F, "0.2")).isEqualTo(bytes("0.3"));
        assertThat(incrementByDecimal(F, "-5.3")).isEqualTo(bytes("-5"));
        put(node, G, bytes("5.0e3"));
        assertThat(incrementByDecimal(G, "200")).isEqualTo(bytes("5200"));
        assertThat(all(node)).isEqualTo(Map.of(F, bytes("-5"), G, bytes("5200")));
        assertThat(increment(node, F, 6)).isEqualTo(1);
    }

    @Test
    void incrementByDecimal_noNumberOrTooManyDigits_isRefused() {
        put(node, F, TWO, G, bytes("9223372036854775807"));
        assertThatThrownBy(() -> incrementByDecimal(F, "1"))
                .isInstanceOfSatisfying(
                        NotANumberException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(NotANumberException.Reason.NOT_A_FLOAT));
        assertThatThrownBy(() -> incrementByDecimal(G, "1"))
                .isInstanceOfSatisfying(
                        NotANumberException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(NotANumberException.Reason.NOT_A_NUMBER));
        assertThat(node.updateCount()).isEqualTo(1);
    }

    @Test
    void anyFunction_keyOfAnotherType_isRefused() {
        node.run(transaction -> transaction.set(KEY, ONE));
        List<Consumer<MemoryNode>> functions = Arrays.asList(
                at -> put(at, F, ONE),
                at -> at.write(transaction -> Hashes.putIfAbsent(transaction, KEY, F, ONE)),
                at -> remove(at, F),
                at -> Hashes.get(at.view(), KEY, F),
                at -> Hashes.get(at.view(), KEY, List.of(F), any -> {}),
                at -> Hashes.exists(at.view(), KEY, F),
                at -> Hashes.valueLength(at.view(), KEY, F),
                at -> Hashes.size(at.view(), KEY),
                at -> all(at),
                at -> Hashes.scan(at.view(), KEY, 0, 1, (field, value) -> {}),
                at -> randomFields(1),
                at -> randomFieldsRepeated(1),
                at -> increment(at, F, 1),
                at -> incrementByDecimal(F, "1"));
        assertThat(functions)
                .allSatisfy(function -> assertThatThrownBy(() -> function.accept(node))
                        .isInstanceOf(WrongTypeException.class)
                        .hasMessage("key \"key\": holds a string (expected: hash)"));
        assertThat(node.updateCount()).isEqualTo(1);
    }
}
