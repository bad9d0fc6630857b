package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import org.junit.jupiter.api.Test;

/** Node a follows peer b, which may return as b_new. */
final class FollowedPeerTest {

    private static final ReplicaId SELF = new ReplicaId("a", 1);
    private static final ReplicaId PEER = new ReplicaId("b", 2);
    private static final ReplicaId PEER_NEW = new ReplicaId("b", 22);
    private static final VersionVector NOTHING = VersionVector.EMPTY;
    private static final double LONGEST = 1;

    private final FollowedPeer peer = new FollowedPeer(null, new FollowedPeer.Retry(10, 100));

    private void follow(ReplicaId source) {
        assertThat(peer.meet(source, new Answer.Serve(source, 0), SELF, NOTHING))
                .isEqualTo(new HandshakeOutcome.Follow());
    }

    private void refuse() {
        assertThat(peer.meet(PEER, new Answer.Refuse("a test wants it"), SELF, NOTHING))
                .isInstanceOf(HandshakeOutcome.Rest.class);
    }

    @Test
    void beforeItWasMet_isNobodyAndNoLink() {
        assertThat(peer.peer()).isNull();
        assertThat(peer.memberName()).isNull();
        assertThat(peer.isFollowing()).isFalse();
        assertThat(peer.link()).isEmpty();
    }

    @Test
    void link_whileItsFeedIsRead_saysWhatItHas() {
        follow(PEER);
        peer.has(NOTHING.with(PEER, 3));
        peer.has(NOTHING.with(SELF, 1).with(PEER, 2));
        assertThat(peer.link())
                .hasValue(new FollowPlan.Link(PEER, NOTHING.with(PEER, 3).with(SELF, 1)));
        peer.lost();
        assertThat(peer.link()).isEmpty();
        assertThat(peer.peer()).isEqualTo(PEER);
    }

    @Test
    void meet_again_forgetsWhatThePeerHadForItMayBeGone() {
        follow(PEER);
        peer.has(NOTHING.with(PEER, 3));
        peer.lost();
        follow(PEER_NEW);
        assertThat(peer.link()).hasValue(new FollowPlan.Link(PEER_NEW, NOTHING));
    }

    @Test
    void meet_notFollowed_isNoLinkButKnown() {
        refuse();
        assertThat(peer.isFollowing()).isFalse();
        assertThat(peer.link()).isEmpty();
        assertThat(peer.peer()).isEqualTo(PEER);
    }

    @Test
    void memberName_isTheOneConfiguredOrThatOfThePeerLastFollowed() {
        refuse();
        assertThat(peer.memberName()).as("it may be of another cluster").isNull();
        follow(PEER);
        assertThat(peer.memberName()).isEqualTo("b");
        peer.lost();
        assertThat(peer.memberName()).isEqualTo("b");
        FollowedPeer named = new FollowedPeer("c", new FollowedPeer.Retry(10, 100));
        named.meet(PEER, new Answer.Serve(PEER, 0), SELF, NOTHING);
        assertThat(named.memberName()).isEqualTo("c");
    }

    @Test
    void pauseMillis_failureUponFailure_doublesUpToTheLongest() {
        long[] expected = {10, 20, 40, 80, 100, 100};
        for (long millis : expected) {
            peer.lost();
            assertThat(peer.pauseMillis(LONGEST)).isEqualTo(millis);
        }
    }

    @Test
    void pauseMillis_refusals_countAsFailures() {
        refuse();
        refuse();
        refuse();
        assertThat(peer.pauseMillis(LONGEST)).isEqualTo(40);
    }

    @Test
    void pauseMillis_afterAFeedWasRead_isTheShortestAgain() {
        refuse();
        refuse();
        refuse();
        follow(PEER);
        peer.lost();
        assertThat(peer.pauseMillis(LONGEST)).isEqualTo(10);
        peer.lost();
        assertThat(peer.pauseMillis(LONGEST)).isEqualTo(10);
        peer.lost();
        assertThat(peer.pauseMillis(LONGEST)).isEqualTo(20);
    }

    @Test
    void pauseMillis_feedThatBreaksEachTimeItIsRead_isNotTriedWithoutPause() {
        for (int i = 0; i < 5; i++) {
            follow(PEER);
            peer.broken();
        }
        assertThat(peer.isFollowing()).isFalse();
        assertThat(peer.pauseMillis(LONGEST)).isEqualTo(100);
    }

    @Test
    void hasFailed_untilItsFeedIsReadAndAgainAfterTheNextAttemptInVain() {
        assertThat(peer.hasFailed()).isFalse();
        peer.lost();
        assertThat(peer.hasFailed()).isTrue();
        follow(PEER);
        peer.lost();
        assertThat(peer.hasFailed()).as("lost, and not tried since").isFalse();
        refuse();
        assertThat(peer.hasFailed()).isTrue();
    }

    @Test
    void pauseMillis_byChance_isBetweenHalfAndWhole() {
        assertThat(peer.pauseMillis(0)).isEqualTo(5);
        assertThat(peer.pauseMillis(0.5)).isEqualTo(7);
        assertThat(peer.pauseMillis(1)).isEqualTo(10);
    }
}
