package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.commands.SortedSetCombination.Aggregate;
import dev.hence.core.commands.SortedSetCombination.Input;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.UpdateTooLargeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two sorted sets that share members, a plain set, and a key that is absent. */
final class SortedSetCombinationTest {

    private static final Bytes ONE = bytes("one");
    private static final Bytes TWO = bytes("two");
    private static final Bytes PLAIN = bytes("plain");
    private static final Bytes STORED = bytes("stored");
    private static final Bytes ABSENT = bytes("absent");
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private final MemoryNode node = new MemoryNode("a");

    @BeforeEach
    void fill() {
        put(ONE, scored("a", 1), scored("b", 2), scored("c", 3), scored("i", INFINITY));
        put(TWO, scored("b", 20), scored("c", 0.5), scored("d", 4), scored("i", -INFINITY));
        node.run(transaction -> Sets.add(transaction, PLAIN, List.of(bytes("c"), bytes("e"))));
        node.run(transaction -> Strings.set(transaction, bytes("string"), bytes("x")));
    }

    private void put(Bytes key, Scored... members) {
        node.run(transaction -> SortedSets.add(transaction, key, List.of(members), ScoreRule.ALWAYS));
    }

    private static Scored scored(String member, double score) {
        return new Scored(bytes(member), score);
    }

    private static List<Input> inputs(Bytes... keys) {
        return Arrays.stream(keys).map(key -> new Input(key, 1)).toList();
    }

    private List<Scored> members(SortedSetCombination combination, List<Input> inputs, Aggregate aggregate) {
        List<Bytes> announced = new ArrayList<>();
        List<Scored> members = combination.members(node.view(), inputs, aggregate, announced::add);
        assertThat(members)
                .extracting(Scored::member)
                .containsExactlyInAnyOrderElementsOf(announced)
                .doesNotHaveDuplicates();
        long stored = node.write(transaction -> combination.store(transaction, STORED, inputs, aggregate));
        assertThat(stored).isEqualTo(members.size());
        List<Scored> there = new ArrayList<>();
        SortedSets.range(
                node.view(), STORED, SortedSetRange.ByScore.ALL, State.Direction.UP, 0, Long.MAX_VALUE, there::add);
        assertThat(there).isEqualTo(members);
        return members;
    }

    @Test
    void store_moreThanAnUpdateHolds_refuses() {
        for (int i = 0; i < 10; i++) {
            put(ONE, new Scored(Bytes.wrap(new byte[(int) MemoryNode.UPDATE_BYTES_MAX / 8 + i]), i));
        }
        for (SortedSetCombination combination : SortedSetCombination.values()) {
            assertThatExceptionOfType(UpdateTooLargeException.class)
                    .isThrownBy(() -> node.write(transaction -> combination.store(
                            transaction,
                            TWO,
                            combination == SortedSetCombination.DIFFERENCE ? inputs(ONE, TWO) : inputs(ONE, ONE),
                            Aggregate.SUM)));
        }
        assertThat(SortedSets.size(node.view(), TWO)).isEqualTo(4);
    }

    @Test
    void union_aggregates_haveAllMembersInOrder() {
        assertThat(members(SortedSetCombination.UNION, inputs(ONE, TWO, PLAIN, ABSENT), Aggregate.SUM))
                .containsExactly(
                        scored("i", 0),
                        scored("a", 1),
                        scored("e", 1),
                        scored("d", 4),
                        scored("c", 4.5),
                        scored("b", 22));
        assertThat(members(SortedSetCombination.UNION, inputs(ONE, TWO), Aggregate.MIN))
                .containsExactly(
                        scored("i", -INFINITY), scored("c", 0.5), scored("a", 1), scored("b", 2), scored("d", 4));
        assertThat(members(SortedSetCombination.UNION, inputs(ONE, TWO), Aggregate.MAX))
                .containsExactly(
                        scored("a", 1), scored("c", 3), scored("d", 4), scored("b", 20), scored("i", INFINITY));
        assertThat(members(SortedSetCombination.UNION, inputs(ABSENT), Aggregate.SUM))
                .isEmpty();
    }

    @Test
    void union_weights_multiplyScores() {
        assertThat(members(SortedSetCombination.UNION, List.of(new Input(ONE, 0), new Input(PLAIN, -2)), Aggregate.SUM))
                .containsExactly(scored("c", -2), scored("e", -2), scored("a", 0), scored("b", 0), scored("i", 0));
    }

    @Test
    void union_oneKeyTwice_countsTwice() {
        assertThat(members(SortedSetCombination.UNION, inputs(PLAIN, PLAIN), Aggregate.SUM))
                .containsExactly(scored("c", 2), scored("e", 2));
    }

    @Test
    void intersection_aggregates_haveCommonMembersInOrder() {
        assertThat(members(SortedSetCombination.INTERSECTION, inputs(ONE, TWO), Aggregate.SUM))
                .containsExactly(scored("i", 0), scored("c", 3.5), scored("b", 22));
        assertThat(members(SortedSetCombination.INTERSECTION, inputs(ONE, PLAIN, TWO), Aggregate.MAX))
                .containsExactly(scored("c", 3));
        assertThat(members(
                        SortedSetCombination.INTERSECTION,
                        List.of(new Input(ONE, 2), new Input(TWO, 10)),
                        Aggregate.MIN))
                .containsExactly(scored("i", -INFINITY), scored("b", 4), scored("c", 5));
        assertThat(members(SortedSetCombination.INTERSECTION, inputs(ONE, ABSENT), Aggregate.SUM))
                .isEmpty();
    }

    @Test
    void intersectionSize_limit_stopsThere() {
        assertThat(SortedSetCombination.intersectionSize(node.view(), List.of(ONE, TWO), Long.MAX_VALUE))
                .isEqualTo(3);
        assertThat(SortedSetCombination.intersectionSize(node.view(), List.of(ONE, TWO), 2))
                .isEqualTo(2);
        assertThat(SortedSetCombination.intersectionSize(node.view(), List.of(ONE, ABSENT), 2))
                .isZero();
    }

    @Test
    void difference_keepsTheFirstOnesScores() {
        assertThat(members(SortedSetCombination.DIFFERENCE, inputs(ONE, TWO), Aggregate.SUM))
                .containsExactly(scored("a", 1));
        assertThat(members(SortedSetCombination.DIFFERENCE, inputs(ONE, ABSENT, PLAIN), Aggregate.SUM))
                .containsExactly(scored("a", 1), scored("b", 2), scored("i", INFINITY));
        assertThat(members(SortedSetCombination.DIFFERENCE, inputs(ABSENT, ONE), Aggregate.SUM))
                .isEmpty();
        assertThat(members(SortedSetCombination.DIFFERENCE, inputs(ONE, ONE), Aggregate.SUM))
                .isEmpty();
    }

    @Test
    void everything_keyThatIsNoSet_refuses() {
        Bytes string = bytes("string");

        assertThatExceptionOfType(WrongTypeException.class)
                .isThrownBy(() -> members(SortedSetCombination.UNION, inputs(ONE, string), Aggregate.SUM));
        assertThatExceptionOfType(WrongTypeException.class)
                .isThrownBy(() -> members(SortedSetCombination.INTERSECTION, inputs(ABSENT, string), Aggregate.SUM));
        assertThatExceptionOfType(WrongTypeException.class)
                .isThrownBy(() -> members(SortedSetCombination.DIFFERENCE, inputs(ABSENT, string), Aggregate.SUM));
    }

    @Test
    void expiredKey_isEmpty() {
        node.run(transaction -> Keys.expire(transaction, ONE, node.nowMillis() + 10));
        node.advance(10);

        assertThat(members(SortedSetCombination.UNION, inputs(ONE, PLAIN), Aggregate.SUM))
                .containsExactly(scored("c", 1), scored("e", 1));
        assertThat(members(SortedSetCombination.INTERSECTION, inputs(ONE, PLAIN), Aggregate.SUM))
                .isEmpty();
    }
}
