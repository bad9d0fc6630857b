package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Counter.Mark;
import dev.hence.core.crdt.Counter.Run;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replica A adds 1 with its update 1, 2 with its update 3, 4 with its update 5, without having seen a removal. */
final class CounterTest {

    private static final ReplicaId A = new ReplicaId("a", 0xa);
    private static final ReplicaId B = new ReplicaId("b", 0xb);

    private static final Counter ONE = addOne(Counter.NONE);
    private static final Counter THREE = addTwo(ONE);
    private static final Counter SEVEN = addFour(THREE);

    private static final List<Mark> SEEN_ONE = List.of(new Mark(A, 1, number("1")));
    private static final List<Mark> SEEN_THREE = List.of(new Mark(A, 3, number("3")));

    @Test
    void sum_increments_isTheirTotal() {
        assertThat(Counter.NONE.sum()).isEqualByComparingTo("0");
        assertThat(SEVEN.sum()).isEqualByComparingTo("7");
        assertThat(SEVEN.runs()).hasSize(1);
    }

    @Test
    void sum_incrementsOfSeveralReplicas_addsThemExactly() {
        Counter both = ONE.increment(new Dot(B, 9), 1, 8, number("0.1"), number("0.1"))
                .increment(new Dot(B, 10), 2, 9, number("0.2"), number("0.3"));

        assertThat(both.sum()).isEqualByComparingTo("1.3");
        assertThat(both.runs()).extracting(Run::replica).containsExactly(A, B);
    }

    @Test
    void marks_counter_nameTheLastIncrementOfEachRun() {
        assertThat(Counter.NONE.marks()).isEmpty();
        assertThat(THREE.marks()).isEqualTo(SEEN_THREE);
    }

    @Test
    void marks_runThatWasRemovedInPart_nameItsTotalAndNotWhatCounts() {
        assertThat(THREE.remove(seenOfA(1), SEEN_ONE).marks()).isEqualTo(SEEN_THREE);
    }

    @Test
    void remove_allSeen_leavesNothing() {
        assertThat(THREE.remove(seenOfA(3), SEEN_THREE)).isEqualTo(Counter.NONE);
        assertThat(THREE.remove(seenOfA(4), List.of()))
                .as("without a mark, from a replica that saw them removed")
                .isEqualTo(Counter.NONE);
    }

    @Test
    void remove_nothingSeen_changesNothing() {
        assertThat(THREE.remove(VersionVector.EMPTY, List.of())).isEqualTo(THREE);
        assertThat(Counter.NONE.remove(seenOfA(9), SEEN_ONE)).isEqualTo(Counter.NONE);
    }

    @Test
    void remove_someSeen_leavesTheRest() {
        assertThat(SEVEN.remove(seenOfA(2), SEEN_ONE).sum()).isEqualByComparingTo("6");
        assertThat(SEVEN.remove(seenOfA(4), SEEN_THREE).sum()).isEqualByComparingTo("4");
    }

    @Test
    void remove_twoConcurrentOnes_takeWhatEitherSaw() {
        Counter oneThenThree = SEVEN.remove(seenOfA(2), SEEN_ONE).remove(seenOfA(4), SEEN_THREE);
        Counter threeThenOne = SEVEN.remove(seenOfA(4), SEEN_THREE).remove(seenOfA(2), SEEN_ONE);

        assertThat(oneThenThree.sum()).isEqualByComparingTo("4");
        assertThat(threeThenOne).isEqualTo(oneThenThree);
    }

    @Test
    void increment_afterTheRestOfItsRunWasRemoved_countsAloneAndLeavesTheSameRow() {
        Counter removedFirst = addFour(THREE.remove(seenOfA(3), SEEN_THREE));
        Counter incrementedFirst = SEVEN.remove(seenOfA(3), SEEN_THREE);

        assertThat(removedFirst.sum()).isEqualByComparingTo("4");
        assertThat(removedFirst).isEqualTo(incrementedFirst);
        assertThat(removedFirst.remove(seenOfA(2), SEEN_ONE)).isEqualTo(removedFirst);
    }

    @Test
    void increment_byAReplicaThatSawItsOwnRemoved_startsAnewAndOldMarksDoNothing() {
        Counter again = THREE.remove(seenOfA(3), SEEN_THREE).increment(new Dot(A, 6), 6, 5, number("10"), number("10"));

        assertThat(again.sum()).isEqualByComparingTo("10");
        assertThat(again.remove(seenOfA(2), SEEN_ONE)).isEqualTo(again);
        assertThat(again.remove(seenOfA(4), SEEN_THREE)).isEqualTo(again);
    }

    @Test
    void increment_thatDoesNotFollowTheLastOne_isABrokenInvariant() {
        assertThatThrownBy(() -> addFour(ONE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("after 3");
        assertThatThrownBy(() -> ONE.increment(new Dot(A, 3), 3, 1, number("2"), number("4")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("2 to 4");
    }

    @Test
    void equals_sameNumbersOfOtherScale_areTheSame() {
        assertThat(new Run(A, 3, 3, number("3.00"), 1, number("1.0")))
                .isEqualTo(new Run(A, 3, 3, number("3"), 1, number("1")));
        assertThat(new Mark(A, 3, number("0.00"))).isEqualTo(new Mark(A, 3, number("0")));
        assertThat(new Mark(A, 3, number("100"))).isEqualTo(new Mark(A, 3, number("1E+2")));
    }

    @Test
    void mark_totalThatIsNoSum_isRefused() {
        assertThatThrownBy(() -> new Mark(A, 1, number("1E+2147483647")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: at most 800 before and 1200 behind)");
    }

    private static Counter addOne(Counter to) {
        return to.increment(new Dot(A, 1), 1, 0, number("1"), number("1"));
    }

    private static Counter addTwo(Counter to) {
        return to.increment(new Dot(A, 3), 3, 1, number("2"), number("3"));
    }

    private static Counter addFour(Counter to) {
        return to.increment(new Dot(A, 5), 5, 3, number("4"), number("7"));
    }

    private static VersionVector seenOfA(long counter) {
        return VersionVector.EMPTY.with(A, counter);
    }

    private static BigDecimal number(String text) {
        return new BigDecimal(text);
    }
}
