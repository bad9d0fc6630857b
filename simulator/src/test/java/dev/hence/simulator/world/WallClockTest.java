package dev.hence.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WallClockTest {
    private final Agenda agenda = new Agenda();
    private final WallClock clock = new WallClock(agenda);
    private final long start = clock.millis();

    private long afterMillis(long millis) {
        agenda.runUntil(millis * 1_000);
        return clock.millis() - start;
    }

    @Test
    void millis_untouched_followsTime() {
        assertThat(afterMillis(1_500)).isEqualTo(1_500);
    }

    @Test
    void jump_forthAndBack_addsUp() {
        afterMillis(100);
        clock.jump(3_600_000);
        assertThat(afterMillis(200)).isEqualTo(3_600_200);

        clock.jump(-7_200_000);
        assertThat(afterMillis(300)).isEqualTo(-3_600_000 + 300);
    }

    @Test
    void run_otherRate_countsFromThatMomentOn() {
        afterMillis(1_000);
        clock.run(1.5);
        assertThat(afterMillis(2_000)).isEqualTo(1_000 + 1_500);

        clock.run(1);
        assertThat(afterMillis(3_000)).isEqualTo(1_000 + 1_500 + 1_000);
    }

    @Test
    void run_negativeRate_goesBackwards() {
        afterMillis(1_000);
        clock.run(-0.5);

        assertThat(afterMillis(2_000)).isEqualTo(500);
    }
}
