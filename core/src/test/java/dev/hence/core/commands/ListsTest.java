package dev.hence.core.commands;

import static dev.hence.core.commands.Lists.End.LEFT;
import static dev.hence.core.commands.Lists.End.RIGHT;
import static dev.hence.core.commands.MemoryNode.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.core.update.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ListsTest {

    private static final Bytes KEY = bytes("key");
    private static final Bytes OTHER = bytes("other");

    private final MemoryNode node = new MemoryNode("a");
    private final MemoryNode far = new MemoryNode("b");

    private static List<Bytes> all(String... values) {
        return Arrays.stream(values).map(Bytes::utf8).toList();
    }

    private static long push(MemoryNode at, Lists.End end, String... values) {
        return at.write(transaction -> Lists.push(transaction, KEY, end, all(values)));
    }

    private static List<String> list(MemoryNode at, Bytes key) {
        return range(at, key, 0, -1);
    }

    private static List<String> range(MemoryNode at, Bytes key, long first, long last) {
        List<String> shown = new ArrayList<>();
        Lists.range(at.view(), key, first, last, value -> shown.add(value.toString()));
        return shown;
    }

    private List<String> list() {
        return list(node, KEY);
    }

    private List<String> range(long first, long last) {
        return range(node, KEY, first, last);
    }

    private static List<String> pop(MemoryNode at, Lists.End end, long count) {
        List<String> popped = new ArrayList<>();
        long told =
                at.write(transaction -> Lists.pop(transaction, KEY, end, count, value -> popped.add(value.toString())));
        assertThat(popped).hasSize((int) told);
        return popped;
    }

    private OptionalLong insert(Lists.End side, String pivot, String value) {
        return node.write(transaction -> Lists.insert(transaction, KEY, side, bytes(pivot), bytes(value)));
    }

    private long remove(long count, String value) {
        return node.write(transaction -> Lists.remove(transaction, KEY, count, bytes(value)));
    }

    private @Nullable Bytes move(Bytes source, Lists.End from, Bytes target, Lists.End to) {
        return node.write(transaction -> new Moved(Lists.move(transaction, source, from, target, to)))
                .value();
    }

    /** A transaction's body must return a value. */
    private record Moved(@Nullable Bytes value) {}

    private void trim(long first, long last) {
        node.run(transaction -> Lists.trim(transaction, KEY, first, last));
    }

    private List<Long> find(String value, long rank, long count, long comparisons) {
        List<Long> found = new ArrayList<>();
        Lists.find(node.view(), KEY, bytes(value), rank, count, comparisons, found::add);
        return found;
    }

    private void makeSet(Bytes key) {
        node.run(transaction -> Sets.add(transaction, key, all("member")));
    }

    private void expireKey() {
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));
        node.advance(10);
    }

    @Test
    void push_left_putsTheLastValueOutermost() {
        assertThat(push(node, LEFT, "a", "b", "c")).isEqualTo(3);
        assertThat(push(node, LEFT, "d")).isEqualTo(4);

        assertThat(list()).containsExactly("d", "c", "b", "a");
    }

    @Test
    void push_right_putsTheLastValueOutermost() {
        assertThat(push(node, RIGHT, "a", "b", "c")).isEqualTo(3);
        assertThat(push(node, RIGHT, "a")).isEqualTo(4);

        assertThat(list()).containsExactly("a", "b", "c", "a");
    }

    @Test
    void push_severalTimesInOneTransaction_keepsTheOrder() {
        node.run(transaction -> {
            Lists.push(transaction, KEY, RIGHT, all("c"));
            Lists.push(transaction, KEY, LEFT, all("b", "a"));
            Lists.push(transaction, KEY, RIGHT, all("d", "e"));
            Lists.insert(transaction, KEY, LEFT, bytes("d"), bytes("x"));
            Lists.insert(transaction, KEY, LEFT, bytes("d"), bytes("y"));
            Lists.insert(transaction, KEY, RIGHT, bytes("d"), bytes("z"));
            Lists.insert(transaction, KEY, RIGHT, bytes("d"), bytes("w"));
        });

        assertThat(list()).containsExactly("a", "b", "c", "x", "y", "d", "w", "z", "e");
        assertThat(node.updateCount()).isEqualTo(1);
    }

    @Test
    void push_poppedInTheSameTransaction_leavesOnlyWhatIsThereAtItsEnd() {
        node.run(transaction -> {
            Lists.push(transaction, KEY, RIGHT, all("a", "b"));
            Lists.pop(transaction, KEY, RIGHT, 1, popped -> {});
            Lists.push(transaction, KEY, RIGHT, all("c"));
        });

        assertThat(list()).containsExactly("a", "c");
        assertThat(node.operations()).hasSize(2);
    }

    @Test
    void push_keyOfAnotherType_refuses() {
        makeSet(KEY);

        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> push(node, LEFT, "a"));
        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(this::list);
    }

    @Test
    void push_expiredKey_beginsANewListWithoutDeadline() {
        push(node, LEFT, "old");
        expireKey();
        assertThat(list()).isEmpty();
        assertThat(Lists.size(node.view(), KEY)).isZero();

        assertThat(push(node, LEFT, "new")).isEqualTo(1);

        assertThat(list()).containsExactly("new");
        assertThat(Keys.deadlineMillis(node.view(), KEY)).isEqualTo(Deadlines.NONE);
    }

    @Test
    void pushIfPresent_absentKey_writesNothing() {
        assertThat((long) node.write(transaction -> Lists.pushIfPresent(transaction, KEY, LEFT, all("a"))))
                .isZero();
        assertThat(node.updateCount()).isZero();

        push(node, LEFT, "a");
        assertThat((long) node.write(transaction -> Lists.pushIfPresent(transaction, KEY, RIGHT, all("b", "c"))))
                .isEqualTo(3);
        assertThat(list()).containsExactly("a", "b", "c");
    }

    @Test
    void pop_some_givesTheOutermostFirst() {
        push(node, RIGHT, "a", "b", "c", "d");

        assertThat(pop(node, RIGHT, 2)).containsExactly("d", "c");
        assertThat(pop(node, LEFT, 0)).isEmpty();
        assertThat(pop(node, LEFT, 1)).containsExactly("a");
        assertThat(pop(node, LEFT, Long.MAX_VALUE)).containsExactly("b");
        assertThat(pop(node, LEFT, 1)).isEmpty();
    }

    @Test
    void pop_lastElement_removesTheKeyAndItsDeadline() {
        push(node, RIGHT, "a");
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));

        pop(node, LEFT, 1);

        assertThat(node.state().head(KEY)).isEqualTo(KeyHead.EMPTY);
        assertThat(node.operations()).containsExactly(new Operation.DeleteKey(KEY));
    }

    @Test
    void range_indexesFromEitherEnd_isCutToWhatIsThere() {
        push(node, RIGHT, "0", "1", "2", "3", "4");

        assertThat(range(0, 1)).containsExactly("0", "1");
        assertThat(range(3, 4)).containsExactly("3", "4");
        assertThat(range(-2, -1)).containsExactly("3", "4");
        assertThat(range(1, -2)).containsExactly("1", "2", "3");
        assertThat(range(-100, 100)).containsExactly("0", "1", "2", "3", "4");
        assertThat(range(Long.MIN_VALUE, Long.MAX_VALUE)).hasSize(5);
        assertThat(range(3, 2)).isEmpty();
        assertThat(range(5, 9)).isEmpty();
        assertThat(range(0, -6)).isEmpty();
    }

    @Test
    void get_everyIndex_isTheElementThere() {
        push(node, RIGHT, "0", "1", "2", "3", "4");

        for (int index = 0; index < 5; index++) {
            assertThat(Lists.get(node.view(), KEY, index)).isEqualTo(bytes("" + index));
            assertThat(Lists.get(node.view(), KEY, index - 5)).isEqualTo(bytes("" + index));
        }
        assertThat(Lists.get(node.view(), KEY, 5)).isNull();
        assertThat(Lists.get(node.view(), KEY, -6)).isNull();
        assertThat(Lists.get(node.view(), OTHER, 0)).isNull();
    }

    @Test
    void set_index_replacesTheElementAndNoOther() {
        push(node, RIGHT, "a", "b", "c");

        assertThat((boolean) node.write(transaction -> Lists.set(transaction, KEY, -2, bytes("x"))))
                .isTrue();
        assertThat((boolean) node.write(transaction -> Lists.set(transaction, KEY, 3, bytes("y"))))
                .isFalse();

        assertThat(list()).containsExactly("a", "x", "c");
        assertThat(node.updateCount()).isEqualTo(2);
    }

    @Test
    void set_sameElementAtTwoNodes_keepsBothAsSiblings() {
        push(node, RIGHT, "a", "b");
        far.follow(node);
        node.run(transaction -> Lists.set(transaction, KEY, 0, bytes("here")));
        far.run(transaction -> Lists.set(transaction, KEY, 0, bytes("there")));
        MemoryNode.meet(node, far);

        assertThat(list(node, KEY)).hasSize(2).isEqualTo(list(far, KEY)).containsAnyOf("here", "there");
        Bytes position = node.state().rowsOf(KEY, RowKind.ITEM).firstKey();
        assertThat(node.view().element(KEY, DataType.LIST, position).register().siblings())
                .hasSize(1);
    }

    @Test
    void set_elementPoppedElsewhere_keepsTheNewValue() {
        push(node, RIGHT, "a", "b");
        far.follow(node);
        pop(node, LEFT, 1);
        far.run(transaction -> Lists.set(transaction, KEY, 0, bytes("x")));
        MemoryNode.meet(node, far);

        assertThat(list(node, KEY)).containsExactly("x", "b").isEqualTo(list(far, KEY));
    }

    @Test
    void insert_besideThePivot_takesTheLeftmost() {
        push(node, RIGHT, "a", "p", "b", "p");

        assertThat(insert(LEFT, "p", "x")).hasValue(5);
        assertThat(insert(RIGHT, "p", "y")).hasValue(6);
        assertThat(insert(LEFT, "a", "first")).hasValue(7);
        assertThat(list()).containsExactly("first", "a", "x", "p", "y", "b", "p");
        assertThat(insert(RIGHT, "none", "y")).isEmpty();
    }

    @Test
    void insert_behindTheLast_isTheLast() {
        push(node, RIGHT, "a", "b");

        assertThat(insert(RIGHT, "b", "c")).hasValue(3);
        assertThat(list()).containsExactly("a", "b", "c");
    }

    @Test
    void insert_absentKey_writesNothing() {
        assertThat(insert(LEFT, "p", "x")).hasValue(0);
        assertThat(node.updateCount()).isZero();
    }

    @Test
    void remove_someOfAValue_beginsAtTheEndAskedFor() {
        push(node, RIGHT, "x", "a", "x", "b", "x", "c", "x");

        assertThat(remove(1, "x")).isEqualTo(1);
        assertThat(list()).containsExactly("a", "x", "b", "x", "c", "x");
        assertThat(remove(-2, "x")).isEqualTo(2);
        assertThat(list()).containsExactly("a", "x", "b", "c");
        push(node, LEFT, "x");
        assertThat(remove(0, "x")).isEqualTo(2);
        assertThat(list()).containsExactly("a", "b", "c");
        assertThat(remove(Long.MIN_VALUE, "a")).isEqualTo(1);
        assertThat(remove(0, "none")).isZero();
        assertThat(remove(0, "b") + remove(0, "c")).isEqualTo(2);
        assertThat(Keys.exists(node.view(), KEY)).isFalse();
    }

    @Test
    void trim_part_keepsIt() {
        push(node, RIGHT, "0", "1", "2", "3", "4");

        trim(0, -1);
        assertThat(node.updateCount()).isEqualTo(1);
        trim(1, -2);
        assertThat(list()).containsExactly("1", "2", "3");
        trim(-2, 100);
        assertThat(list()).containsExactly("2", "3");
    }

    @Test
    void trim_nothingKept_removesTheKey() {
        push(node, RIGHT, "0", "1");

        trim(5, 9);

        assertThat(node.state().head(KEY)).isEqualTo(KeyHead.EMPTY);
    }

    @Test
    void move_betweenLists_takesFromOneEndAndPutsAtAnother() {
        push(node, RIGHT, "a", "b", "c");

        assertThat(move(KEY, LEFT, OTHER, RIGHT)).isEqualTo(bytes("a"));
        assertThat(move(KEY, RIGHT, OTHER, LEFT)).isEqualTo(bytes("c"));
        assertThat(list(node, OTHER)).containsExactly("c", "a");
        assertThat(move(KEY, RIGHT, OTHER, RIGHT)).isEqualTo(bytes("b"));
        assertThat(Keys.exists(node.view(), KEY)).isFalse();
        assertThat(move(KEY, RIGHT, OTHER, RIGHT)).isNull();
        assertThat(list(node, OTHER)).containsExactly("c", "a", "b");
    }

    @Test
    void move_withinAList_rotatesIt() {
        push(node, RIGHT, "a", "b", "c");

        assertThat(move(KEY, LEFT, KEY, RIGHT)).isEqualTo(bytes("a"));
        assertThat(list()).containsExactly("b", "c", "a");
        assertThat(move(KEY, RIGHT, KEY, LEFT)).isEqualTo(bytes("a"));
        assertThat(list()).containsExactly("a", "b", "c");
    }

    @Test
    void move_toWhereItIs_writesNothing() {
        push(node, RIGHT, "a");
        node.run(transaction -> Keys.expire(transaction, KEY, node.nowMillis() + 10));
        int updates = node.updateCount();

        assertThat(move(KEY, LEFT, KEY, RIGHT)).isEqualTo(bytes("a"));
        assertThat(move(KEY, LEFT, KEY, LEFT)).isEqualTo(bytes("a"));

        assertThat(node.updateCount()).isEqualTo(updates);
        assertThat(list()).containsExactly("a");
    }

    @Test
    void move_toAKeyOfAnotherType_refusesAndTakesNothing() {
        push(node, RIGHT, "a");
        makeSet(OTHER);

        assertThatExceptionOfType(WrongTypeException.class).isThrownBy(() -> move(KEY, LEFT, OTHER, LEFT));
        assertThat(list()).containsExactly("a");
        assertThat(move(bytes("absent"), LEFT, OTHER, LEFT)).isNull();
    }

    @Test
    void find_ranksCountsAndComparisons() {
        push(node, RIGHT, "a", "b", "c", "1", "2", "3", "c", "c");

        assertThat(find("c", 1, 1, Long.MAX_VALUE)).containsExactly(2L);
        assertThat(find("c", 2, 1, Long.MAX_VALUE)).containsExactly(6L);
        assertThat(find("c", -1, 1, Long.MAX_VALUE)).containsExactly(7L);
        assertThat(find("c", 1, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly(2L, 6L, 7L);
        assertThat(find("c", -2, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly(6L, 2L);
        assertThat(find("c", 4, 1, Long.MAX_VALUE)).isEmpty();
        assertThat(find("c", 1, Long.MAX_VALUE, 6)).containsExactly(2L);
        assertThat(find("c", 1, Long.MAX_VALUE, 2)).isEmpty();
        assertThat(find("c", -1, Long.MAX_VALUE, 2)).containsExactly(7L, 6L);
        assertThat(find("c", 1, 0, 2)).isEmpty();
        assertThat(find("d", 1, 1, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void pop_sameElementAtTwoNodes_isGivenOutByBoth() {
        push(node, RIGHT, "a", "b");
        far.follow(node);

        assertThat(pop(node, LEFT, 1)).isEqualTo(pop(far, LEFT, 1));
        MemoryNode.meet(node, far);

        assertThat(list(node, KEY)).containsExactly("b").isEqualTo(list(far, KEY));
    }

    @Test
    void push_whileTheListIsEmptiedElsewhere_survives() {
        push(node, RIGHT, "a", "b");
        far.follow(node);
        pop(node, LEFT, 2);
        push(far, RIGHT, "c", "d");
        MemoryNode.meet(node, far);

        assertThat(list(node, KEY)).containsExactly("c", "d").isEqualTo(list(far, KEY));
    }

    @Test
    void removals_moreThanAnUpdateHolds_refuseAndRemoveNothing() {
        List<Bytes> many = Collections.nCopies(1_000, bytes("x"));
        long bytes = 0;
        while (bytes <= MemoryNode.UPDATE_BYTES_MAX) {
            node.run(transaction -> Lists.push(transaction, KEY, RIGHT, many));
            // A removal names key and position, not the value.
            bytes += Operation.sizeBytes(node.operations()) - many.size();
        }
        push(node, LEFT, "first");
        long size = Lists.size(node.view(), KEY);

        assertThatExceptionOfType(UpdateTooLargeException.class).isThrownBy(() -> pop(node, RIGHT, size - 1));
        assertThatExceptionOfType(UpdateTooLargeException.class).isThrownBy(() -> remove(0, "x"));
        assertThatExceptionOfType(UpdateTooLargeException.class).isThrownBy(() -> trim(0, 0));
        assertThat(Lists.size(node.view(), KEY)).isEqualTo(size);
        trim(1, 0);
        assertThat(Keys.exists(node.view(), KEY)).isFalse();
    }
}
