package dev.hence.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PacedInputTest {

    private static final int BYTES = 10;
    private static final Duration GRACE = Duration.ofMillis(1);
    private static final long SLOW_MILLIS = 100;

    private boolean slow = true;

    /** While it is slow, each of its reads takes longer than the minimum rate allows for its few bytes. */
    private final InputStream body = new ByteArrayInputStream(new byte[3 * BYTES]) {
        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            if (slow) {
                try {
                    Thread.sleep(SLOW_MILLIS);
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            }
            return super.read(into, offset, length);
        }
    };

    @Test
    void read_bodyComesLateButWhole_isTaken() throws IOException {
        PacedInput input = new PacedInput(body, GRACE);
        assertThat(input.read(new byte[BYTES])).isEqualTo(BYTES);
        slow = false;
        assertThat(input.read(new byte[BYTES])).isEqualTo(BYTES);
        assertThat(input.read(new byte[BYTES])).isEqualTo(BYTES);
    }

    @Test
    void read_restComesSlowly_isRefused() throws IOException {
        PacedInput input = new PacedInput(body, GRACE);
        assertThat(input.read(new byte[BYTES])).isEqualTo(BYTES);
        assertThatThrownBy(() -> input.read(new byte[BYTES]))
                .isInstanceOf(HttpProblem.class)
                .hasMessageContaining("at least 1000 bytes a second");
    }
}
