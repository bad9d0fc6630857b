package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.replication.ClockAgreement.Reading;
import dev.hence.core.replication.ClockAgreement.Verdict;
import org.junit.jupiter.api.Test;

final class ClockAgreementTest {

    private static final long NOW = 1_800_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final ClockBound BOUND = new ClockBound(300_000);

    private final ClockAgreement agreement = new ClockAgreement(new ClockAgreement.Rule(10_000, 5_000));

    private static long timestamp(long millis) {
        return millis << 16;
    }

    /** Returns the reading of a node with a number of peers, some of which are ahead of it. */
    private Reading reading(int peers, long... aheadMillis) {
        for (int i = 0; i < aheadMillis.length; i++) {
            agreement.heard("peer" + i, NOW + aheadMillis[i], 100);
        }
        return agreement.read(peers, NOW, 100);
    }

    @Test
    void verdict_alone_agreesWithItself() {
        assertThat(reading(0).verdict()).isEqualTo(Verdict.AGREES);
        assertThat(reading(0).removalMillis()).hasValue(NOW);
    }

    @Test
    void verdict_oneOfThreeIsWrong_theOthersAgreeAndItDisagrees() {
        assertThat(reading(2, 3, HOUR).verdict()).isEqualTo(Verdict.AGREES);
        assertThat(reading(2, HOUR, HOUR + 5).verdict()).isEqualTo(Verdict.DISAGREES);
    }

    @Test
    void verdict_twoThatDiffer_cannotTellWhichIsWrong() {
        assertThat(reading(1, -HOUR).verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(reading(1, -HOUR).removalMillis()).isEmpty();
    }

    @Test
    void verdict_minorityThatHearsOnlyItself_isUndecided() {
        assertThat(reading(4, 0).verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(reading(4).verdict()).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void read_whatWasHeard_moves_onWithTimeUntilItIsOld() {
        agreement.heard("b", NOW, 1_000);
        assertThat(agreement.read(1, NOW, 4_000).others()).containsEntry("b", NOW + 3_000);
        assertThat(agreement.read(1, NOW, 6_001).others()).isEmpty();
    }

    @Test
    void removalMillis_clocksThatAgree_isTheEarliestOfThem() {
        assertThat(reading(4, -9_000, 9_000, -HOUR, HOUR).removalMillis()).hasValue(NOW - 9_000);
    }

    @Test
    void refusesWrites_ownClockTooFarAheadForMost_isRefusedEarly() {
        assertThat(reading(2, -HOUR, -HOUR).refusesWrites(timestamp(NOW), BOUND))
                .isTrue();
        assertThat(reading(2, -HOUR, 0).refusesWrites(timestamp(NOW), BOUND)).isFalse();
    }

    @Test
    void refusesWrites_oneOfTwoIsBehind_neitherStopsTheOther() {
        assertThat(reading(1, -HOUR).refusesWrites(timestamp(NOW), BOUND)).isFalse();
        assertThat(reading(1, HOUR).refusesWrites(timestamp(NOW), BOUND)).isFalse();
    }

    @Test
    void refusesWrites_nodeThatHearsNobody_goesOn() {
        assertThat(reading(2).refusesWrites(timestamp(NOW), BOUND)).isFalse();
    }

    @Test
    void refusesWrites_hybridClockOfAMendedNode_isRefusedUntilTimeHasCaughtUp() {
        assertThat(reading(2).refusesWrites(timestamp(NOW + HOUR), BOUND)).isTrue();
        assertThat(reading(2, 0, 0).refusesWrites(timestamp(NOW + HOUR), BOUND)).isTrue();
        assertThat(reading(2, 0, 0).refusesWrites(timestamp(NOW + 300_000), BOUND))
                .isFalse();
    }

    @Test
    void refusesWrites_ownClockBehindTheOthers_isNotWhatTheyWouldHold() {
        assertThat(reading(2, HOUR, HOUR).refusesWrites(timestamp(NOW + HOUR), BOUND))
                .isFalse();
        assertThat(reading(2, HOUR).refusesWrites(timestamp(NOW + HOUR), BOUND)).isFalse();
    }

    @Test
    void refusesWrites_nodeWithoutPeers_neverHasAnybodyToHoldThem() {
        assertThat(reading(0).refusesWrites(timestamp(NOW + HOUR), BOUND)).isFalse();
    }

    /**
     * A peer just within the bound must not block nodes that accept its updates, although the other clocks seem
     * slightly behind.
     */
    @Test
    void refusesWrites_draggedAheadByWhatItTook_goesOn() {
        assertThat(reading(3, -200, -200, 299_999).refusesWrites(timestamp(NOW + 299_999) + 7, BOUND))
                .isFalse();
    }
}
