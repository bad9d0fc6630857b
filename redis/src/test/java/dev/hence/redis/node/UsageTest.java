package dev.hence.redis.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class UsageTest {

    private static final long SECOND_NANOS = 1_000_000_000;

    private final Usage usage = new Usage();

    private void second(long number, int commands, long bytes) {
        for (int i = 0; i < commands; i++) {
            usage.answered("GET", 1);
        }
        usage.traffic().received(bytes);
        usage.traffic().sent(2 * bytes);
        usage.sample(number * SECOND_NANOS);
    }

    @Test
    void rates_beforeTwoSamples_areZero() {
        second(1, 100, 1_000);

        assertThat(usage.rates()).isEqualTo(new Usage.Rates(0, 0, 0));
    }

    @Test
    void rates_ofManySamples_areTheMeanOfTheLastTwoSeconds() {
        second(1, 7, 7);
        second(2, 1_000, 1_000);
        second(3, 10, 100);
        second(4, 30, 300);

        assertThat(usage.rates()).isEqualTo(new Usage.Rates(20, 200, 400));
    }

    @Test
    void rates_afterReset_beginAgain() {
        second(1, 100, 1_000);
        second(2, 100, 1_000);
        usage.reset();
        second(3, 10, 10);
        assertThat(usage.rates()).isEqualTo(new Usage.Rates(0, 0, 0));

        second(4, 10, 10);
        assertThat(usage.rates()).isEqualTo(new Usage.Rates(10, 10, 20));
    }

    @Test
    void lookedUp_several_addsUp() {
        usage.lookedUp(2, 1);
        usage.lookedUp(1, 0);

        assertThat(usage.hits()).isEqualTo(3);
        assertThat(usage.misses()).isEqualTo(1);
    }
}
