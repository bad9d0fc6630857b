package dev.hence.core.replication;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IntakeTest {

    private static final ReplicaId ORIGIN = new ReplicaId("a", 1);
    private static final ReplicaId OTHER = new ReplicaId("b", 2);
    private static final Receipt TAKEN = new Receipt.Delivered();
    private static final Receipt BUFFERED = new Receipt.Buffered(new Dot(OTHER, 1));
    private static final Receipt REFUSED = new Receipt.Refused();

    private static Intake of(long... counters) {
        List<Update> updates = new ArrayList<>();
        for (long counter : counters) {
            updates.add(Updates.of(ORIGIN, counter));
        }
        return new Intake(Frame.each(updates));
    }

    private static List<Long> counters(Intake intake) {
        return intake.left().stream()
                .map(frame -> frame.first().dot().counter())
                .toList();
    }

    private static boolean offered(Intake intake, Receipt... receipts) {
        return intake.offered(Arrays.asList(receipts));
    }

    @Test
    void isOverdue_noneAcceptedForTooLong_isTrueUntilOneIs() {
        Intake intake = of(1, 2);

        assertThat(intake.isOverdue(1_000, 50)).as("the wait begins").isFalse();
        assertThat(intake.isOverdue(1_050, 50)).isFalse();
        assertThat(intake.isOverdue(1_051, 50)).isTrue();
        offered(intake, TAKEN, REFUSED);
        assertThat(intake.isOverdue(1_060, 50)).as("one was accepted").isFalse();
        assertThat(intake.isOverdue(1_111, 50)).isTrue();
    }

    @Test
    void offered_allTaken_leavesNothing() {
        Intake intake = of(1, 2, 3);
        assertThat(offered(intake, TAKEN, BUFFERED, new Receipt.Duplicate())).isFalse();
        assertThat(intake.isEmpty()).isTrue();
    }

    @Test
    void offered_oneRefused_leavesItAndWhatCameAfterItUntilThereIsRoom() {
        Intake intake = of(1, 2, 3, 4);
        assertThat(offered(intake, TAKEN, BUFFERED, REFUSED)).isFalse();
        assertThat(counters(intake)).containsExactly(3L, 4L);
        assertThat(offered(intake, TAKEN, TAKEN)).isFalse();
        assertThat(intake.isEmpty()).isTrue();
    }

    @Test
    void offered_nothingLookedAt_leavesEverything() {
        Intake intake = of(1, 2);
        assertThat(offered(intake)).isFalse();
        assertThat(counters(intake)).containsExactly(1L, 2L);
    }

    @Test
    void offered_refusedInTheWrongOrder_isOfferedAtOnceWithTheNextOneFirst() {
        // Two fitted into the buffer; the one that all others wait for did not, and must come first.
        Intake intake = of(4, 3, 2, 1);
        assertThat(offered(intake, BUFFERED, BUFFERED, REFUSED)).isTrue();
        assertThat(counters(intake)).containsExactly(1L, 2L);
        assertThat(offered(intake, REFUSED)).isFalse();
    }

    @Test
    void appliedThere_isAllThatTheUpdatesShowWhicheverWayRoundTheyAre() {
        List<Update> updates = List.of(
                Updates.of(ORIGIN, 1),
                Updates.of(ORIGIN, 2, VersionVector.EMPTY.with(OTHER, 3)),
                Updates.of(ORIGIN, 3, VersionVector.EMPTY.with(OTHER, 7)));
        VersionVector all = VersionVector.EMPTY.with(ORIGIN, 3).with(OTHER, 7);
        assertThat(new Intake(Frame.each(updates)).appliedThere()).isEqualTo(all);
        assertThat(new Intake(Frame.each(updates.reversed())).appliedThere()).isEqualTo(all);
    }

    @Test
    void left_whenTheHostReusesItsList_isNotTouched() {
        List<Frame> batch = new ArrayList<>(Frame.each(List.of(Updates.of(ORIGIN, 1))));
        Intake intake = new Intake(batch);
        batch.clear();
        assertThat(counters(intake)).containsExactly(1L);
    }

    @Test
    void offered_aheadOfTime_isHeldAndNotOfferedAgain() {
        Intake intake = of(1, 2, 3);
        assertThat(offered(intake, TAKEN, new Receipt.AheadOfTime(5))).isFalse();
        assertThat(requireNonNull(intake.aheadOfTime()).dot()).isEqualTo(new Dot(ORIGIN, 2));
    }

    @Test
    void offered_aheadOfTimeBeforeAnEarlierOne_offersTheEarlierFirst() {
        Intake intake = of(3, 2, 1);
        assertThat(offered(intake, new Receipt.AheadOfTime(5))).isTrue();
        assertThat(intake.aheadOfTime()).isNull();
        assertThat(counters(intake)).containsExactly(1L, 2L, 3L);
        assertThat(offered(intake, TAKEN, new Receipt.AheadOfTime(5))).isFalse();
        assertThat(requireNonNull(intake.aheadOfTime()).dot()).isEqualTo(new Dot(ORIGIN, 2));
    }
}
