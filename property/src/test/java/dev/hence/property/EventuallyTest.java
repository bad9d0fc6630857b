package dev.hence.property;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EventuallyTest {

    private final AtomicInteger attempts = new AtomicInteger();

    private int reached() throws IOException {
        if (attempts.incrementAndGet() < 3) {
            throw new ConnectException("not listening yet");
        }
        return attempts.get();
    }

    @Test
    void eventually_processNotYetReachable_triesAgain() throws Exception {
        eventually("it is asked four times", () -> reached() == 4);

        assertThat(attempts).hasValue(4);
    }

    @Test
    void eventually_conditionFails_throwsAtOnce() {
        assertThatThrownBy(() -> eventually("never", () -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("broken");
        assertThat(attempts).hasValue(1);
    }

    @Test
    void eventuallyAsserted_processNotYetReachableOrNotYetSo_triesAgain() throws Exception {
        eventuallyAsserted(() -> assertThat(reached()).isEqualTo(4));

        assertThat(attempts).hasValue(4);
    }
}
