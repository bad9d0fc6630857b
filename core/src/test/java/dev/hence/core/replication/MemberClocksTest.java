package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemberClocksTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId A_NEW = new ReplicaId("a", 0);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final ReplicaId C = new ReplicaId("c", 3);
    private static final VersionVector NOTHING = VersionVector.EMPTY;

    private final MemberClocks clocks = new MemberClocks();

    @Test
    void entries_nothingHeard_areNone() {
        assertThat(clocks.entries()).isEmpty();
    }

    @Test
    void observe_firstWord_isTakenAsItIs() {
        clocks.observe(heartbeat(A, NOTHING.with(A, 2), NOTHING.with(A, 1)));

        assertThat(clocks.entries()).containsExactly(new MemberClocks.Entry(A, NOTHING.with(A, 2), NOTHING.with(A, 1)));
    }

    @Test
    void observe_laterWord_raisesBothClocks() {
        clocks.observe(heartbeat(A, NOTHING.with(A, 2), NOTHING.with(A, 1)));
        clocks.observe(heartbeat(A, NOTHING.with(A, 2).with(B, 1), NOTHING.with(A, 2)));

        assertThat(clocks.entries())
                .containsExactly(new MemberClocks.Entry(A, NOTHING.with(A, 2).with(B, 1), NOTHING.with(A, 2)));
    }

    @Test
    void observe_earlierWordThatComesLate_changesNothing() {
        Heartbeat late = heartbeat(A, NOTHING.with(A, 1), NOTHING);
        Heartbeat latest = heartbeat(A, NOTHING.with(A, 2), NOTHING.with(A, 2));
        clocks.observe(late);
        clocks.observe(latest);
        List<MemberClocks.Entry> before = clocks.entries();

        clocks.observe(late);

        assertThat(clocks.entries()).isEqualTo(before);
    }

    @Test
    void observe_wordOfOthers_isJoinedInTheOrderOfNames() {
        clocks.observe(heartbeat(C, NOTHING.with(C, 1), NOTHING.with(C, 1)));
        clocks.observe(heartbeat(
                B,
                NOTHING.with(B, 1),
                NOTHING.with(B, 1),
                new MemberClocks.Entry(C, NOTHING.with(C, 2), NOTHING),
                new MemberClocks.Entry(A, NOTHING.with(A, 5), NOTHING.with(A, 4))));

        assertThat(clocks.entries())
                .containsExactly(
                        new MemberClocks.Entry(A, NOTHING.with(A, 5), NOTHING.with(A, 4)),
                        new MemberClocks.Entry(B, NOTHING.with(B, 1), NOTHING.with(B, 1)),
                        new MemberClocks.Entry(C, NOTHING.with(C, 2), NOTHING.with(C, 1)));
    }

    @Test
    void observe_memberBackWithAnEmptyDisk_isNoLongerSaidToHaveWhatItLost() {
        clocks.observe(
                heartbeat(A, NOTHING.with(A, 9).with(B, 7), NOTHING.with(A, 9).with(B, 7)));

        clocks.observe(heartbeat(A_NEW, NOTHING.with(B, 1), NOTHING));

        assertThat(clocks.entries()).containsExactly(new MemberClocks.Entry(A_NEW, NOTHING.with(B, 1), NOTHING));
    }

    @Test
    void observe_othersWordAboutAnIncarnationThatHasUpdatesOfTheKnownOne_isTakenForNewer() {
        // The clock of a member with a new incarnation once stayed frozen at nodes behind a chain.
        MemberClocks.Entry before = new MemberClocks.Entry(A, NOTHING.with(A, 9), NOTHING.with(A, 9));
        MemberClocks.Entry after =
                new MemberClocks.Entry(A_NEW, NOTHING.with(A, 9).with(A_NEW, 1), NOTHING);
        clocks.observe(heartbeat(B, NOTHING, NOTHING, before));

        clocks.observe(heartbeat(B, NOTHING, NOTHING, after));
        assertThat(clocks.entries()).contains(after);

        clocks.observe(heartbeat(C, NOTHING, NOTHING, before));
        assertThat(clocks.entries()).contains(after).doesNotContain(before);
    }

    @Test
    void observe_lateWordOfTheEndedIncarnationItself_doesNotComeBack() {
        Heartbeat late = heartbeat(A, NOTHING.with(A, 9), NOTHING);
        MemberClocks.Entry after = new MemberClocks.Entry(A_NEW, NOTHING.with(A, 9), NOTHING);
        clocks.observe(heartbeat(B, NOTHING, NOTHING, after));

        clocks.observe(late);

        assertThat(clocks.entries()).contains(after).hasSize(2);
    }

    @Test
    void observe_othersWordAboutAnIncarnationThatMayBeOlder_isPassedOver() {
        clocks.observe(heartbeat(A_NEW, NOTHING.with(B, 1), NOTHING));

        clocks.observe(heartbeat(
                B, NOTHING.with(B, 7), NOTHING, new MemberClocks.Entry(A, NOTHING.with(A, 9), NOTHING.with(A, 9))));

        assertThat(clocks.entries())
                .containsExactly(
                        new MemberClocks.Entry(A_NEW, NOTHING.with(B, 1), NOTHING),
                        new MemberClocks.Entry(B, NOTHING.with(B, 7), NOTHING));
    }

    private static Heartbeat heartbeat(
            ReplicaId from, VersionVector applied, VersionVector durable, MemberClocks.Entry... others) {
        return new Heartbeat(from, applied, durable, 1_800_000_000_000L, List.of(others));
    }
}
