package dev.hence.simulator.history;

import static dev.hence.simulator.history.Histories.history;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.history.BadPattern.Kind;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class HistoryCheckerTest {
    @Test
    void check_emptyHistory_holds() {
        assertHolds();
    }

    @Test
    void check_questionAndAnswerInOrder_holds() {
        assertHolds("a: x=1", "b: x?1", "b: y=2", "c: y?2", "c: x?1");
    }

    @Test
    void check_answerWithoutQuestion_isWriteCOInitRead() {
        assertBroken(Kind.WRITE_CO_INIT_READ, "#1 (session a", "a: x=1", "b: x?1", "b: y=2", "c: y?2", "c: x?-");
    }

    @Test
    void check_partOfATransactionSeen_isWriteCOInitRead() {
        assertBroken(Kind.WRITE_CO_INIT_READ, "key y as absent", "a: x=1 y=2", "b: x?1 y?-");
    }

    @Test
    void check_staleReadAfterOverwriting_isWriteCORead() {
        assertBroken(Kind.WRITE_CO_READ, "#1", "a: x=1", "a: x=2", "b: x?2", "b: x?1");
    }

    @Test
    void check_ownWriteForgotten_isWriteCOReadAsInTheDocumentation() throws IOException {
        Verdict verdict = HistoryChecker.check(history("a: x=1", "a: x=2", "a: x?1"));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Broken.class,
                        broken -> assertThat(Path.of("..", "docs", "histories.md"))
                                .content()
                                .contains(broken.pattern().toString()));
    }

    @Test
    void check_concurrentWritesInAnyOrderOfArrival_holds() {
        assertHolds("a: x=1", "b: x=2", "a: x?1", "b: x?2", "a: x?2", "b: x?2");
    }

    @Test
    void check_twoReadersDisagreeOnConcurrentWrites_isCyclicCF() {
        assertBroken(Kind.CYCLIC_CF, "is overwritten by", "a: x=1", "b: x=2", "c: x?1", "c: x?2", "d: x?2", "d: x?1");
    }

    @Test
    void check_disagreementThroughTwoKeys_isCyclicCF() {
        assertBroken(
                Kind.CYCLIC_CF,
                "says",
                "a: x=1",
                "a: y=1",
                "b: y=2",
                "b: x=2",
                "a: y?2",
                "b: x?1",
                "c: x?2",
                "c: y?1",
                "d: x?1");
    }

    @Test
    void check_valueThatNobodyWrote_isThinAirRead() {
        assertBroken(Kind.THIN_AIR_READ, "key x", "a: x=1", "b: x?7");
    }

    @Test
    void check_valueThatItsOwnTransactionOverwrote_isThinAirRead() {
        assertBroken(Kind.THIN_AIR_READ, "key x", "a: x=1 x=2", "b: x?1");
    }

    @Test
    void check_twoReadEachOthersFuture_isCyclicCO() {
        assertBroken(Kind.CYCLIC_CO, "is read by", "a: x?1", "a: y=2", "b: y?2", "b: x=1");
    }

    @Test
    void check_readsItsOwnWrite_isCyclicCO() {
        assertBroken(Kind.CYCLIC_CO, "#1", "a: x?1 x=1");
    }

    @Test
    void check_readsTwoValuesOfOneKeyAtOnce_isCyclicCF() {
        assertBroken(Kind.CYCLIC_CF, "#1", "a: x=1", "b: x=2", "c: x?1 x?2");
    }

    @Test
    void check_unknownWriteThatNobodyRead_mayHaveHappenedOrNot() {
        assertHolds("a: x=1", "a!: x=2", "a: x?1", "b: x?1");
    }

    @Test
    void check_unknownWriteThatTookEffectLate_holds() {
        assertHolds("a: x=1", "a!: x=2", "a: x?1", "a: x?2");
    }

    @Test
    void check_unknownWriteThatWasSeen_hasSeenWhatCameBeforeIt() {
        assertBroken(Kind.WRITE_CO_INIT_READ, "outcome unknown", "a: x=1", "a!: y=2", "b: y?2", "b: x?-");
    }

    @Test
    void check_loneBatchSeenThroughAnotherKey_isRemembered() {
        assertBroken(Kind.WRITE_CO_INIT_READ, "key y", "one: x=1 y=1", "b: x?1", "b: z=1", "c: z?1", "c: y?-");
        assertBroken(
                Kind.CYCLIC_CF,
                "is overwritten by",
                "one: x=1 y=1",
                "two: y=2",
                "b: x?1",
                "b: y?2",
                "c: y?2",
                "c: y?1");
    }

    @Test
    void check_severalLoneBatchesSeenThroughOtherKeys_areAllRemembered() {
        assertBroken(
                Kind.CYCLIC_CF,
                "says",
                "one: x=1 y=1",
                "two: x=2 z=2",
                "three: x=3",
                "c: y?1",
                "c: z?2",
                "c: w=1",
                "d: w?1",
                "d: x?3",
                "e: x?3",
                "e: x?1");
    }

    @Test
    void check_removal_isNotApplicable() {
        assertThat(HistoryChecker.check(history("a: x=1", "b: x=-")))
                .isInstanceOfSatisfying(
                        Verdict.NotApplicable.class,
                        verdict -> assertThat(verdict.why()).contains("key x is removed by session b"));
    }

    @Test
    void check_valueWrittenTwice_isNotApplicable() {
        assertThat(HistoryChecker.check(history("a: x=1", "b: y=1", "c!: x=1")))
                .isInstanceOfSatisfying(
                        Verdict.NotApplicable.class,
                        verdict -> assertThat(verdict.why()).contains("x=1 is written by #1", "#3"));
    }

    private static void assertHolds(String... lines) {
        assertThat(HistoryChecker.check(history(lines))).isInstanceOf(Verdict.Holds.class);
    }

    private static void assertBroken(Kind kind, String named, String... lines) {
        assertThat(HistoryChecker.check(history(lines))).isInstanceOfSatisfying(Verdict.Broken.class, verdict -> {
            assertThat(verdict.pattern().kind()).isEqualTo(kind);
            assertThat(verdict.pattern().toString()).contains(kind.toString(), named);
        });
    }
}
