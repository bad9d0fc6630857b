package dev.hence.core.type;

import static dev.hence.core.type.MemoryNode.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.DataType;
import dev.hence.core.datatype.Deadlines;
import dev.hence.core.update.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SetsTest {

    private static final Bytes KEY = bytes("key");
    private static final Bytes OTHER = bytes("other");
    private static final Bytes THIRD = bytes("third");
    private static final Bytes X = bytes("x");
    private static final Bytes Y = bytes("y");
    private static final Bytes Z = bytes("z");

    private final MemoryNode node = new MemoryNode("a");
    private final LongSupplier random = new SplittableRandom(7)::nextLong;

    private static long add(MemoryNode at, Bytes key, Bytes... members) {
        return at.write(transaction -> Sets.add(transaction, key, List.of(members)));
    }

    private static long remove(MemoryNode at, Bytes key, Bytes... members) {
        return at.write(transaction -> Sets.remove(transaction, key, List.of(members)));
    }

    private static List<Bytes> members(MemoryNode at, Bytes key) {
        List<Bytes> members = new ArrayList<>();
        Sets.forEach(at.view(), key, members::add);
        return members;
    }

    private List<Bytes> pop(long count) {
        return node.write(transaction -> Sets.pop(transaction, KEY, count, random));
    }

    private static Bytes[] numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> bytes("m" + i)).toArray(Bytes[]::new);
    }

    private void expireKey() {
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));
        node.advance(10);
    }

    @Test
    void add_someNewAndOneRepeated_countsTheNewOnesOnce() {
        assertThat(add(node, KEY, X, Y)).isEqualTo(2);
        assertThat(add(node, KEY, Y, Z, Z)).isEqualTo(1);
        assertThat(members(node, KEY)).containsExactlyInAnyOrder(X, Y, Z);
        assertThat(Sets.size(node.view(), KEY)).isEqualTo(3);
    }

    @Test
    void add_presentMember_isWrittenAgain() {
        add(node, KEY, X);
        assertThat(add(node, KEY, X)).isZero();
        assertThat(node.updateCount()).isEqualTo(2);
        assertThat(node.operations())
                .containsExactly(new Operation.Assign(KEY, DataType.SET, X, Bytes.EMPTY, List.of()));
    }

    @Test
    void add_presentMember_winsOverAConcurrentRemoval() {
        MemoryNode elsewhere = new MemoryNode("b");
        add(node, KEY, X, Y);
        MemoryNode.meet(node, elsewhere);
        add(node, KEY, X);
        remove(elsewhere, KEY, X, Y);
        MemoryNode.meet(node, elsewhere);
        assertThat(members(node, KEY)).containsExactly(X);
        assertThat(members(elsewhere, KEY)).containsExactly(X);
    }

    @Test
    void add_expiredKey_bringsNothingOfItBack() {
        add(node, KEY, X);
        expireKey();
        assertThat(add(node, KEY, X, Y)).isEqualTo(2);
        node.run(transaction -> Sets.remove(transaction, KEY, List.of(X)));
        assertThat(members(node, KEY)).containsExactly(Y);
        assertThat(Keys.deadlineMillis(node.view(), KEY)).isEqualTo(Deadlines.NONE);
    }

    @Test
    void add_severalTimesInOneTransaction_seesItsOwnWrites() {
        node.run(transaction -> {
            assertThat(Sets.add(transaction, KEY, List.of(X, Y))).isEqualTo(2);
            assertThat(Sets.add(transaction, KEY, List.of(Y, Z))).isEqualTo(1);
            assertThat(Sets.remove(transaction, KEY, List.of(X))).isEqualTo(1);
            assertThat(Sets.contains(transaction, KEY, X)).isFalse();
            assertThat(Sets.size(transaction, KEY)).isEqualTo(2);
        });
        assertThat(members(node, KEY)).containsExactlyInAnyOrder(Y, Z);
    }

    @Test
    void remove_someAbsentAndOneRepeated_countsThosePresentOnce() {
        add(node, KEY, X, Y);
        assertThat(remove(node, KEY, X, X, Z)).isEqualTo(1);
        assertThat(node.operations()).containsExactly(new Operation.Remove(KEY, DataType.SET, X, List.of()));
        assertThat(members(node, KEY)).containsExactly(Y);
    }

    @Test
    void remove_nothingThatIsThere_isNoUpdate() {
        add(node, KEY, X);
        assertThat(remove(node, KEY, Y)).isZero();
        assertThat(remove(node, OTHER, X)).isZero();
        expireKey();
        int updates = node.updateCount();
        assertThat(remove(node, KEY, X)).isZero();
        assertThat(node.updateCount()).isEqualTo(updates);
    }

    @Test
    void remove_lastMember_removesTheKeyAndItsDeadline() {
        add(node, KEY, X, Y);
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));
        remove(node, KEY, X, Y);
        assertThat(Keys.exists(node.view(), KEY)).isFalse();
        assertThat(node.state().heads()).isEmpty();
    }

    @Test
    void contains_membersPresentAndAbsent_tellsEachInOrder() {
        add(node, KEY, X, Y);
        assertThat(Sets.contains(node.view(), KEY, X)).isTrue();
        assertThat(Sets.contains(node.view(), KEY, Z)).isFalse();
        assertThat(Sets.contains(node.view(), KEY, List.of(Z, X, X))).containsExactly(false, true, true);
        assertThat(Sets.contains(node.view(), OTHER, List.of(X))).containsExactly(false);
    }

    @Test
    void reads_expiredKey_showAnEmptySet() {
        add(node, KEY, X);
        expireKey();
        assertThat(Sets.size(node.view(), KEY)).isZero();
        assertThat(Sets.contains(node.view(), KEY, X)).isFalse();
        assertThat(Sets.contains(node.view(), KEY, List.of(X))).containsExactly(false);
        assertThat(members(node, KEY)).isEmpty();
        assertThat(Sets.scan(node.view(), KEY, 0, 10, member -> {})).isZero();
        assertThat(Sets.randomMembers(node.view(), KEY, 1, random)).isEmpty();
        assertThat(Sets.randomMembersRepeated(node.view(), KEY, 1, random)).isEmpty();
        assertThat(Sets.intersection(node.view(), List.of(KEY))).isEmpty();
        assertThat(Sets.union(node.view(), List.of(KEY))).isEmpty();
        assertThat(Sets.difference(node.view(), List.of(KEY))).isEmpty();
    }

    @Test
    void scan_fromCursorToCursor_showsAllMembersOnce() {
        add(node, KEY, numbered(0, 25));
        List<Bytes> seen = new ArrayList<>();
        long cursor = 0;
        int pages = 0;
        do {
            cursor = Sets.scan(node.view(), KEY, cursor, 10, seen::add);
            pages++;
        } while (cursor != 0);
        assertThat(seen).containsExactlyInAnyOrder(numbered(0, 25));
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void pop_some_removesThoseItReturns() {
        add(node, KEY, numbered(0, 20));
        List<Bytes> popped = pop(3);
        assertThat(popped).hasSize(3).doesNotHaveDuplicates();
        assertThat(members(node, KEY)).hasSize(17).doesNotContainAnyElementsOf(popped);
        assertThat(pop(0)).isEmpty();
    }

    @Test
    void pop_moreThanThereAre_takesAllAndRemovesTheKey() {
        add(node, KEY, X, Y);
        assertThat(pop(3)).containsExactlyInAnyOrder(X, Y);
        assertThat(node.state().heads()).isEmpty();
        assertThat(pop(1)).isEmpty();
        assertThat(node.updateCount()).isEqualTo(2);
    }

    @Test
    void randomMembers_someOrRepeated_changeNothing() {
        add(node, KEY, X, Y, Z);
        assertThat(Sets.randomMembers(node.view(), KEY, 2, random))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .isSubsetOf(X, Y, Z);
        assertThat(Sets.randomMembersRepeated(node.view(), KEY, 10, random))
                .hasSize(10)
                .isSubsetOf(X, Y, Z);
        assertThat(members(node, KEY)).hasSize(3);
    }

    private boolean move(Bytes source, Bytes destination, Bytes member) {
        return node.write(transaction -> Sets.move(transaction, source, destination, member));
    }

    @Test
    void move_presentMember_isInTheOtherSetOnly() {
        add(node, KEY, X, Y);
        add(node, OTHER, X);
        assertThat(move(KEY, OTHER, X)).isTrue();
        assertThat(move(KEY, OTHER, Y)).isTrue();
        assertThat(members(node, OTHER)).containsExactlyInAnyOrder(X, Y);
        assertThat(node.state().heads()).containsOnlyKeys(OTHER);
    }

    @Test
    void move_ontoItselfOrAbsent_changesNothing() {
        add(node, KEY, X);
        assertThat(move(KEY, KEY, X)).isTrue();
        assertThat(move(KEY, KEY, Y)).isFalse();
        assertThat(move(KEY, OTHER, Y)).isFalse();
        assertThat(move(OTHER, KEY, Y)).isFalse();
        assertThat(node.updateCount()).isEqualTo(1);
    }

    @Test
    void move_otherTypes_areRefusedUnlessThereIsNothingToMove() {
        node.run(transaction -> transaction.set(OTHER, X));
        assertThat(move(KEY, OTHER, X)).isFalse();
        add(node, KEY, X);
        assertThatThrownBy(() -> move(KEY, OTHER, Y)).isInstanceOf(WrongTypeException.class);
        assertThatThrownBy(() -> move(OTHER, KEY, X)).isInstanceOf(WrongTypeException.class);
    }

    @Test
    void intersection_severalSets_hasWhatAllHave() {
        add(node, KEY, numbered(0, 30));
        add(node, OTHER, numbered(10, 20));
        add(node, THIRD, numbered(15, 50));
        assertThat(Sets.intersection(node.view(), List.of(KEY, OTHER, THIRD)))
                .containsExactlyInAnyOrder(numbered(15, 20));
        assertThat(Sets.intersection(node.view(), List.of(OTHER, OTHER))).containsExactlyInAnyOrder(numbered(10, 20));
        assertThat(Sets.intersection(node.view(), List.of(KEY, X, OTHER))).isEmpty();
    }

    @Test
    void intersectionSize_limit_stopsThere() {
        add(node, KEY, numbered(0, 30));
        add(node, OTHER, numbered(10, 40));
        List<Bytes> both = List.of(KEY, OTHER);
        assertThat(Sets.intersectionSize(node.view(), both, Long.MAX_VALUE)).isEqualTo(20);
        assertThat(Sets.intersectionSize(node.view(), both, 20)).isEqualTo(20);
        assertThat(Sets.intersectionSize(node.view(), both, 1)).isEqualTo(1);
        assertThat(Sets.intersectionSize(node.view(), List.of(KEY, THIRD), 1)).isZero();
    }

    @Test
    void union_overlappingSets_hasEachMemberOnce() {
        add(node, KEY, numbered(0, 10));
        add(node, OTHER, numbered(5, 15));
        assertThat(Sets.union(node.view(), List.of(KEY, THIRD, OTHER))).containsExactlyInAnyOrder(numbered(0, 15));
    }

    @Test
    void difference_smallerAndLargerSets_hasWhatOnlyTheFirstHas() {
        add(node, KEY, numbered(0, 10));
        add(node, OTHER, numbered(0, 2));
        add(node, THIRD, numbered(8, 40));
        assertThat(Sets.difference(node.view(), List.of(KEY, OTHER, X, THIRD)))
                .containsExactlyInAnyOrder(numbered(2, 8));
        assertThat(Sets.difference(node.view(), List.of(KEY))).containsExactlyInAnyOrder(numbered(0, 10));
        assertThat(Sets.difference(node.view(), List.of(KEY, KEY))).isEmpty();
        assertThat(Sets.difference(node.view(), List.of(X, KEY))).isEmpty();
    }

    @Test
    void replace_anyType_holdsTheMembersAlone() {
        add(node, KEY, X, Y);
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));
        node.run(transaction -> transaction.set(OTHER, X));
        node.run(transaction -> Sets.replace(transaction, KEY, List.of(Y, Z)));
        node.run(transaction -> Sets.replace(transaction, OTHER, List.of(X)));
        node.advance(10);
        assertThat(members(node, KEY)).containsExactlyInAnyOrder(Y, Z);
        assertThat(members(node, OTHER)).containsExactly(X);
    }

    @Test
    void replace_withTheUnionOfItselfAndAnother_isOneUpdate() {
        add(node, KEY, X, Y);
        add(node, OTHER, Z);
        node.run(transaction -> Sets.replace(transaction, KEY, Sets.union(transaction, List.of(KEY, OTHER))));
        assertThat(members(node, KEY)).containsExactlyInAnyOrder(X, Y, Z);
        assertThat(node.updateCount()).isEqualTo(3);
    }

    @Test
    void replace_noMembers_removesTheKey() {
        add(node, KEY, X);
        node.run(transaction -> Sets.replace(transaction, KEY, List.of()));
        assertThat(node.state().heads()).isEmpty();
    }

    @Test
    void replace_concurrentAddition_survives() {
        MemoryNode elsewhere = new MemoryNode("b");
        add(node, KEY, X);
        MemoryNode.meet(node, elsewhere);
        node.run(transaction -> Sets.replace(transaction, KEY, List.of(Y)));
        add(elsewhere, KEY, Z);
        MemoryNode.meet(node, elsewhere);
        assertThat(members(node, KEY)).containsExactlyInAnyOrder(Y, Z);
        assertThat(members(elsewhere, KEY)).containsExactlyInAnyOrder(Y, Z);
        assertThat(Sets.size(elsewhere.view(), KEY)).isEqualTo(2);
    }

    @Test
    void anyFunction_keyOfAnotherType_isRefused() {
        node.run(transaction -> transaction.set(KEY, X));
        List<Consumer<MemoryNode>> functions = Arrays.asList(
                at -> add(at, KEY, X),
                at -> remove(at, KEY, X),
                at -> Sets.size(at.view(), KEY),
                at -> Sets.contains(at.view(), KEY, X),
                at -> Sets.contains(at.view(), KEY, List.of(X)),
                at -> members(at, KEY),
                at -> Sets.scan(at.view(), KEY, 0, 1, member -> {}),
                at -> pop(1),
                at -> Sets.randomMembers(at.view(), KEY, 1, random),
                at -> Sets.randomMembersRepeated(at.view(), KEY, 1, random),
                at -> Sets.intersection(at.view(), List.of(OTHER, KEY)),
                at -> Sets.intersectionSize(at.view(), List.of(OTHER, KEY), 1),
                at -> Sets.union(at.view(), List.of(OTHER, KEY)),
                at -> Sets.difference(at.view(), List.of(OTHER, KEY)));
        assertThat(functions)
                .allSatisfy(function -> assertThatThrownBy(() -> function.accept(node))
                        .isInstanceOf(WrongTypeException.class)
                        .hasMessage("key \"key\": holds a string (expected: set)"));
        assertThat(node.updateCount()).isEqualTo(1);
    }
}
