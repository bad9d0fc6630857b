package dev.hence.core.commands;

import static dev.hence.core.commands.DeadlineCondition.EARLIER;
import static dev.hence.core.commands.DeadlineCondition.LATER;
import static dev.hence.core.commands.DeadlineCondition.NONE_YET;
import static dev.hence.core.commands.DeadlineCondition.ONE_ALREADY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.update.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeysTest extends OneKeyTest {

    @Test
    void type_anyKey_isTheOneShown() {
        assertThat(Keys.type(node.view(), KEY)).isNull();
        assertThat(Keys.exists(node.view(), KEY)).isFalse();

        for (DataType type : new DataType[] {DataType.HASH, DataType.SET, DataType.SORTED_SET, DataType.LIST}) {
            node.run(transaction -> {
                Keys.delete(transaction, KEY);
                transaction.assign(KEY, type, ONE, valueOf(type, ONE));
            });
            assertThat(Keys.type(node.view(), KEY)).isEqualTo(type);
        }
        set(KEY, "value");
        assertThat(Keys.type(node.view(), KEY)).isEqualTo(DataType.STRING);
        assertThat(Keys.exists(node.view(), KEY)).isTrue();
    }

    @Test
    void delete_keys_tellsWhetherTheyShowed() {
        set(KEY, "value");
        assertThat(delete()).isTrue();
        assertThat(delete()).isFalse();
        assertThat(node.updateCount()).isEqualTo(2);

        set(KEY, "value");
        expire(in(10));
        node.advance(10);
        assertThat(delete()).isFalse();
        assertThat(node.state().heads()).isEmpty();
    }

    private boolean delete() {
        return node.write(transaction -> Keys.delete(transaction, KEY));
    }

    @Test
    void expire_absentKey_isFalseAndWritesNothing() {
        assertThat(expire(in(10))).isFalse();
        assertThat(node.updateCount()).isZero();
    }

    @Test
    void expire_key_goesAtItsDeadline() {
        set(KEY, "value");

        assertThat(expire(in(10))).isTrue();

        assertThat(deadline()).isEqualTo(in(10));
        node.advance(9);
        assertThat(Keys.exists(node.view(), KEY)).isTrue();
        node.advance(1);
        assertThat(Keys.exists(node.view(), KEY)).isFalse();
        assertThat(expire(in(10))).isFalse();
    }

    @Test
    void expire_deadlineThatHasPassed_removesTheKey() {
        set(KEY, "value");

        assertThat(expire(in(0))).isTrue();

        assertThat(node.operations()).containsExactly(new Operation.DeleteKey(KEY));
    }

    @Test
    void expire_keyWithoutDeadline_meetsConditionsAsIfItWereInfinitelyLate() {
        set(KEY, "value");

        assertThat(expire(in(10), ONE_ALREADY)).isFalse();
        assertThat(expire(in(10), LATER)).isFalse();
        assertThat(expire(in(10), ONE_ALREADY, EARLIER)).isFalse();
        assertThat(node.updateCount()).isEqualTo(1);
        assertThat(expire(in(10), EARLIER)).isTrue();
        node.run(transaction -> Keys.persist(transaction, KEY));
        assertThat(expire(in(20), NONE_YET)).isTrue();
        assertThat(deadline()).isEqualTo(in(20));
    }

    @Test
    void expire_keyWithDeadline_meetsConditionsByComparison() {
        set(KEY, "value");
        expire(in(10));

        assertThat(expire(in(20), NONE_YET)).isFalse();
        assertThat(expire(in(10), LATER)).isFalse();
        assertThat(expire(in(10), EARLIER)).isFalse();
        assertThat(expire(in(9), LATER)).isFalse();
        assertThat(expire(in(11), EARLIER)).isFalse();
        assertThat(expire(in(11), LATER)).isTrue();
        assertThat(expire(in(12), ONE_ALREADY, LATER)).isTrue();
        assertThat(deadline()).isEqualTo(in(12));
        assertThat(expire(in(5), EARLIER)).isTrue();
        assertThat(expire(in(6), ONE_ALREADY)).isTrue();
        assertThat(deadline()).isEqualTo(in(6));
        assertThat(expire(in(-1), LATER)).isFalse();
        assertThat(expire(in(-1), EARLIER)).isTrue();
        assertThat(Keys.exists(node.view(), KEY)).isFalse();
    }

    @Test
    void persist_key_losesItsDeadlineOnce() {
        assertThat(persist()).isFalse();
        set(KEY, "value");
        assertThat(persist()).isFalse();
        expire(in(10));
        assertThat(persist()).isTrue();
        assertThat(deadline()).isEqualTo(Deadlines.NONE);
        assertThat(persist()).isFalse();
        assertThat(node.updateCount()).isEqualTo(3);
    }

    private boolean persist() {
        return node.write(transaction -> Keys.persist(transaction, KEY));
    }

    @Test
    void expire_atTwoNodes_theLatestHolds() {
        MemoryNode other = new MemoryNode("b");
        set(KEY, "value");
        other.follow(node);

        expire(in(10));
        other.run(transaction -> Keys.expire(transaction, KEY, in(20)));
        MemoryNode.meet(node, other);

        assertThat(deadline()).isEqualTo(in(20));
        assertThat(Keys.deadlineMillis(other.view(), KEY)).isEqualTo(in(20));
    }

    @Test
    void remove_lastElementWhileAnotherTypeIsHidden_leavesNothing() {
        MemoryNode elsewhere = new MemoryNode("b");
        elsewhere.advance(1);
        node.run(transaction -> Strings.increment(transaction, KEY, 1));
        elsewhere.run(transaction -> Sets.add(transaction, KEY, List.of(ONE)));
        MemoryNode.meet(node, elsewhere);
        assertThat(Keys.type(node.view(), KEY)).isEqualTo(DataType.SET);

        node.run(transaction -> Sets.remove(transaction, KEY, List.of(ONE)));

        assertThat(Keys.exists(node.view(), KEY)).isFalse();
    }
}
