package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp.Link;
import dev.hence.core.replication.CatchUp.Peer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node a starts with the peers b and c. */
final class CatchUpTest {

    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final ReplicaId B_WIPED = new ReplicaId("b", 3);
    private static final ReplicaId C = new ReplicaId("c", 4);
    private static final VersionVector NOTHING = VersionVector.EMPTY;
    private static final long ABSENT_MAX = 5_000;

    private CatchUp catchUp = new CatchUp(ReadyWhen.CAUGHT_UP, NOTHING, ABSENT_MAX);
    private VersionVector clock = NOTHING;
    private long millis = 70_000;

    private boolean look(Peer... peers) {
        catchUp.look(List.of(peers), clock, millis);
        return catchUp.isDone();
    }

    private static Peer b(Link link) {
        return new Peer("b:1", link == Link.FOLLOWED ? B : null, link);
    }

    private static Peer c(Link link) {
        return new Peer("c:1", link == Link.FOLLOWED ? C : null, link);
    }

    private static VersionVector has(ReplicaId replica, long counter) {
        return NOTHING.with(replica, counter);
    }

    @Test
    void look_withoutPeers_isDoneAtOnce() {
        assertThat(look()).isTrue();
    }

    @Test
    void look_ownAddressAmongThePeers_isNotWaitedFor() {
        assertThat(look(new Peer("a:1", null, Link.TRYING))).isFalse();
        assertThat(look(new Peer("a:1", null, Link.SELF))).isTrue();
    }

    @Test
    void look_aPeerIsFollowedAndHasNotAnnouncedItsClock_isNotDone() {
        millis += 10 * ABSENT_MAX;

        assertThat(look(b(Link.FOLLOWED))).isFalse();
        assertThat(catchUp.progress().awaited()).containsExactly("b:1");
    }

    @Test
    void look_theClockCoversWhatThePeerHadFirst_isDoneAlthoughThePeerHasMoreByNow() {
        catchUp.announced(B, has(B, 100));
        catchUp.announced(B, has(B, 5_000));
        clock = has(B, 99);
        assertThat(look(b(Link.FOLLOWED))).isFalse();

        clock = has(B, 100);
        assertThat(look(b(Link.FOLLOWED))).isTrue();
    }

    @Test
    void look_nodesThatStartEmptyMeet_areDoneAtOnce() {
        assertThat(look(b(Link.FAILED), c(Link.TRYING))).isFalse();

        catchUp.announced(C, NOTHING);

        assertThat(look(b(Link.FAILED), c(Link.FOLLOWED))).isTrue();
    }

    @Test
    void look_onePeerIsMetAndTheOtherHasNotAnsweredYet_waitsForItsAnswer() {
        catchUp.announced(C, NOTHING);
        assertThat(look(b(Link.TRYING), c(Link.FOLLOWED))).isFalse();

        assertThat(look(b(Link.FAILED), c(Link.FOLLOWED))).isTrue();
    }

    @Test
    void look_nobodyCanBeReached_isDoneWhenTheWaitIsOver() {
        assertThat(look(b(Link.FAILED), c(Link.TRYING))).isFalse();
        millis += ABSENT_MAX - 1;
        assertThat(look(b(Link.FAILED), c(Link.TRYING))).isFalse();
        millis++;
        assertThat(look(b(Link.FAILED), c(Link.TRYING))).isTrue();
    }

    @Test
    void look_aPeerIsLostWithMoreThanTheNodeHas_isWaitedForBriefly() {
        catchUp.announced(B, has(B, 100));
        catchUp.announced(C, NOTHING);
        assertThat(look(b(Link.FOLLOWED), c(Link.FOLLOWED))).isFalse();

        Peer lost = new Peer("b:1", B, Link.FAILED);
        assertThat(look(lost, c(Link.FOLLOWED))).isFalse();
        millis += ABSENT_MAX;
        assertThat(look(lost, c(Link.FOLLOWED))).isTrue();
    }

    @Test
    void look_aLostPeerComesBackAndIsLostAgain_isWaitedForAgain() {
        catchUp.announced(B, has(B, 100));
        look(b(Link.FOLLOWED));
        Peer lost = new Peer("b:1", B, Link.TRYING);
        look(lost);
        millis += ABSENT_MAX - 1;
        look(b(Link.FOLLOWED));
        millis += ABSENT_MAX - 1;
        assertThat(look(lost)).isFalse();
    }

    @Test
    void look_aPeerComesBackWithoutItsDisk_isWaitedForWithWhatItHasNow() {
        catchUp.announced(B, has(B, 100));
        look(b(Link.FOLLOWED));

        Peer wiped = new Peer("b:1", B_WIPED, Link.FOLLOWED);
        assertThat(look(wiped)).isFalse();
        assertThat(catchUp.progress().awaited()).containsExactly("b:1");
        catchUp.announced(B_WIPED, has(B, 40));
        clock = has(B, 40);

        assertThat(look(wiped)).isTrue();
    }

    @Test
    void look_onceDone_staysDone() {
        catchUp.announced(B, NOTHING);
        look(b(Link.FOLLOWED));
        catchUp.announced(C, has(C, 1_000));

        assertThat(look(b(Link.FOLLOWED), c(Link.FOLLOWED))).isTrue();
    }

    @Test
    void look_allPeers_waitsForEachHoweverLong() {
        catchUp = new CatchUp(ReadyWhen.ALL_PEERS, NOTHING, ABSENT_MAX);
        catchUp.announced(B, NOTHING);
        assertThat(look(b(Link.FOLLOWED), c(Link.FAILED))).isFalse();
        millis += 1_000 * ABSENT_MAX;
        assertThat(look(b(Link.FOLLOWED), c(Link.FAILED))).isFalse();
        assertThat(catchUp.progress().awaited()).containsExactly("c:1");

        catchUp.announced(C, has(C, 1));
        assertThat(look(b(Link.FOLLOWED), c(Link.FOLLOWED))).isFalse();
        clock = has(C, 1);
        // It was met, and the node has its updates: whether it is connected now does not matter.
        assertThat(look(b(Link.FOLLOWED), new Peer("c:1", C, Link.FAILED))).isTrue();
    }

    @Test
    void isDone_started_fromTheBeginning() {
        assertThat(new CatchUp(ReadyWhen.STARTED, NOTHING, ABSENT_MAX).isDone()).isTrue();
    }

    @Test
    void progress_countsWhatWasMissingWhenTheNodeStarted() {
        clock = has(B, 1_000);
        catchUp = new CatchUp(ReadyWhen.CAUGHT_UP, clock, ABSENT_MAX);
        catchUp.announced(B, has(B, 3_000).with(C, 500));
        catchUp.announced(C, has(B, 2_000).with(C, 1_000));
        look(b(Link.FOLLOWED), c(Link.FOLLOWED));
        assertThat(catchUp.progress().updatesTotal()).isEqualTo(3_000);
        assertThat(catchUp.progress().percent()).isZero();

        // The thousand updates that B has written since are not among them.
        clock = has(B, 4_000).with(C, 100);
        look(b(Link.FOLLOWED), c(Link.FOLLOWED));

        assertThat(catchUp.progress().updates()).isEqualTo(2_100);
        assertThat(catchUp.progress().percent()).isEqualTo(70);
    }

    @Test
    void progress_secondsLeft_areThoseOfTheRateOfTheLastSeconds() {
        catchUp.announced(B, has(B, 10_000));
        look(b(Link.FOLLOWED));
        assertThat(catchUp.progress().secondsLeft()).as("at first").isEmpty();
        for (int second = 1; second <= 10; second++) {
            millis += 1_000;
            clock = has(B, second * 100L);
            look(b(Link.FOLLOWED));
        }
        assertThat(catchUp.progress().secondsLeft()).hasValue(90);

        for (int second = 1; second <= 30; second++) {
            millis += 1_000;
            look(b(Link.FOLLOWED));
        }
        assertThat(catchUp.progress().secondsLeft()).as("when nothing comes").isEmpty();
    }
}
