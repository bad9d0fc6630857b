package dev.hence.core.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.property.Property;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HybridLogicalClockTest {

    private static final long NOON_MILLIS = 1_800_000_000_000L;

    private sealed interface Step {
        record Tick(long wallMillis) implements Step {}

        record Observe(long timestamp) implements Step {}

        record Restart() implements Step {}
    }

    @Test
    void tick_wallClocksThatJumpAnywhere_exceedsAllGivenAndObserved() {
        new Property<Step>("timestamps only grow", Property.steps(50, this::step), this::check).holdsFor(2000);
    }

    private Step step(RandomGenerator random) {
        return switch (random.nextInt(10)) {
            case 0 -> new Step.Restart();
            case 1, 2 -> new Step.Observe((NOON_MILLIS + random.nextInt(-2000, 2000)) << 16 | random.nextInt(1 << 16));
            case 3 -> new Step.Tick(random.nextBoolean() ? 0 : Long.MAX_VALUE);
            default -> new Step.Tick(NOON_MILLIS + random.nextInt(-2000, 2000));
        };
    }

    private void check(List<Step> trace) {
        HybridLogicalClock clock = new HybridLogicalClock(0);
        long largest = 0;
        for (Step step : trace) {
            switch (step) {
                case Step.Tick(long wallMillis) -> {
                    long timestamp = clock.tick(wallMillis);
                    assertThat(timestamp).isGreaterThan(largest);
                    boolean mayFollowWall = HybridLogicalClock.isPlausible(wallMillis) && wallMillis << 16 > largest;
                    assertThat(timestamp).isEqualTo(mayFollowWall ? wallMillis << 16 : largest + 1);
                    largest = timestamp;
                }
                case Step.Observe(long timestamp) -> {
                    clock.observe(timestamp);
                    largest = Math.max(largest, timestamp);
                }
                case Step.Restart() -> clock = new HybridLogicalClock(clock.last());
            }
            assertThat(clock.last()).isEqualTo(largest);
        }
    }

    @Test
    void tick_wallClockAhead_isTheWallClock() {
        HybridLogicalClock clock = new HybridLogicalClock(0);

        assertThat(HybridLogicalClock.wallMillis(clock.tick(NOON_MILLIS))).isEqualTo(NOON_MILLIS);
    }

    @Test
    void tick_sameMillisecond_countsInTheLowBits() {
        HybridLogicalClock clock = new HybridLogicalClock(0);
        long first = clock.tick(NOON_MILLIS);

        assertThat(clock.tick(NOON_MILLIS)).isEqualTo(first + 1);
    }

    @Test
    void tick_wallClockGoesBackAnHour_goesOnFromTheLast() {
        HybridLogicalClock clock = new HybridLogicalClock(0);
        long before = clock.tick(NOON_MILLIS);

        assertThat(clock.tick(NOON_MILLIS - 3_600_000)).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                Long.MIN_VALUE,
                0,
                HybridLogicalClock.WALL_MILLIS_MIN - 1,
                HybridLogicalClock.WALL_MILLIS_MAX + 1,
                Long.MAX_VALUE
            })
    void tick_implausibleWallClock_countsAsOneThatStandsStill(long wallMillis) {
        HybridLogicalClock clock = new HybridLogicalClock(NOON_MILLIS << 16);

        assertThat(HybridLogicalClock.isPlausible(wallMillis)).isFalse();
        assertThat(clock.tick(wallMillis)).isEqualTo((NOON_MILLIS << 16) + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {HybridLogicalClock.WALL_MILLIS_MIN, HybridLogicalClock.WALL_MILLIS_MAX})
    void tick_lastPlausibleWallClocks_areFollowed(long wallMillis) {
        long timestamp = new HybridLogicalClock(0).tick(wallMillis);

        assertThat(HybridLogicalClock.wallMillis(timestamp)).isEqualTo(wallMillis);
        assertThat(timestamp).isLessThan(HybridLogicalClock.TIMESTAMP_MAX);
    }

    @Test
    void observe_olderTimestamp_changesNothing() {
        HybridLogicalClock clock = new HybridLogicalClock(100);
        clock.observe(99);

        assertThat(clock.last()).isEqualTo(100);
    }

    @Test
    void hybridLogicalClock_negativeStart_isRefused() {
        assertThatThrownBy(() -> new HybridLogicalClock(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timestamp: -1 (expected: at least 0)");
    }
}
