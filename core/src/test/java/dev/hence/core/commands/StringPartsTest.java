package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static dev.hence.core.commands.Strings.Condition.ALWAYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.update.Operation;
import org.junit.jupiter.api.Test;

/** Changes to a part of a string. */
final class StringPartsTest extends OneKeyTest {

    private static final int LENGTH_MAX = (int) MemoryNode.UPDATE_BYTES_MAX - Operation.OVERHEAD_BYTES - KEY.length();

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
}
