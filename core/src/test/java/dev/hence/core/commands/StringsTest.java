package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static dev.hence.core.commands.Strings.Condition.ABSENT;
import static dev.hence.core.commands.Strings.Condition.ALWAYS;
import static dev.hence.core.commands.Strings.Condition.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Deadlines;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StringsTest extends OneKeyTest {

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
