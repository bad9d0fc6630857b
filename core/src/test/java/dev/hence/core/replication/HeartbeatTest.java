package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final ReplicaId C = new ReplicaId("c", 3);
    private static final VersionVector NOTHING = VersionVector.EMPTY;

    private static Heartbeat heartbeat(VersionVector applied, MemberClocks.Entry... others) {
        return new Heartbeat(B, applied, NOTHING, 0, List.of(others));
    }

    @Test
    void seenOf_isTheMostThatAnybodyHas() {
        assertThat(heartbeat(NOTHING).seenOf(A)).isZero();
        assertThat(heartbeat(NOTHING.with(A, 3)).seenOf(A)).isEqualTo(3);
        assertThat(heartbeat(NOTHING.with(A, 3), new MemberClocks.Entry(C, NOTHING.with(A, 5), NOTHING))
                        .seenOf(A))
                .isEqualTo(5);
    }

    @Test
    void seenOf_whatTheReplicaAnnouncedItself_counts() {
        assertThat(heartbeat(NOTHING, new MemberClocks.Entry(A, NOTHING.with(A, 2), NOTHING))
                        .seenOf(A))
                .isEqualTo(2);
    }
}
