package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.Relays.RelayRoute;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node a reads the feeds of b and c; the updates of d and e reach it only through them. */
final class RelaysTest {

    private static final ReplicaId SELF = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final ReplicaId C = new ReplicaId("c", 3);
    private static final ReplicaId D = new ReplicaId("d", 4);
    private static final ReplicaId E = new ReplicaId("e", 5);
    private static final VersionVector NOTHING = VersionVector.EMPTY;
    private static final long REST_MILLIS = 1_000;

    private final Relays relays = new Relays(REST_MILLIS);
    private VersionVector clock = NOTHING;
    private long millis = 5_000;

    private Relays.Steps plan(FollowPlan.Link... links) {
        return relays.plan(SELF, clock, Arrays.asList(links), millis);
    }

    private static FollowPlan.Link link(ReplicaId peer, VersionVector applied) {
        return new FollowPlan.Link(peer, applied);
    }

    private static Relays.Steps nothing() {
        return new Relays.Steps(List.of(), List.of());
    }

    private static Relays.Steps opens(RelayRoute... relays) {
        return new Relays.Steps(List.of(), List.of(relays));
    }

    @Test
    void plan_nobodyHasAnythingNew_opensNothing() {
        clock = NOTHING.with(D, 3);
        assertThat(plan(link(B, NOTHING.with(D, 3)))).isEqualTo(nothing());
        assertThat(relays.current()).isEmpty();
    }

    @Test
    void plan_originsThatCannotBeReached_areOpenedOnce() {
        FollowPlan.Link b = link(B, NOTHING.with(D, 3).with(E, 1));
        assertThat(plan(b)).isEqualTo(opens(new RelayRoute(D, B), new RelayRoute(E, B)));
        assertThat(plan(b)).isEqualTo(nothing());
        assertThat(relays.current()).containsExactly(new RelayRoute(D, B), new RelayRoute(E, B));
    }

    @Test
    void plan_originThatIsReachedAgain_closesItsRelay() {
        plan(link(B, NOTHING.with(D, 3)));
        assertThat(plan(link(B, NOTHING.with(D, 3)), link(D, NOTHING)))
                .isEqualTo(new Relays.Steps(List.of(new RelayRoute(D, B)), List.of()));
        assertThat(relays.current()).isEmpty();
    }

    @Test
    void plan_peerThatIsLost_movesItsRelayToAnother() {
        FollowPlan.Link c = link(C, NOTHING.with(D, 2));
        plan(link(B, NOTHING.with(D, 3)), c);
        assertThat(plan(c)).isEqualTo(new Relays.Steps(List.of(new RelayRoute(D, B)), List.of(new RelayRoute(D, C))));
    }

    @Test
    void plan_relayThatHasBroughtEverything_staysOpenForWhatIsStillToCome() {
        plan(link(B, NOTHING.with(D, 3)));
        clock = NOTHING.with(D, 3);
        assertThat(plan(link(B, NOTHING.with(D, 3)))).isEqualTo(nothing());
        assertThat(relays.current()).containsExactly(new RelayRoute(D, B));
    }

    @Test
    void ended_useful_isOpenedAgainAtOnceWhereThereIsMore() {
        FollowPlan.Link b = link(B, NOTHING.with(D, 3));
        plan(b);
        relays.ended(new RelayRoute(D, B), true, millis);
        assertThat(plan(b)).isEqualTo(opens(new RelayRoute(D, B)));
    }

    @Test
    void ended_usefulWithNothingMore_isGone() {
        plan(link(B, NOTHING.with(D, 3)));
        clock = NOTHING.with(D, 3);
        relays.ended(new RelayRoute(D, B), true, millis);
        assertThat(plan(link(B, NOTHING.with(D, 3)))).isEqualTo(nothing());
        assertThat(relays.current()).isEmpty();
    }

    @Test
    void ended_inVain_restsBeforeItIsTriedAgain() {
        FollowPlan.Link b = link(B, NOTHING.with(D, 3));
        plan(b);
        relays.ended(new RelayRoute(D, B), false, millis);
        millis += REST_MILLIS - 1;
        assertThat(plan(b)).isEqualTo(nothing());
        assertThat(relays.current()).containsExactly(new RelayRoute(D, B));
        millis++;
        assertThat(plan(b)).isEqualTo(opens(new RelayRoute(D, B)));
    }

    @Test
    void ended_inVain_isTriedThroughAnotherPeerAlthoughThatHasLess() {
        FollowPlan.Link b = link(B, NOTHING.with(D, 9));
        FollowPlan.Link c = link(C, NOTHING.with(D, 2));
        assertThat(plan(b, c)).isEqualTo(opens(new RelayRoute(D, B)));
        relays.ended(new RelayRoute(D, B), false, millis);
        millis += REST_MILLIS;
        assertThat(plan(b, c)).isEqualTo(opens(new RelayRoute(D, C)));
        // When that peer has nothing new, only the first peer is left.
        clock = NOTHING.with(D, 2);
        relays.ended(new RelayRoute(D, C), true, millis);
        assertThat(plan(b, c)).isEqualTo(opens(new RelayRoute(D, B)));
    }

    @Test
    void ended_inVainByTurns_triesEachByTurns() {
        FollowPlan.Link b = link(B, NOTHING.with(D, 9));
        FollowPlan.Link c = link(C, NOTHING.with(D, 2));
        ReplicaId[] expected = {B, C, B, C};
        for (ReplicaId through : expected) {
            assertThat(plan(b, c)).isEqualTo(opens(new RelayRoute(D, through)));
            relays.ended(new RelayRoute(D, through), false, millis);
            millis += REST_MILLIS;
        }
    }

    @Test
    void ended_resting_isNotClosedOnceMoreWhenThePlanDropsIt() {
        plan(link(B, NOTHING.with(D, 3)));
        relays.ended(new RelayRoute(D, B), false, millis);
        assertThat(plan(link(B, NOTHING.with(D, 3)), link(D, NOTHING))).isEqualTo(nothing());
        assertThat(relays.current()).isEmpty();
    }

    @Test
    void ended_anotherThanTheOneThatIsOpen_changesNothing() {
        FollowPlan.Link c = link(C, NOTHING.with(D, 2));
        plan(c);
        relays.ended(new RelayRoute(D, B), false, millis);
        relays.ended(new RelayRoute(E, B), true, millis);
        assertThat(plan(c)).isEqualTo(nothing());
        assertThat(relays.current()).containsExactly(new RelayRoute(D, C));
    }
}
