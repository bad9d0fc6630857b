package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KnownForksTest {

    private static final ReplicaId A = new ReplicaId("a", 1);

    private final KnownForks forks = new KnownForks();

    @Test
    void differs_underAnotherDotEachTime_isNewsOnce() {
        assertThat(forks.differs("b", new Dot(A, 3))).isTrue();
        assertThat(forks.differs("b", new Dot(A, 5))).isFalse();
        assertThat(forks.differs("b", new Dot(A, 3))).isFalse();
        assertThat(forks.differs("c", new Dot(A, 3))).isTrue();
        assertThat(forks.byNode()).isEqualTo(Map.of("b", new Dot(A, 3), "c", new Dot(A, 3)));
    }

    @Test
    void differs_underANameOfAnotherReplica_isNews() {
        assertThat(forks.differs("b", new Dot(A, 3))).isTrue();
        assertThat(forks.differs("b", new Dot(new ReplicaId("b", 2), 7))).isTrue();
        assertThat(forks.differs("b", new Dot(A, 5))).isFalse();
        assertThat(forks.differs("b", new Dot(new ReplicaId("b", 2), 8))).isFalse();
    }

    @Test
    void differs_afterTheyAgreed_isNewsAgain() {
        forks.differs("b", new Dot(A, 3));

        forks.agrees("b");

        assertThat(forks.byNode()).isEmpty();
        assertThat(forks.differs("b", new Dot(A, 3))).isTrue();
    }
}
