package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static dev.hence.core.commands.Strings.Condition.ALWAYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.crdt.Deadlines;
import dev.hence.core.update.Operation;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Strings that are numbers: increments by integers and by decimals. */
final class StringNumbersTest extends OneKeyTest {

    private String incrementByDecimal(String delta) {
        return node.write(transaction -> Strings.incrementByDecimal(transaction, KEY, new BigDecimal(delta)))
                .toString();
    }

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
}
