package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static dev.hence.core.commands.SetCombination.DIFFERENCE;
import static dev.hence.core.commands.SetCombination.INTERSECTION;
import static dev.hence.core.commands.SetCombination.UNION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.UpdateTooLargeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SetCombinationTest {

    private static final Bytes A = bytes("a");
    private static final Bytes B = bytes("b");
    private static final Bytes C = bytes("c");
    private static final Bytes ABSENT = bytes("absent");
    private static final Bytes X = bytes("x");
    private static final Bytes Y = bytes("y");
    private static final Bytes Z = bytes("z");

    private final MemoryNode node = new MemoryNode("a");

    private static void add(MemoryNode at, Bytes key, Bytes... members) {
        at.run(transaction -> Sets.add(transaction, key, List.of(members)));
    }

    private List<Bytes> members(SetCombination combination, Bytes... keys) {
        List<Bytes> members = new ArrayList<>();
        combination.forEach(node.view(), List.of(keys), members::add);
        return members;
    }

    private long store(SetCombination combination, Bytes destination, Bytes... keys) {
        return node.write(transaction -> combination.store(transaction, destination, List.of(keys)));
    }

    private static List<Bytes> members(MemoryNode at, Bytes key) {
        List<Bytes> members = new ArrayList<>();
        Sets.forEach(at.view(), key, members::add);
        return members;
    }

    private static Bytes[] numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> bytes("m" + i)).toArray(Bytes[]::new);
    }

    @Test
    void intersection_severalSets_hasWhatAllHave() {
        add(node, A, numbered(0, 30));
        add(node, B, numbered(10, 20));
        add(node, C, numbered(15, 50));
        assertThat(members(INTERSECTION, A, B, C)).containsExactlyInAnyOrder(numbered(15, 20));
        assertThat(members(INTERSECTION, B, B)).containsExactlyInAnyOrder(numbered(10, 20));
        assertThat(members(INTERSECTION, A)).containsExactlyInAnyOrder(numbered(0, 30));
        assertThat(members(INTERSECTION, A, ABSENT, B)).isEmpty();
    }

    @Test
    void intersectionSize_limit_stopsThere() {
        add(node, A, numbered(0, 30));
        add(node, B, numbered(10, 40));
        List<Bytes> both = List.of(A, B);
        assertThat(SetCombination.intersectionSize(node.view(), both, Long.MAX_VALUE))
                .isEqualTo(20);
        assertThat(SetCombination.intersectionSize(node.view(), both, 20)).isEqualTo(20);
        assertThat(SetCombination.intersectionSize(node.view(), both, 1)).isEqualTo(1);
        assertThat(SetCombination.intersectionSize(node.view(), List.of(A, ABSENT), 1))
                .isZero();
    }

    @Test
    void union_overlappingSets_hasEachMemberOnce() {
        add(node, A, numbered(0, 10));
        add(node, B, numbered(5, 15));
        assertThat(members(UNION, A, ABSENT, B)).containsExactlyInAnyOrder(numbered(0, 15));
    }

    @Test
    void difference_smallerAndLargerSets_hasWhatOnlyTheFirstHas() {
        add(node, A, numbered(0, 10));
        add(node, B, numbered(0, 2));
        add(node, C, numbered(8, 40));
        assertThat(members(DIFFERENCE, A, B, ABSENT, C)).containsExactlyInAnyOrder(numbered(2, 8));
        assertThat(members(DIFFERENCE, A)).containsExactlyInAnyOrder(numbered(0, 10));
        assertThat(members(DIFFERENCE, A, A)).isEmpty();
        assertThat(members(DIFFERENCE, ABSENT, A)).isEmpty();
    }

    @Test
    void anyCombination_randomSets_isThatOfJavasSets() {
        SplittableRandom random = new SplittableRandom(7);
        List<Bytes> keys = List.of(A, B, C);
        for (int round = 0; round < 200; round++) {
            List<Set<Bytes>> sets = new ArrayList<>();
            for (Bytes key : keys) {
                Set<Bytes> members = new HashSet<>();
                random.ints(random.nextInt(8), 0, 8).forEach(i -> members.add(bytes("m" + i)));
                sets.add(members);
                node.run(transaction -> {
                    transaction.delete(key);
                    Sets.add(transaction, key, List.copyOf(members));
                });
            }
            Set<Bytes> all = new HashSet<>(sets.getFirst());
            Set<Bytes> any = new HashSet<>(sets.getFirst());
            Set<Bytes> first = new HashSet<>(sets.getFirst());
            sets.stream().skip(1).forEach(other -> {
                all.retainAll(other);
                any.addAll(other);
                first.removeAll(other);
            });
            assertThat(members(INTERSECTION, A, B, C)).containsExactlyInAnyOrderElementsOf(all);
            assertThat(members(UNION, A, B, C)).containsExactlyInAnyOrderElementsOf(any);
            assertThat(members(DIFFERENCE, A, B, C)).containsExactlyInAnyOrderElementsOf(first);
        }
    }

    @Test
    void store_anyTypeInTheDestination_holdsTheMembersAlone() {
        add(node, A, X, Y);
        add(node, B, Y, Z);
        node.run(transaction -> transaction.set(C, X));
        node.run(transaction -> Keys.expire(transaction, C, node.nowMillis() + 10));
        assertThat(store(INTERSECTION, C, A, B)).isEqualTo(1);
        node.advance(10);
        assertThat(members(node, C)).containsExactly(Y);
    }

    @Test
    void store_destinationAmongTheSources_isOneUpdate() {
        add(node, A, X, Y);
        add(node, B, Z);
        assertThat(store(UNION, A, A, B)).isEqualTo(3);
        assertThat(members(node, A)).containsExactlyInAnyOrder(X, Y, Z);
        assertThat(node.updateCount()).isEqualTo(3);
        assertThat(store(DIFFERENCE, A, A, B)).isEqualTo(2);
        assertThat(members(node, A)).containsExactlyInAnyOrder(X, Y);
    }

    @Test
    void store_noMembers_removesTheDestination() {
        add(node, A, X);
        assertThat(store(INTERSECTION, A, A, ABSENT)).isZero();
        assertThat(node.state().heads()).isEmpty();
        assertThat(store(INTERSECTION, A, A, ABSENT)).isZero();
        assertThat(node.updateCount()).isEqualTo(2);
    }

    @Test
    void store_concurrentAddition_survives() {
        MemoryNode elsewhere = new MemoryNode("b");
        add(node, A, X);
        add(node, B, Y);
        MemoryNode.meet(node, elsewhere);
        store(UNION, A, B);
        add(elsewhere, A, Z);
        MemoryNode.meet(node, elsewhere);
        assertThat(members(node, A)).containsExactlyInAnyOrder(Y, Z);
        assertThat(members(elsewhere, A)).containsExactlyInAnyOrder(Y, Z);
        assertThat(Sets.size(elsewhere.view(), A)).isEqualTo(2);
    }

    @Test
    void store_moreThanAnUpdateHolds_isRefusedAndChangesNothing() {
        for (int i = 0; i < 8; i++) {
            byte[] member = new byte[(int) MemoryNode.UPDATE_BYTES_MAX / 4];
            member[0] = (byte) i;
            add(node, A, Bytes.wrap(member));
        }
        add(node, B, X);
        assertThatThrownBy(() -> store(UNION, B, A)).isInstanceOf(UpdateTooLargeException.class);
        assertThat(members(node, B)).containsExactly(X);
    }

    @ParameterizedTest
    @EnumSource
    void anyCombination_expiredKey_isAnEmptySet(SetCombination combination) {
        add(node, A, X);
        node.run(transaction -> Keys.expire(transaction, A, node.nowMillis() + 10));
        node.advance(10);
        assertThat(members(combination, A)).isEmpty();
        assertThat(members(combination, A, ABSENT)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anyCombination_keyOfAnotherType_isRefusedWhereverItStands(SetCombination combination) {
        node.run(transaction -> transaction.set(B, X));
        assertThatThrownBy(() -> members(combination, ABSENT, B)).isInstanceOf(WrongTypeException.class);
        assertThatThrownBy(() -> members(combination, B, ABSENT)).isInstanceOf(WrongTypeException.class);
        assertThatThrownBy(() -> store(combination, C, ABSENT, B)).isInstanceOf(WrongTypeException.class);
        assertThatThrownBy(() -> SetCombination.intersectionSize(node.view(), List.of(ABSENT, B), 1))
                .isInstanceOf(WrongTypeException.class);
    }
}
