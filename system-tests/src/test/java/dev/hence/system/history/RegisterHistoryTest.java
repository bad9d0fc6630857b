package dev.hence.system.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.WriteOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A checker that cannot fail checks nothing, so this test shows it what it must find. */
class RegisterHistoryTest {

    private static final WriteOutcome DONE = new WriteOutcome.Acknowledged(new HttpAnswer(204, Map.of(), new byte[0]));
    private static final WriteOutcome REFUSED = new WriteOutcome.Refused("session-behind");
    private static final WriteOutcome UNKNOWN = new WriteOutcome.Unknown("connection reset");

    private final RegisterHistory history = new RegisterHistory("k");

    @Test
    void violation_lastAcknowledgedWriteIsThere_none() {
        history.wrote("1", DONE);
        history.wrote("2", DONE);
        history.wrote("3", REFUSED);

        assertThat(history.violation(List.of("2"))).isEmpty();
    }

    @Test
    void violation_lastAcknowledgedWriteIsLost_found() {
        history.wrote("1", DONE);
        history.wrote("2", DONE);

        assertThat(history.violation(List.of())).isPresent();
        assertThat(history.violation(List.of("1"))).isPresent();
    }

    @Test
    void violation_replacedWriteShowsBesideItsSuccessor_found() {
        history.wrote("1", DONE);
        history.wrote("2", DONE);

        assertThat(history.violation(List.of("2", "1"))).isPresent();
    }

    @Test
    void violation_refusedWriteShows_found() {
        history.wrote("1", DONE);
        history.wrote("2", REFUSED);

        assertThat(history.violation(List.of("1", "2"))).isPresent();
        assertThat(history.violation(List.of("2"))).isPresent();
    }

    @Test
    void violation_laterWriteOfUnknownOutcome_mayReplaceOrNot() {
        history.wrote("1", DONE);
        history.wrote("2", UNKNOWN);

        assertThat(history.violation(List.of("1"))).isEmpty();
        assertThat(history.violation(List.of("2"))).isEmpty();
        assertThat(history.violation(List.of("2", "1"))).isEmpty();
    }

    @Test
    void violation_earlierWriteOfUnknownOutcome_mayBeASiblingButReplacesNothing() {
        history.wrote("1", UNKNOWN);
        history.wrote("2", DONE);

        assertThat(history.violation(List.of("2", "1"))).isEmpty();
        assertThat(history.violation(List.of("1"))).isPresent();
    }

    @Test
    void violation_removedValueShows_found() {
        history.wrote("1", DONE);
        history.removed(DONE);

        assertThat(history.violation(List.of())).isEmpty();
        assertThat(history.violation(List.of("1"))).isPresent();
    }

    @Test
    void violation_removalOfUnknownOutcome_mayHaveHappened() {
        history.wrote("1", DONE);
        history.removed(UNKNOWN);

        assertThat(history.violation(List.of())).isEmpty();
        assertThat(history.violation(List.of("1"))).isEmpty();
    }

    @Test
    void violation_sessionDoesNotReadItsOwnWrite_found() {
        history.wrote("1", DONE);
        history.wrote("2", DONE);

        assertThat(history.violation(Optional.of("2"))).isEmpty();
        assertThat(history.violation(Optional.of("1"))).isPresent();
        assertThat(history.violation(Optional.empty())).isPresent();
    }

    @Test
    void violation_sessionReadsAnEarlierWriteOfUnknownOutcome_mayWin() {
        history.wrote("1", UNKNOWN);
        history.wrote("2", DONE);

        assertThat(history.violation(Optional.of("1"))).isEmpty();
        assertThat(history.violation(Optional.empty())).isPresent();
    }

    @Test
    void violation_sessionReadsAfterItsOwnRemoval_nothingMayShow() {
        history.wrote("1", DONE);
        history.removed(DONE);

        assertThat(history.violation(Optional.empty())).isEmpty();
        assertThat(history.violation(Optional.of("1"))).isPresent();
    }
}
