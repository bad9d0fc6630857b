package dev.hence.server.rescue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.server.runtime.WriteRefusedException.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RescueTest {

    @ParameterizedTest
    @EnumSource(Reason.class)
    void passes_fullDiskOrWrongClock_isWaitedFor(Reason reason) {
        assertThat(Rescue.passes(reason)).isEqualTo(reason == Reason.DISK_FULL || reason == Reason.CLOCK_AHEAD);
    }
}
