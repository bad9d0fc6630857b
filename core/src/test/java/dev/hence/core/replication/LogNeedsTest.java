package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.LogNeeds.Lack;
import dev.hence.core.replication.LogNeeds.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogNeedsTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final VersionVector OWN = VersionVector.EMPTY.with(A, 9).with(B, 5);

    @Test
    void storedByAll_withoutPeers_isWhatTheNodeHasStored() {
        assertThat(LogNeeds.storedByAll(OWN, List.of())).isEqualTo(OWN);
    }

    @Test
    void storedByAll_severalPeers_isTheLeastOfEachOrigin() {
        List<Member> members = List.of(
                new Member("b", VersionVector.EMPTY.with(A, 7).with(B, 8)),
                new Member("c", VersionVector.EMPTY.with(A, 8)));
        assertThat(LogNeeds.storedByAll(OWN, members)).isEqualTo(VersionVector.EMPTY.with(A, 7));
    }

    @Test
    void storedByAll_onePeerWasNotHeardOf_isNothing() {
        List<Member> members = List.of(new Member("b", OWN), new Member("c", null));
        assertThat(LogNeeds.storedByAll(OWN, members)).isEqualTo(VersionVector.EMPTY);
    }

    @Test
    void lacking_peers_namesWhatEachNeeds() {
        List<Member> members = List.of(
                new Member("b", OWN),
                new Member("c", VersionVector.EMPTY.with(A, 3).with(B, 5)),
                new Member("d", null));
        List<Lack> lacks = LogNeeds.lacking(VersionVector.EMPTY.with(A, 6), members);
        assertThat(lacks)
                .containsExactly(new Lack("c", new Dot(A, 4), 6, true), new Lack("d", new Dot(A, 1), 6, false));
        assertThat(lacks.getFirst()).hasToString("c needs " + new Dot(A, 4) + " to 6");
        assertThat(lacks.getLast()).asString().contains("has not been heard of");
    }
}
