package dev.hence.core.type;

import static dev.hence.core.type.MemoryNode.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.type.SortedSetAlgebra.Aggregate;
import dev.hence.core.type.SortedSetAlgebra.Input;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two sorted sets that share members, a plain set, and a key that is absent. */
final class SortedSetAlgebraTest {

    private static final Bytes ONE = bytes("one");
    private static final Bytes TWO = bytes("two");
    private static final Bytes PLAIN = bytes("plain");
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

    @Test
    void union_aggregates_haveAllMembersInOrder() {
        assertThat(SortedSetAlgebra.union(node.view(), inputs(ONE, TWO, PLAIN, ABSENT), Aggregate.SUM))
                .containsExactly(
                        scored("i", 0),
                        scored("a", 1),
                        scored("e", 1),
                        scored("d", 4),
                        scored("c", 4.5),
                        scored("b", 22));
        assertThat(SortedSetAlgebra.union(node.view(), inputs(ONE, TWO), Aggregate.MIN))
                .containsExactly(
                        scored("i", -INFINITY), scored("c", 0.5), scored("a", 1), scored("b", 2), scored("d", 4));
        assertThat(SortedSetAlgebra.union(node.view(), inputs(ONE, TWO), Aggregate.MAX))
                .containsExactly(
                        scored("a", 1), scored("c", 3), scored("d", 4), scored("b", 20), scored("i", INFINITY));
        assertThat(SortedSetAlgebra.union(node.view(), inputs(ABSENT), Aggregate.SUM))
                .isEmpty();
    }

    @Test
    void union_weights_multiplyScores() {
        assertThat(SortedSetAlgebra.union(node.view(), List.of(new Input(ONE, 0), new Input(PLAIN, -2)), Aggregate.SUM))
                .containsExactly(scored("c", -2), scored("e", -2), scored("a", 0), scored("b", 0), scored("i", 0));
    }

    @Test
    void union_oneKeyTwice_countsTwice() {
        assertThat(SortedSetAlgebra.union(node.view(), inputs(PLAIN, PLAIN), Aggregate.SUM))
                .containsExactly(scored("c", 2), scored("e", 2));
    }

    @Test
    void intersection_aggregates_haveCommonMembersInOrder() {
        assertThat(SortedSetAlgebra.intersection(node.view(), inputs(ONE, TWO), Aggregate.SUM))
                .containsExactly(scored("i", 0), scored("c", 3.5), scored("b", 22));
        assertThat(SortedSetAlgebra.intersection(node.view(), inputs(ONE, PLAIN, TWO), Aggregate.MAX))
                .containsExactly(scored("c", 3));
        assertThat(SortedSetAlgebra.intersection(
                        node.view(), List.of(new Input(ONE, 2), new Input(TWO, 10)), Aggregate.MIN))
                .containsExactly(scored("i", -INFINITY), scored("b", 4), scored("c", 5));
        assertThat(SortedSetAlgebra.intersection(node.view(), inputs(ONE, ABSENT), Aggregate.SUM))
                .isEmpty();
    }

    @Test
    void intersectionSize_limit_stopsThere() {
        assertThat(SortedSetAlgebra.intersectionSize(node.view(), List.of(ONE, TWO), Long.MAX_VALUE))
                .isEqualTo(3);
        assertThat(SortedSetAlgebra.intersectionSize(node.view(), List.of(ONE, TWO), 2))
                .isEqualTo(2);
        assertThat(SortedSetAlgebra.intersectionSize(node.view(), List.of(ONE, ABSENT), 2))
                .isZero();
    }

    @Test
    void difference_keepsTheFirstOnesScores() {
        assertThat(SortedSetAlgebra.difference(node.view(), List.of(ONE, TWO))).containsExactly(scored("a", 1));
        assertThat(SortedSetAlgebra.difference(node.view(), List.of(ONE, ABSENT, PLAIN)))
                .containsExactly(scored("a", 1), scored("b", 2), scored("i", INFINITY));
        assertThat(SortedSetAlgebra.difference(node.view(), List.of(ABSENT, ONE)))
                .isEmpty();
        assertThat(SortedSetAlgebra.difference(node.view(), List.of(ONE, ONE))).isEmpty();
    }

    @Test
    void everything_keyThatIsNoSet_refuses() {
        Bytes string = bytes("string");

        assertThatExceptionOfType(WrongTypeException.class)
                .isThrownBy(() -> SortedSetAlgebra.union(node.view(), inputs(ONE, string), Aggregate.SUM));
        assertThatExceptionOfType(WrongTypeException.class)
                .isThrownBy(() -> SortedSetAlgebra.intersection(node.view(), inputs(ABSENT, string), Aggregate.SUM));
        assertThatExceptionOfType(WrongTypeException.class)
                .isThrownBy(() -> SortedSetAlgebra.difference(node.view(), List.of(ABSENT, string)));
    }

    @Test
    void expiredKey_isEmpty() {
        node.run(transaction -> Keys.expire(transaction, ONE, node.nowMillis() + 10));
        node.advance(10);

        assertThat(SortedSetAlgebra.union(node.view(), inputs(ONE, PLAIN), Aggregate.SUM))
                .containsExactly(scored("c", 1), scored("e", 1));
        assertThat(SortedSetAlgebra.intersection(node.view(), inputs(ONE, PLAIN), Aggregate.SUM))
                .isEmpty();
    }
}
