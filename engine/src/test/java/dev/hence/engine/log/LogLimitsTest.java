package dev.hence.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.log.LogLimits.Full;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three full segments of 100 bytes and ten updates each, and 50 bytes after them. */
final class LogLimitsTest {

    private static final ReplicaId ORIGIN = new ReplicaId("node1", 1);
    private static final List<Full> FULL = List.of(segment(0), segment(1), segment(2));
    private static final long BYTES = 350;
    private static final long NOW = 1_000;
    private static final long FOREVER = Long.MAX_VALUE;

    private static Full segment(int number) {
        return new Full(number * 10L, number * 10L + 10, 100, stored(number * 10L + 10), number * 100L);
    }

    private static VersionVector stored(long counter) {
        return VersionVector.EMPTY.with(ORIGIN, counter);
    }

    @Test
    void deleted_checkpointedAndStored_isAllBeyondWhatIsKept() {
        assertThat(new LogLimits(0).deleted(FULL, BYTES, 99, stored(99), NOW)).isEqualTo(3);
        assertThat(new LogLimits(150).deleted(FULL, BYTES, 99, stored(99), NOW)).isEqualTo(2);
        assertThat(new LogLimits(151).deleted(FULL, BYTES, 99, stored(99), NOW)).isEqualTo(1);
    }

    @Test
    void deleted_notCheckpointed_isNothingWhateverTheMaximum() {
        LogLimits limits = new LogLimits(0, 0, 0);
        assertThat(limits.deleted(FULL, BYTES, 9, stored(99), NOW)).isZero();
        assertThat(limits.deleted(FULL, BYTES, 10, stored(99), NOW)).isEqualTo(1);
        assertThat(limits.deleted(FULL, BYTES, 29, stored(99), NOW)).isEqualTo(2);
    }

    @Test
    void deleted_aMemberLacksTheLastUpdateOfASegment_endsBeforeIt() {
        assertThat(new LogLimits(0).deleted(FULL, BYTES, 99, stored(19), NOW)).isEqualTo(1);
        assertThat(new LogLimits(0).deleted(FULL, BYTES, 99, VersionVector.EMPTY, NOW))
                .isZero();
    }

    @Test
    void deleted_largerThanTheMaximum_isCutUntilItIsNot() {
        assertThat(new LogLimits(500, 349, FOREVER).deleted(FULL, BYTES, 99, VersionVector.EMPTY, NOW))
                .isEqualTo(1);
        assertThat(new LogLimits(500, 200, FOREVER).deleted(FULL, BYTES, 99, VersionVector.EMPTY, NOW))
                .isEqualTo(2);
        assertThat(new LogLimits(500, 350, FOREVER).deleted(FULL, BYTES, 99, VersionVector.EMPTY, NOW))
                .isZero();
    }

    @Test
    void deleted_olderThanTheMaximum_isCut() {
        assertThat(new LogLimits(500, FOREVER, 899).deleted(FULL, BYTES, 99, VersionVector.EMPTY, NOW))
                .isEqualTo(2);
        assertThat(new LogLimits(500, FOREVER, 1_000).deleted(FULL, BYTES, 99, VersionVector.EMPTY, NOW))
                .isZero();
    }
}
