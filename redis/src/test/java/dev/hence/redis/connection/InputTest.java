package dev.hence.redis.connection;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class InputTest {

    private static final int AHEAD_BYTES_MAX = 1 << 20;
    private static final int BUDGET_BYTES = 4 << 20;

    private final RequestBudget budget = new RequestBudget(BUDGET_BYTES);
    private final Endless in = new Endless();
    private final AtomicInteger told = new AtomicInteger();

    /** An endless stream. */
    private static final class Endless implements Incoming {
        private final AtomicInteger given = new AtomicInteger();

        @Override
        public int readNow(byte[] into, int from, int length) {
            return read(into, from, length);
        }

        @Override
        public int read(byte[] into, int from, int length) {
            Arrays.fill(into, from, from + length, (byte) ' ');
            given.addAndGet(length);
            return length;
        }
    }

    private final MemoryHolder memory = new MemoryBudget(64 << 20).holder(() -> {});

    private Input input(int bytesMax) {
        return new Input(in, new RequestParser(16 << 20, memory, true), budget, bytesMax);
    }

    @Test
    void watch_moreComesThanMayWait_readsNoMoreAndTells() throws Exception {
        try (Input input = input(AHEAD_BYTES_MAX)) {
            input.watch(told::incrementAndGet);
            eventually("it is told", () -> told.get() == 1);

            int given = in.given.get();
            assertThat(given).isBetween(AHEAD_BYTES_MAX, AHEAD_BYTES_MAX + (64 << 10));
            assertThat(BUDGET_BYTES - budget.leftBytes()).isBetween(1L, (long) AHEAD_BYTES_MAX);
            assertThat(input.isTooMuchWaiting()).isTrue();
            input.unwatch();
            input.watch(told::incrementAndGet);
            assertThat(told.get()).as("a later wait is told at once").isEqualTo(2);
            assertThat(in.given.get()).isEqualTo(given);
        }
        assertThat(budget.leftBytes()).isEqualTo(BUDGET_BYTES);
    }

    @Test
    void fill_afterTooMuch_givesWhatWaitedAndThenRefuses() throws Exception {
        try (Input input = input(AHEAD_BYTES_MAX)) {
            input.watch(told::incrementAndGet);
            eventually("it is told", () -> told.get() == 1);
            input.unwatch();

            assertThat(input.fill(memory)).isTrue();
            assertThatThrownBy(() -> {
                        while (input.fill(memory)) {}
                    })
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("too many bytes behind a blocking command");
            assertThat(budget.leftBytes()).isEqualTo(BUDGET_BYTES);
        }
    }

    @Test
    void watch_othersHaveTheSharedMemory_tellsBeforeItsOwnBound() throws Exception {
        assertThat(budget.claim(BUDGET_BYTES - (512 << 10))).isTrue();
        try (Input input = input(2 << 20)) {
            input.watch(told::incrementAndGet);
            eventually("it is told", () -> told.get() == 1);

            assertThat(in.given.get()).isLessThan(1 << 20);
            assertThat(budget.leftBytes()).isNotNegative();
        }
    }
}
