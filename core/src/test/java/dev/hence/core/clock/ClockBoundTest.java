package dev.hence.core.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ClockBoundTest {

    private static final long NOW = 1_800_000_000_000L;
    private static final ClockBound MINUTE = new ClockBound(60_000);

    private static long timestamp(long millis) {
        return (millis << 16) + 5;
    }

    @Test
    void admits_upToTheBoundAheadAndAnythingBehind() {
        assertThat(MINUTE.admits(timestamp(NOW + 60_000), NOW)).isTrue();
        assertThat(MINUTE.admits(timestamp(NOW + 60_001), NOW)).isFalse();
        assertThat(MINUTE.admits(timestamp(0), NOW)).isTrue();
        assertThat(MINUTE.admits(HybridLogicalClock.TIMESTAMP_MAX, NOW)).isFalse();
    }

    @Test
    void admits_noBound_takesAnyTimestampAtAnyClock() {
        assertThat(ClockBound.NONE.admits(HybridLogicalClock.TIMESTAMP_MAX, 0)).isTrue();
        assertThat(ClockBound.NONE.admits(Long.MAX_VALUE, Long.MIN_VALUE / 2)).isTrue();
    }

    @Test
    void bound_negative_isRejected() {
        assertThatThrownBy(() -> new ClockBound(-1)).hasMessage("clock bound: -1 ms (expected: at least 0)");
    }

    @Test
    void look_clockThatWasSet_tellsByHowMuchOnce() {
        ClockJumps jumps = new ClockJumps(2_000, NOW, 10);
        assertThat(jumps.look(NOW + 1_000, 1_010)).isZero();
        assertThat(jumps.look(NOW + 3_000, 1_510)).isZero();
        assertThat(jumps.look(NOW + 3_600_000, 2_010)).isEqualTo(3_596_500);
        assertThat(jumps.look(NOW + 3_601_000, 3_010)).isZero();
        assertThat(jumps.look(NOW, 4_010)).isEqualTo(-3_602_000);
    }
}
