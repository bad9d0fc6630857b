package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.replica.UpdateTooLargeException;
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

    private List<Bytes> randomMembers(long count) {
        List<Bytes> members = new ArrayList<>();
        Sets.randomMembers(node.view(), KEY, count, random, members::add);
        return members;
    }

    private List<Bytes> randomMembersRepeated(long count) {
        List<Bytes> members = new ArrayList<>();
        Sets.randomMembersRepeated(node.view(), KEY, count, random, members::add);
        return members;
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
        assertThat(randomMembers(1)).isEmpty();
        assertThat(randomMembersRepeated(1)).isEmpty();
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
    void pop_moreThanAnUpdateHolds_isRefusedAndTakesNothing() {
        Bytes longKey = Bytes.wrap(new byte[(int) MemoryNode.UPDATE_BYTES_MAX / 4]);
        for (int i = 0; i < 8; i++) {
            add(node, longKey, bytes("m" + i));
        }
        assertThatThrownBy(() -> node.write(
                        transaction -> Sets.pop(transaction, longKey, 8, random).size()))
                .isInstanceOf(UpdateTooLargeException.class);
        assertThat(Sets.size(node.view(), longKey)).isEqualTo(8);
    }

    @Test
    void randomMembers_someOrRepeated_changeNothing() {
        add(node, KEY, X, Y, Z);
        assertThat(randomMembers(2)).hasSize(2).doesNotHaveDuplicates().isSubsetOf(X, Y, Z);
        assertThat(randomMembersRepeated(10)).hasSize(10).isSubsetOf(X, Y, Z);
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
                at -> randomMembers(1),
                at -> randomMembersRepeated(1));
        assertThat(functions)
                .allSatisfy(function -> assertThatThrownBy(() -> function.accept(node))
                        .isInstanceOf(WrongTypeException.class)
                        .hasMessage("key \"key\": holds a string (expected: set)"));
        assertThat(node.updateCount()).isEqualTo(1);
    }
}
