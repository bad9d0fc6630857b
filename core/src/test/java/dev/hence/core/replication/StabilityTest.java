package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.MemberClocks.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The updates that node a considers stable from what it hears of b and c. */
final class StabilityTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId A_NEW = new ReplicaId("a", 11);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final ReplicaId B_NEW = new ReplicaId("b", 22);
    private static final ReplicaId C = new ReplicaId("c", 3);
    private static final ReplicaId D = new ReplicaId("d", 4);
    private static final VersionVector NOTHING = VersionVector.EMPTY;
    private static final VersionVector ALL = clock(5, 5, 5);

    private final Stability stability = new Stability(List.of("a", "b", "c"));

    private static VersionVector clock(long a, long b, long c) {
        return NOTHING.with(A, a).with(B, b).with(C, c);
    }

    /** An announcement of a member that has stored everything in it. */
    private static Entry said(ReplicaId member, VersionVector durable) {
        return new Entry(member, durable, durable);
    }

    private VersionVector update(VersionVector clock, Entry... heard) {
        return stability.update(A, clock, clock, List.of(heard));
    }

    @Test
    void update_everybodyHasStored_isWhatAllHave() {
        assertThat(update(ALL, said(B, clock(4, 5, 3)), said(C, clock(2, 5, 5))))
                .isEqualTo(clock(2, 5, 3));
        assertThat(stability.stable()).isEqualTo(clock(2, 5, 3));
    }

    @Test
    void update_nodeAlone_isWhatItHasStored() {
        Stability alone = new Stability(List.of("a"));
        assertThat(alone.update(A, NOTHING.with(A, 3), NOTHING.with(A, 2), List.of()))
                .isEqualTo(NOTHING.with(A, 2));
    }

    @Test
    void update_memberNotHeardOf_leavesEverythingOpen() {
        assertThat(update(ALL, said(B, ALL))).isEqualTo(NOTHING);
    }

    @Test
    void update_memberThatIsAway_keepsWhatItHadWhenItWasHeardLast() {
        Entry away = said(C, clock(1, 1, 5));
        assertThat(update(ALL, said(B, ALL), away)).isEqualTo(clock(1, 1, 5));
        VersionVector later = clock(9, 9, 5);
        assertThat(update(later, said(B, later), away)).isEqualTo(clock(1, 1, 5));
    }

    @Test
    void update_appliedAndNotStored_isNotStable() {
        Entry unsafe = new Entry(C, ALL, clock(2, 2, 2));
        assertThat(update(ALL, said(B, ALL), unsafe)).isEqualTo(clock(2, 2, 2));
        assertThat(new Stability(List.of("a", "b"))
                        .update(A, clock(5, 5, 0), clock(3, 5, 0), List.of(said(B, clock(5, 5, 0)))))
                .as("by this node itself")
                .isEqualTo(clock(3, 5, 0));
    }

    @Test
    void update_announcementAheadOfWhatThisNodeHasOfTheMember_doesNotCountYet() {
        // C had made c:6 before it stored all of this: it may be in flight with none of it in its past.
        Entry ahead = said(C, clock(5, 5, 6));
        assertThat(update(ALL, said(B, ALL), ahead)).isEqualTo(NOTHING);
        VersionVector caughtUp = clock(5, 5, 6);
        assertThat(update(caughtUp, said(B, ALL), ahead)).isEqualTo(ALL);
    }

    @Test
    void update_heardOfALaterTimeWithLess_onlyGrows() {
        update(ALL, said(B, ALL), said(C, ALL));
        assertThat(update(ALL, said(B, clock(1, 1, 1)), said(C, ALL))).isEqualTo(ALL);
    }

    @Test
    void update_whatOthersSayOfThisNode_isNotTakenForItsOwnWord() {
        Entry outdated = said(A, clock(1, 1, 1));
        assertThat(update(ALL, outdated, said(B, ALL), said(C, ALL))).isEqualTo(ALL);
    }

    @Test
    void update_memberWithANewIncarnation_growsNoMore() {
        update(clock(1, 1, 1), said(B, clock(1, 1, 1)), said(C, clock(1, 1, 1)));
        VersionVector renewed = ALL.with(B_NEW, 1);
        assertThat(update(renewed, said(B_NEW, renewed), said(C, renewed))).isEqualTo(clock(1, 1, 1));
    }

    @Test
    void update_incarnationThatEndedBeforeItWasKnownToWrite_isNotForgotten() {
        // Its updates may wait in a buffer of C and were made before anything that is stored now.
        VersionVector early = clock(1, 0, 1);
        assertThat(update(early, said(B, NOTHING), said(C, early))).isEqualTo(NOTHING);
        VersionVector late = clock(5, 0, 5);
        assertThat(update(late, said(B_NEW, late), said(C, late))).isEqualTo(NOTHING);
    }

    @Test
    void hear_incarnationThatOnlyOthersTellOf_isNotForgotten() {
        stability.hear(new Heartbeat(C, NOTHING, NOTHING, 0, List.of(said(B, NOTHING))));
        VersionVector late = clock(5, 0, 5);
        assertThat(update(late, said(B_NEW, late), said(C, late))).isEqualTo(NOTHING);
    }

    @Test
    void hear_writerThatOnlyOthersHave_hasToBeHeardOfToo() {
        stability.hear(new Heartbeat(C, NOTHING, NOTHING, 0, List.of(said(B, NOTHING.with(D, 1)))));
        assertThat(update(ALL, said(B, ALL), said(C, ALL))).isEqualTo(NOTHING);
    }

    @Test
    void update_thisNodeWithANewIncarnation_growsNoMore() {
        update(clock(1, 1, 1), said(B, clock(1, 1, 1)), said(C, clock(1, 1, 1)));
        assertThat(stability.update(A_NEW, ALL, ALL, List.of(said(B, ALL), said(C, ALL))))
                .isEqualTo(clock(1, 1, 1));
    }

    @Test
    void update_incarnationThatOnlyOthersHave_isNotPassedOver() {
        assertThat(update(ALL, said(B, ALL), new Entry(C, ALL.with(B_NEW, 1), ALL)))
                .isEqualTo(NOTHING);
    }

    @Test
    void update_writerThatNobodyIsConfiguredWith_hasToBeHeardOfToo() {
        VersionVector withD = ALL.with(D, 1);
        assertThat(update(withD, said(B, withD), said(C, withD))).isEqualTo(NOTHING);
        assertThat(update(withD, said(B, withD), said(C, withD), said(D, clock(4, 4, 4))))
                .isEqualTo(clock(4, 4, 4));
    }

    @Test
    void admit_anotherMember_isWaitedFor() {
        stability.admit("d");
        assertThat(update(ALL, said(B, ALL), said(C, ALL))).isEqualTo(NOTHING);
        assertThat(update(ALL, said(B, ALL), said(C, ALL), said(D, ALL))).isEqualTo(ALL);
    }
}
