package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static dev.hence.core.commands.Strings.Condition.ABSENT;
import static dev.hence.core.commands.Strings.Condition.ALWAYS;
import static dev.hence.core.commands.Strings.Condition.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.update.Operation;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StringsTest {

    private static final Bytes KEY = bytes("key");
    private static final Bytes OTHER = bytes("other");
    private static final int LENGTH_MAX = (int) MemoryNode.UPDATE_BYTES_MAX - Operation.OVERHEAD_BYTES - KEY.length();

    private final MemoryNode node = new MemoryNode("a");

    private void set(String value) {
        node.run(transaction -> Strings.set(transaction, KEY, bytes(value)));
    }

    private boolean set(String value, Strings.Condition condition, long deadlineMillis) {
        return node.write(transaction -> Strings.set(transaction, KEY, bytes(value), condition, deadlineMillis));
    }

    private @Nullable String get() {
        return get(node);
    }

    private static @Nullable String get(MemoryNode at) {
        Bytes value = Strings.get(at.view(), KEY);
        return value == null ? null : value.toString();
    }

    private long increment(long delta) {
        return node.write(transaction -> Strings.increment(transaction, KEY, delta));
    }

    private String incrementByDecimal(String delta) {
        return node.write(transaction -> Strings.incrementByDecimal(transaction, KEY, new BigDecimal(delta)))
                .toString();
    }

    private void makeSet(Bytes key) {
        node.run(transaction -> transaction.assign(key, DataType.SET, bytes("member"), Bytes.EMPTY));
    }

    private long deadline() {
        return Keys.deadlineMillis(node.view(), KEY);
    }

    private long in(long millis) {
        return node.nowMillis() + millis;
    }

    // Reading

    @Test
    void get_absentKey_isNull() {
        assertThat(get()).isNull();
        assertThat(Strings.length(node.view(), KEY)).isZero();
        assertThat(Strings.range(node.view(), KEY, 0, -1)).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void get_anotherType_isRefused() {
        makeSet(KEY);

        assertThatExceptionOfType(WrongTypeException.class)
                .isThrownBy(() -> Strings.get(node.view(), KEY))
                .withMessage("key \"key\": holds a set (expected: string)");
        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> Strings.length(node.view(), KEY));
        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> Strings.range(node.view(), KEY, 0, 1));
    }

    @Test
    void getIfString_anotherType_isNull() {
        makeSet(KEY);

        assertThat(Strings.getIfString(node.view(), KEY)).isNull();
        assertThat(Strings.getIfString(node.view(), OTHER)).isNull();
    }

    @Test
    void getIfString_string_isThat() {
        set("value");

        assertThat(Strings.getIfString(node.view(), KEY)).isEqualTo(bytes("value"));
    }

    @Test
    void get_expiredKey_isNull() {
        set("value", ALWAYS, in(10));

        node.advance(9);
        assertThat(get()).isEqualTo("value");
        node.advance(1);
        assertThat(get()).isNull();
        assertThat(Strings.getIfString(node.view(), KEY)).isNull();
    }

    @Test
    void length_text_countsBytes() {
        set("äb");

        assertThat(Strings.length(node.view(), KEY)).isEqualTo(3);
    }

    @Test
    void range_placesOfAllKinds_areBroughtIntoTheString() {
        set("Hello World");

        assertThat(range(0, 4)).isEqualTo("Hello");
        assertThat(range(-5, -1)).isEqualTo("World");
        assertThat(range(0, -1)).isEqualTo("Hello World");
        assertThat(range(-100, 2)).isEqualTo("Hel");
        assertThat(range(6, 100)).isEqualTo("World");
        assertThat(range(4, 4)).isEqualTo("o");
        assertThat(range(5, 4)).isEmpty();
        assertThat(range(11, 12)).isEmpty();
        assertThat(range(-1, -5)).isEmpty();
        assertThat(range(0, -100)).isEqualTo("H");
        assertThat(range(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo("Hello World");
        assertThat(range(Long.MAX_VALUE, Long.MIN_VALUE)).isEmpty();
    }

    private String range(long first, long last) {
        return Strings.range(node.view(), KEY, first, last).toString();
    }

    // Assigning

    @Test
    void set_anotherType_takesItsPlace() {
        makeSet(KEY);

        set("value");

        assertThat(get()).isEqualTo("value");
        assertThat(node.view().head(KEY).collections()).isEmpty();
    }

    @Test
    void set_ifAbsent_assignsOnlyThen() {
        assertThat(set("1", ABSENT, Deadlines.NONE)).isTrue();
        assertThat(set("2", ABSENT, Deadlines.NONE)).isFalse();

        assertThat(get()).isEqualTo("1");
        assertThat(node.updateCount()).isEqualTo(1);
    }

    @Test
    void set_ifPresent_assignsOnlyThen() {
        assertThat(set("1", PRESENT, Deadlines.NONE)).isFalse();
        assertThat(get()).isNull();
        makeSet(KEY);
        assertThat(set("2", PRESENT, Deadlines.NONE)).isTrue();

        assertThat(get()).isEqualTo("2");
    }

    @Test
    void set_expiredKey_countsAsAbsent() {
        set("1", ALWAYS, in(10));
        node.advance(10);

        assertThat(set("2", PRESENT, Deadlines.NONE)).isFalse();
        assertThat(set("2", ABSENT, Deadlines.NONE)).isTrue();
        assertThat(get()).isEqualTo("2");
        assertThat(deadline()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void set_plain_endsTheDeadline() {
        set("1", ALWAYS, in(10));

        set("2");

        assertThat(deadline()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void set_keepingTheDeadline_leavesItAlone() {
        set("1", ALWAYS, in(10));
        long deadlineMillis = deadline();

        set("2", ALWAYS, Deadlines.KEEP);

        assertThat(get()).isEqualTo("2");
        assertThat(deadline()).isEqualTo(deadlineMillis);
    }

    @Test
    void set_keepingTheDeadlineOfAnExpiredKey_hasNone() {
        set("1", ALWAYS, in(10));
        node.advance(20);

        set("2", ALWAYS, Deadlines.KEEP);

        assertThat(get()).isEqualTo("2");
        assertThat(deadline()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void set_deadlineThatHasPassed_removesTheKey() {
        set("1");

        assertThat(set("2", ALWAYS, in(0))).isTrue();

        assertThat(get()).isNull();
        assertThat(node.state().heads()).isEmpty();
    }

    @Test
    void setAllIfNoneExists_oneIsThere_assignsNothing() {
        set("1");
        Map<Bytes, Bytes> values = new LinkedHashMap<>();
        values.put(OTHER, bytes("2"));
        values.put(KEY, bytes("3"));

        assertThat(setAll(values)).isFalse();

        assertThat(Keys.exists(node.view(), OTHER)).isFalse();
        assertThat(get()).isEqualTo("1");
    }

    @Test
    void setAllIfNoneExists_noneIsThere_assignsAllInOneUpdate() {
        assertThat(setAll(Map.of(KEY, bytes("1"), OTHER, bytes("2")))).isTrue();

        assertThat(get()).isEqualTo("1");
        assertThat(Strings.get(node.view(), OTHER)).isEqualTo(bytes("2"));
        assertThat(node.updateCount()).isEqualTo(1);
    }

    private boolean setAll(Map<Bytes, Bytes> values) {
        return node.write(transaction -> Strings.setAllIfNoneExists(transaction, values));
    }

    @Test
    void getAndDelete_string_removesIt() {
        set("value");

        node.run(transaction ->
                assertThat(Strings.getAndDelete(transaction, KEY)).isEqualTo(bytes("value")));
        assertThat(get()).isNull();
        node.run(transaction ->
                assertThat(Strings.getAndDelete(transaction, KEY)).isNull());
        assertThat(node.updateCount()).isEqualTo(2);
    }

    @Test
    void getAndDelete_anotherType_isRefused() {
        makeSet(KEY);

        assertThatExceptionOfType(WrongTypeException.class)
                .isThrownBy(() -> node.run(transaction -> Strings.getAndDelete(transaction, KEY)));
        assertThat(Keys.exists(node.view(), KEY)).isTrue();
    }

    @Test
    void getAndExpire_string_getsTheDeadlineOrLosesIt() {
        set("value");

        node.run(transaction ->
                assertThat(Strings.getAndExpire(transaction, KEY, in(10))).isEqualTo(bytes("value")));
        assertThat(deadline()).isEqualTo(in(10));
        node.run(transaction -> Strings.getAndExpire(transaction, KEY, Deadlines.NONE));
        assertThat(deadline()).isEqualTo(Deadlines.NONE);
        node.run(transaction ->
                assertThat(Strings.getAndExpire(transaction, KEY, in(-1))).isEqualTo(bytes("value")));
        assertThat(get()).isNull();
    }

    @Test
    void getAndExpire_absentKey_writesNothing() {
        node.run(transaction ->
                assertThat(Strings.getAndExpire(transaction, KEY, in(10))).isNull());

        assertThat(node.updateCount()).isZero();
    }

    // Changing a part

    @Test
    void append_string_growsAndKeepsItsDeadline() {
        assertThat(append("Hello")).isEqualTo(5);
        node.run(transaction -> Keys.expire(transaction, KEY, in(10)));

        assertThat(append(" World")).isEqualTo(11);

        assertThat(get()).isEqualTo("Hello World");
        assertThat(deadline()).isEqualTo(in(10));
    }

    @Test
    void append_nothingToAbsentKey_makesAnEmptyString() {
        assertThat(append("")).isZero();
        assertThat(get()).isEmpty();
        assertThat(append("")).isZero();
        assertThat(node.updateCount()).isEqualTo(1);
    }

    @Test
    void append_expiredKey_beginsAnew() {
        set("old", ALWAYS, in(10));
        node.advance(10);

        assertThat(append("new")).isEqualTo(3);
        assertThat(get()).isEqualTo("new");
    }

    @Test
    void append_counter_addsDigits() {
        increment(4);

        assertThat(append("2")).isEqualTo(2);
        assertThat(increment(1)).isEqualTo(43);
    }

    @Test
    void append_beyondTheLimit_isRefused() {
        set("x".repeat(LENGTH_MAX - 1));

        assertThat(append("y")).isEqualTo(LENGTH_MAX);
        assertThatExceptionOfType(ValueTooLongException.class)
                .isThrownBy(() -> append("z"))
                .withMessage("value of \"key\": 1048542 bytes (expected: at most 1048541)");
    }

    private int append(String suffix) {
        return node.write(transaction -> Strings.append(transaction, KEY, bytes(suffix)));
    }

    @Test
    void setRange_withinAndBeyondTheEnd_fillsWithZeros() {
        set("Hello World");

        assertThat(setRange(6, "Redis")).isEqualTo(11);
        assertThat(get()).isEqualTo("Hello Redis");
        assertThat(setRange(12, "!")).isEqualTo(13);
        assertThat(get()).isEqualTo("Hello Redis\0!");
        assertThat(setRange(0, "J")).isEqualTo(13);
        assertThat(get()).isEqualTo("Jello Redis\0!");
    }

    @Test
    void setRange_absentKey_beginsWithZeros() {
        assertThat(setRange(2, "x")).isEqualTo(3);
        assertThat(get()).isEqualTo("\0\0x");
    }

    @Test
    void setRange_nothing_writesNothing() {
        assertThat(setRange(5, "")).isZero();
        assertThat(node.updateCount()).isZero();
        set("abc");
        assertThat(setRange(1_000, "")).isEqualTo(3);
    }

    @Test
    void setRange_keepsTheDeadline() {
        set("abc", ALWAYS, in(10));

        setRange(0, "x");

        assertThat(deadline()).isEqualTo(in(10));
    }

    @Test
    void setRange_beyondTheLimit_isRefused() {
        assertThat(setRange(LENGTH_MAX - 1, "x")).isEqualTo(LENGTH_MAX);
        assertThatExceptionOfType(ValueTooLongException.class).isThrownBy(() -> setRange(LENGTH_MAX, "x"));
        assertThatExceptionOfType(ValueTooLongException.class).isThrownBy(() -> setRange(Strings.LENGTH_MAX * 8L, "x"));
    }

    @Test
    void setRangeAndAppend_beyondWhatOneValueMayBe_areRefusedAlthoughAnUpdateHasRoom() {
        MemoryNode bounded = new MemoryNode("b", 10);

        assertThat(bounded.<Integer>write(transaction -> Strings.setRange(transaction, KEY, 9, bytes("x"))))
                .isEqualTo(10);
        assertThatExceptionOfType(ValueTooLongException.class)
                .isThrownBy(
                        () -> bounded.<Integer>write(transaction -> Strings.setRange(transaction, KEY, 10, bytes("x"))))
                .withMessage("value of \"key\": 11 bytes (expected: at most 10)");
        assertThatExceptionOfType(ValueTooLongException.class)
                .isThrownBy(() -> bounded.<Integer>write(transaction -> Strings.append(transaction, KEY, bytes("y"))));
    }

    private int setRange(long offset, String part) {
        return node.write(transaction -> Strings.setRange(transaction, KEY, offset, bytes(part)));
    }

    // Counting

    @Test
    void increment_absentKey_countsFromZeroAsAnIncrement() {
        assertThat(increment(5)).isEqualTo(5);
        assertThat(node.operations())
                .singleElement()
                .isInstanceOfSatisfying(
                        Operation.Increment.class,
                        added -> assertThat(added.delta()).isEqualByComparingTo("5"));
        assertThat(increment(-7)).isEqualTo(-2);
        assertThat(get()).isEqualTo("-2");
    }

    @Test
    void increment_number_staysAnIncrementAndKeepsTheDeadline() {
        set("10", ALWAYS, in(10));

        assertThat(increment(1)).isEqualTo(11);

        assertThat(node.operations()).singleElement().isInstanceOf(Operation.Increment.class);
        assertThat(deadline()).isEqualTo(in(10));
    }

    @Test
    void increment_expiredKey_countsFromZeroWithoutDeadline() {
        set("10", ALWAYS, in(10));
        node.advance(10);

        assertThat(increment(1)).isEqualTo(1);
        assertThat(get()).isEqualTo("1");
        assertThat(deadline()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void increment_noWholeNumber_isRefused() {
        for (String value : new String[] {"", "a", "1.5", " 1", "1 ", "01", "+1", "1e3", "9223372036854775808"}) {
            set(value);
            assertThatExceptionOfType(NotANumberException.class)
                    .as(value)
                    .isThrownBy(() -> increment(1))
                    .matches(refused -> refused.reason() == NotANumberException.Reason.NOT_AN_INTEGER);
            assertThat(get()).isEqualTo(value);
        }
    }

    @Test
    void increment_beyond64Bits_isRefused() {
        set(Long.toString(Long.MAX_VALUE));
        assertOverflow(1);
        assertOverflow(Long.MAX_VALUE);
        assertThat(increment(-1)).isEqualTo(Long.MAX_VALUE - 1);
        assertThat(increment(1)).isEqualTo(Long.MAX_VALUE);

        set(Long.toString(Long.MIN_VALUE));
        assertOverflow(-1);
        assertOverflow(Long.MIN_VALUE);
        assertThat(increment(Long.MAX_VALUE)).isEqualTo(-1);
    }

    private void assertOverflow(long delta) {
        assertThatExceptionOfType(NotANumberException.class)
                .isThrownBy(() -> increment(delta))
                .matches(refused -> refused.reason() == NotANumberException.Reason.OVERFLOW);
    }

    @Test
    void increment_anotherType_isRefused() {
        makeSet(KEY);

        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> increment(1));
        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> incrementByDecimal("1"));
    }

    @Test
    void increment_afterSetInTheSameTransaction_countsOnTopInOneUpdate() {
        long sum = node.write(transaction -> {
            Strings.set(transaction, KEY, bytes("5"));
            Strings.increment(transaction, KEY, 2);
            return Strings.increment(transaction, KEY, 3);
        });

        assertThat(sum).isEqualTo(10);
        assertThat(get()).isEqualTo("10");
        assertThat(node.updateCount()).isEqualTo(1);
    }

    @Test
    void incrementByDecimal_tenths_areExact() {
        for (int times = 0; times < 9; times++) {
            incrementByDecimal("0.1");
        }

        assertThat(incrementByDecimal("0.1")).isEqualTo("1");
        assertThat(get()).isEqualTo("1");
        assertThat(increment(1)).isEqualTo(2);
    }

    @Test
    void incrementByDecimal_numbersOfAllForms_areTaken() {
        set("10.50");
        assertThat(incrementByDecimal("0.1")).isEqualTo("10.6");
        assertThat(incrementByDecimal("-5")).isEqualTo("5.6");
        set("5.0e3");
        assertThat(incrementByDecimal("2.0e2")).isEqualTo("5200");
        assertThat(node.operations()).singleElement().isInstanceOf(Operation.Increment.class);
    }

    @Test
    void incrementByDecimal_noNumber_isRefused() {
        set("abc");

        assertThatExceptionOfType(NotANumberException.class)
                .isThrownBy(() -> incrementByDecimal("1"))
                .matches(refused -> refused.reason() == NotANumberException.Reason.NOT_A_FLOAT);
    }

    @Test
    void incrementByDecimal_sumThatCannotBeShown_isRefused() {
        set("9223372036854775807");

        assertThatExceptionOfType(NotANumberException.class)
                .isThrownBy(() -> incrementByDecimal("1"))
                .matches(refused -> refused.reason() == NotANumberException.Reason.NOT_A_NUMBER);
        assertThatExceptionOfType(NotANumberException.class).isThrownBy(() -> incrementByDecimal("1e-1201"));
        assertThat(get()).isEqualTo("9223372036854775807");
    }

    @Test
    void incrementByDecimal_keepsTheDeadline() {
        set("1", ALWAYS, in(10));

        incrementByDecimal("0.5");

        assertThat(deadline()).isEqualTo(in(10));
    }

    // At two nodes

    @Test
    void increment_atTwoNodes_countsBoth() {
        MemoryNode other = new MemoryNode("b");
        set("10");
        other.follow(node);

        increment(1);
        other.run(transaction -> Strings.increment(transaction, KEY, 2));
        MemoryNode.meet(node, other);

        assertThat(get()).isEqualTo("13");
        assertThat(get(other)).isEqualTo("13");
    }

    @Test
    void increment_besideAssignmentElsewhere_countsOnTop() {
        MemoryNode other = new MemoryNode("b");
        set("10");
        other.follow(node);

        increment(1);
        other.run(transaction -> Strings.set(transaction, KEY, bytes("100")));
        MemoryNode.meet(node, other);

        assertThat(get()).isEqualTo("101");
        assertThat(get(other)).isEqualTo("101");
    }

    @Test
    void increment_beyond64BitsTogether_isShownClampedAndCountedExactly() {
        MemoryNode other = new MemoryNode("b");
        set(Long.toString(Long.MAX_VALUE - 1));
        other.follow(node);

        increment(1);
        other.run(transaction -> Strings.increment(transaction, KEY, 1));
        MemoryNode.meet(node, other);

        assertThat(get()).isEqualTo(Long.toString(Long.MAX_VALUE));
        assertOverflow(1);
        assertThat(increment(-1)).isEqualTo(Long.MAX_VALUE);
        assertThat(increment(-1)).isEqualTo(Long.MAX_VALUE - 1);
    }

    @Test
    void set_atTwoNodes_showsTheNewestEverywhere() {
        MemoryNode other = new MemoryNode("b");
        set("older");
        other.advance(1);
        other.run(transaction -> Strings.set(transaction, KEY, bytes("newer")));
        MemoryNode.meet(node, other);

        assertThat(get()).isEqualTo("newer");
        assertThat(get(other)).isEqualTo("newer");
    }
}
