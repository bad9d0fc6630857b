package dev.hence.server.resp.connection;

import static dev.hence.server.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.server.resp.protocol.RequestBudget;
import dev.hence.server.resp.protocol.RequestParser;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class InputTest {

    private static final int AHEAD_BYTES_MAX = 64 << 10;

    /** Always has more. */
    private static final class Endless extends InputStream {
        private final AtomicInteger given = new AtomicInteger();

        @Override
        public int read() {
            given.incrementAndGet();
            return ' ';
        }

        @Override
        public int read(byte[] into, int from, int length) {
            Arrays.fill(into, from, from + length, (byte) ' ');
            given.addAndGet(length);
            return length;
        }
    }

    @Test
    void watch_againAndAgainWithNothingTaken_readsNoMoreAhead() throws Exception {
        Endless in = new Endless();
        Input input = new Input(in, new RequestParser(16 << 20, new RequestBudget(64 << 20), true));
        input.watch(() -> {});
        eventually("all it may read ahead is read", () -> in.given.get() == AHEAD_BYTES_MAX);
        input.unwatch();

        // What was read before is taken first; more would have been added behind it.
        for (int i = 0; i < 1_000; i++) {
            input.watch(() -> {});
            input.unwatch();
        }
        for (int taken = 0; taken < AHEAD_BYTES_MAX; taken += 4 << 10) {
            assertThat(input.fill()).isTrue();
        }
        assertThat(in.given.get()).isEqualTo(AHEAD_BYTES_MAX);
    }
}
