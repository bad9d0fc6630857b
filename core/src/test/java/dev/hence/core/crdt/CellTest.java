package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CellTest {

    private static final ReplicaId A = new ReplicaId("a", 0xa);
    private static final ReplicaId B = new ReplicaId("b", 0xb);

    @Test
    void value_nothing_isNone() {
        assertThat(Cell.EMPTY.isEmpty()).isTrue();
        assertThat(Cell.EMPTY.value()).isNull();
        assertThat(Cell.EMPTY.newest()).isNull();
        assertThat(Cell.EMPTY.versionTag()).isEmpty();
        assertThat(Cell.EMPTY.number()).isEqualByComparingTo("0");
    }

    @Test
    void value_assignedOnly_isWhatWasAssignedAsItWasWritten() {
        assertThat(assigned("1e2").value()).hasToString("1e2");
        assertThat(assigned("007.50").value()).hasToString("007.50");
    }

    @Test
    void value_incrementsOnly_countFromNothing() {
        assertThat(increment(Cell.EMPTY, "2.50").value()).hasToString("2.5");
    }

    @Test
    void value_incrementsOnANumber_isTheExactSum() {
        assertThat(increment(assigned("0.1"), "0.2").value()).hasToString("0.3");
        assertThat(increment(assigned("99"), "1").value()).hasToString("100");
        assertThat(increment(assigned("9223372036854775807"), "1").value()).hasToString("9223372036854775807");
        assertThat(increment(assigned("1"), "-1").value()).hasToString("0");
    }

    @Test
    void value_incrementsOnNoNumber_doNotShow() {
        Cell word = increment(assigned("word"), "1");

        assertThat(word.value()).hasToString("word");
        assertThat(word.number()).isNull();
        assertThat(word.isEmpty()).isFalse();
    }

    @Test
    void score_numbersAndInfinities_areTheNearestDoubles() {
        assertThat(assigned("0.1").score()).isEqualTo(0.1);
        assertThat(increment(assigned("1.5"), "-0.5").score()).isEqualTo(1.0);
        assertThat(assigned("inf").score()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(increment(assigned("-inf"), "5").score()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(increment(Cell.EMPTY, "3").score()).isEqualTo(3.0);
        assertThatThrownBy(() -> assigned("word").score()).isInstanceOf(AssertionError.class);
    }

    @Test
    void remove_concurrentWithAnIncrement_leavesTheIncrement() {
        Cell both = increment(assigned("5"), "1");

        assertThat(both.remove(VersionVector.EMPTY.with(A, 1), List.of()).value())
                .hasToString("1");
        assertThat(both.remove(
                        VersionVector.EMPTY.with(A, 1).with(B, 1),
                        both.counter().marks()))
                .isEqualTo(Cell.EMPTY);
    }

    @Test
    void assign_thatHasSeenIncrements_takesThem() {
        Cell both = increment(assigned("5"), "1");
        MvRegister.Entry entry = new MvRegister.Entry(new Dot(A, 2), 30, Bytes.utf8("7"));

        assertThat(both.assign(
                                entry,
                                VersionVector.EMPTY.with(A, 1).with(B, 1),
                                both.counter().marks())
                        .value())
                .hasToString("7");
        assertThat(both.assign(entry, VersionVector.EMPTY.with(A, 1), List.of()).value())
                .hasToString("8");
    }

    @Test
    void newest_assignmentAndIncrement_isTheLaterOfThem() {
        assertThat(increment(assigned("5"), "1").newest()).isEqualTo(new Cell.Stamp(20, B));
        assertThat(assigned("5").newest()).isEqualTo(new Cell.Stamp(10, A));
        assertThat(new Cell.Stamp(10, B)).isGreaterThan(new Cell.Stamp(10, A)).isLessThan(new Cell.Stamp(11, A));
    }

    @Test
    void versionTag_everyChange_isAnotherOne() {
        Cell assigned = assigned("5");
        Cell once = increment(assigned, "1");
        Cell twice = new Cell(
                once.register(), once.counter().increment(new Dot(B, 4), 40, 1, new BigDecimal(1), new BigDecimal(2)));
        Cell firstGone = new Cell(
                once.register(),
                twice.counter()
                        .remove(VersionVector.EMPTY.with(B, 1), once.counter().marks()));
        Set<String> tags = new HashSet<>();
        for (Cell cell : List.of(Cell.EMPTY, assigned, once, twice, firstGone, increment(Cell.EMPTY, "1"))) {
            assertThat(tags.add(cell.versionTag())).as(cell.versionTag()).isTrue();
        }
    }

    private static Cell assigned(String value) {
        MvRegister.Entry entry = new MvRegister.Entry(new Dot(A, 1), 10, Bytes.utf8(value));
        return Cell.EMPTY.assign(entry, VersionVector.EMPTY, List.of());
    }

    private static Cell increment(Cell cell, String delta) {
        return cell.increment(new Dot(B, 1), 20, 0, new BigDecimal(delta), new BigDecimal(delta));
    }
}
