package dev.hence.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.node.Checkpoints.Action;
import dev.hence.core.node.Checkpoints.Step;
import org.junit.jupiter.api.Test;

final class CheckpointsTest {
    private static final ReplicaId A = new ReplicaId("a", 1);

    private final Checkpoints checkpoints = new Checkpoints(LogPosition.START, 0, 100);

    private static LogPosition place(long sequence) {
        return new LogPosition(sequence, VersionVector.EMPTY.with(A, sequence), sequence);
    }

    @Test
    void next_logShort_isNothing() {
        assertThat(checkpoints.next(place(5), 99)).isNull();
    }

    @Test
    void next_noUpdateSinceTheLast_isNothing() {
        assertThat(checkpoints.next(LogPosition.START, 1_000)).isNull();
    }

    @Test
    void next_logLong_forcesTheLogBetweenFreezingAndWriting() {
        assertThat(checkpoints.next(place(5), 100)).isEqualTo(new Step(Action.FREEZE, place(5)));
        assertThat(checkpoints.next(place(5), 100)).as("one step at a time").isNull();
        checkpoints.done();
        assertThat(checkpoints.next(place(6), 120)).isEqualTo(new Step(Action.FORCE, place(5)));
        checkpoints.done();
        assertThat(checkpoints.next(place(7), 140)).isEqualTo(new Step(Action.WRITE, place(5)));
        assertThat(checkpoints.last()).isEqualTo(LogPosition.START);
        checkpoints.done();
        assertThat(checkpoints.last()).isEqualTo(place(5));
    }

    @Test
    void next_afterACheckpoint_beginsAtTheSizeOfTheLogWhenItWasFrozen() {
        for (int step = 0; step < 3; step++) {
            checkpoints.next(place(5), 100 + step * 30);
            checkpoints.done();
        }

        assertThat(checkpoints.next(place(9), 199)).isNull();
        assertThat(checkpoints.next(place(9), 200)).isEqualTo(new Step(Action.FREEZE, place(9)));
    }

    @Test
    void done_nothingBegun_isABrokenInvariant() {
        assertThatThrownBy(checkpoints::done).isInstanceOf(AssertionError.class);
    }

    @Test
    void mayDelete_isSoOnlyIfCheckpointedAndStable() {
        VersionVector content = VersionVector.EMPTY.with(A, 5);

        assertThat(Checkpoints.mayDelete(5, content, place(5), content)).isTrue();
        assertThat(Checkpoints.mayDelete(6, content, place(5), content)).isFalse();
        assertThat(Checkpoints.mayDelete(5, content, place(5), VersionVector.EMPTY.with(A, 4)))
                .isFalse();
    }
}
