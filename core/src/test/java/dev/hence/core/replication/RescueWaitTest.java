package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp.Link;
import dev.hence.core.replication.RescueWait.Peer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node a, which wrote as a_old before, is being rescued and follows b and c. */
final class RescueWaitTest {

    private static final ReplicaId OLD = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final ReplicaId C = new ReplicaId("c", 3);
    private static final VersionVector NOTHING = VersionVector.EMPTY;
    private static final Peer MYSELF = new Peer("10.0.0.1:5000", Link.SELF, null, NOTHING);

    private static Peer followed(VersionVector announced, VersionVector applied) {
        return new Peer("10.0.0.2:5000", Link.FOLLOWED, announced, applied);
    }

    private static Peer followed(VersionVector announced) {
        return followed(announced, announced);
    }

    private static List<String> awaited(VersionVector clock, Peer... peers) {
        return RescueWait.awaited("a", List.of(peers), clock, List.of());
    }

    @Test
    void awaited_aPeerThatWasNeverMet_isAwaitedWhateverItsAddress() {
        Peer never = new Peer("127.0.0.1:5003", Link.FAILED, null, NOTHING);

        assertThat(awaited(NOTHING, MYSELF, followed(NOTHING), never))
                .containsExactly("127.0.0.1:5003 is not followed");
    }

    @Test
    void awaited_aPeerThatWasHeardBeforeItsConnectionWasLost_isAwaited() {
        Peer lost = new Peer("c:5000", Link.TRYING, NOTHING, NOTHING);

        assertThat(awaited(NOTHING, followed(NOTHING), lost)).containsExactly("c:5000 is not followed");
    }

    @Test
    void awaited_aPeerThatIsFollowedAndHasNotAnnouncedItsClock_isAwaited() {
        assertThat(awaited(NOTHING, new Peer("c:5000", Link.FOLLOWED, null, NOTHING)))
                .containsExactly("c:5000 is not followed");
    }

    @Test
    void awaited_allIsHere_nothing() {
        VersionVector all = NOTHING.with(OLD, 4).with(B, 2);

        assertThat(awaited(all, MYSELF, followed(all), followed(NOTHING))).isEmpty();
    }

    @Test
    void awaited_whatPeersGoOnToWrite_isNot() {
        VersionVector first = NOTHING.with(B, 2);

        assertThat(awaited(first, followed(first, first.with(B, 9).with(C, 1)))).isEmpty();
    }

    @Test
    void awaited_anOldUpdateThatAPeerGotSinceItWasMet_is() {
        assertThat(awaited(NOTHING, followed(NOTHING, NOTHING.with(OLD, 1))))
                .containsExactly("10.0.0.2:5000 has updates that are missing here");
    }

    @Test
    void awaited_updatesThatAreHeld_areNotUnlessTheyAreTheNodesOwn() {
        Peer peer = followed(NOTHING.with(B, 2));
        Peer own = followed(NOTHING.with(OLD, 2));

        assertThat(RescueWait.awaited("a", List.of(peer), NOTHING, List.of(B))).isEmpty();
        assertThat(RescueWait.awaited("a", List.of(own), NOTHING, List.of(OLD))).hasSize(1);
    }

    @Test
    void awaited_noPeerIsConfigured_neverBegins() {
        assertThat(awaited(NOTHING, MYSELF)).containsExactly("no peer is configured");
    }
}
