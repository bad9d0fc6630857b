package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FollowPlan.Link;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Node a plans; b and c are its peers; a has no link to d. */
final class FollowPlanTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId A_OLD = new ReplicaId("a", 11);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final ReplicaId C = new ReplicaId("c", 3);
    private static final ReplicaId D = new ReplicaId("d", 4);
    private static final VersionVector NOTHING = VersionVector.EMPTY;

    @Test
    void relays_noLinks_areNone() {
        assertThat(plan(NOTHING, Map.of())).isEmpty();
        assertThat(plan(NOTHING, Map.of(D, B)))
                .as("the peer in between is gone")
                .isEmpty();
    }

    @Test
    void relays_originsThatAreLinked_areFollowedDirectly() {
        Link b = new Link(B, NOTHING.with(B, 5).with(C, 5));
        Link c = new Link(C, NOTHING);

        assertThat(plan(NOTHING, Map.of(), b, c)).isEmpty();
        assertThat(plan(NOTHING, Map.of(C, B), b, c)).as("the link is back").isEmpty();
    }

    @Test
    void relays_originThatAPeerHasMoreOf_isFollowedThroughIt() {
        assertThat(plan(NOTHING.with(D, 2), Map.of(), new Link(B, NOTHING.with(D, 3))))
                .containsExactly(Map.entry(D, B));
    }

    @Test
    void relays_originThatNoPeerHasMoreOf_isNotFollowed() {
        assertThat(plan(NOTHING.with(D, 3), Map.of(), new Link(B, NOTHING.with(D, 3))))
                .isEmpty();
    }

    @Test
    void relays_severalPeersHaveMore_theOneThatHasMostIsTaken() {
        Link b = new Link(B, NOTHING.with(D, 3));
        Link c = new Link(C, NOTHING.with(D, 4));

        assertThat(plan(NOTHING, Map.of(), b, c)).containsExactly(Map.entry(D, C));
        assertThat(plan(NOTHING, Map.of(), c, b)).containsExactly(Map.entry(D, C));
    }

    @Test
    void relays_presentPeerStillHasMore_isKeptThoughAnotherHasMost() {
        Link b = new Link(B, NOTHING.with(D, 3));
        Link c = new Link(C, NOTHING.with(D, 4));

        assertThat(plan(NOTHING.with(D, 2), Map.of(D, B), b, c)).containsExactly(Map.entry(D, B));
        assertThat(plan(NOTHING.with(D, 2), Map.of(D, B), c, b)).containsExactly(Map.entry(D, B));
    }

    @Test
    void relays_presentPeerHasNoMore_isLeftForOneThatHas() {
        Link b = new Link(B, NOTHING.with(D, 3));
        Link c = new Link(C, NOTHING.with(D, 4));

        assertThat(plan(NOTHING.with(D, 3), Map.of(D, B), b, c)).containsExactly(Map.entry(D, C));
    }

    @Test
    void relays_nobodyHasMoreNow_keepsThePresentPeer() {
        assertThat(plan(NOTHING.with(D, 3), Map.of(D, B), new Link(B, NOTHING.with(D, 3))))
                .containsExactly(Map.entry(D, B));
    }

    @Test
    void relays_presentPeerIsNoLongerLinked_anotherTakesOver() {
        assertThat(plan(NOTHING, Map.of(D, B), new Link(C, NOTHING.with(D, 1)))).containsExactly(Map.entry(D, C));
    }

    @Test
    void relays_ownUpdates_areNeverFetched() {
        assertThat(plan(NOTHING.with(A, 1), Map.of(), new Link(B, NOTHING.with(A, 9))))
                .isEmpty();
    }

    @Test
    void relays_ownEarlierIncarnation_isFetchedBack() {
        assertThat(plan(NOTHING, Map.of(), new Link(B, NOTHING.with(A_OLD, 9)))).containsExactly(Map.entry(A_OLD, B));
    }

    @Test
    void relays_earlierIncarnationOfAPeer_isFetchedFromThatPeer() {
        ReplicaId old = new ReplicaId("b", 22);

        assertThat(plan(NOTHING, Map.of(), new Link(B, NOTHING.with(old, 9)))).containsExactly(Map.entry(old, B));
    }

    @Test
    void relays_triedInVain_areAskedOfAnotherWhileThatHasAnythingNew() {
        Link b = new Link(B, NOTHING.with(D, 9));
        Link c = new Link(C, NOTHING.with(D, 4));
        for (List<Link> links : List.of(List.of(b, c), List.of(c, b))) {
            assertThat(FollowPlan.relays(A, NOTHING, links, Map.of(), Map.of(D, B)))
                    .containsExactly(Map.entry(D, C));
            assertThat(FollowPlan.relays(A, NOTHING, links, Map.of(), Map.of(D, C)))
                    .containsExactly(Map.entry(D, B));
            assertThat(FollowPlan.relays(A, NOTHING.with(D, 4), links, Map.of(), Map.of(D, B)))
                    .as("no other peer has anything new")
                    .containsExactly(Map.entry(D, B));
        }
    }

    private static Map<ReplicaId, ReplicaId> plan(
            VersionVector clock, Map<ReplicaId, ReplicaId> current, Link... links) {
        return FollowPlan.relays(A, clock, List.of(links), current, Map.of());
    }
}
