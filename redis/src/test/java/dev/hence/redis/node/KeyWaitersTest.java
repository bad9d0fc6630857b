package dev.hence.redis.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.redis.node.KeyWaiters.Wanted;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyWaitersTest {

    private final KeyWaiters waiters = new KeyWaiters();

    private static Waiter waiter(String key, DataType type) {
        return new Waiter(List.of(new Wanted(Bytes.utf8(key), type)));
    }

    /**
     * Regression: waiters for a list went back to sleep when a sorted set arrived, and remained ahead of the waiters
     * for the sorted set.
     */
    @Test
    void add_othersWaitForAnotherTypeUnderTheKey_standsBehindNobody() {
        Waiter first = waiter("k", DataType.LIST);

        assertThat(waiters.add(first)).isFalse();
        assertThat(waiters.add(waiter("k", DataType.SORTED_SET))).isFalse();
        assertThat(waiters.add(waiter("k", DataType.LIST))).isTrue();
        waiters.remove(first);
        assertThat(waiters.add(waiter("k", DataType.LIST))).isTrue();
        assertThat(waiters.add(waiter("other", DataType.LIST))).isFalse();
    }
}
