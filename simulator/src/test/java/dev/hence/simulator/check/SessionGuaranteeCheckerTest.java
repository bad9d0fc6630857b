package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;

import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SessionGuaranteeCheckerTest {
    private final TraceBuilder cluster = Checked.cluster(3, SessionGuaranteeChecker::new);

    @Test
    void observe_sessionThatMovesWithItsUpdates_passes() {
        TracedUpdate first = cluster.writeIn("s", 0, "x=1");
        cluster.deliver(1, first);
        cluster.read("s", 1, "x");
        TracedUpdate second = cluster.writeIn("s", 1, "y=2");
        cluster.deliver(2, first, second);
        cluster.read("s", 2, "x", "y");
    }

    @Test
    void observe_ownWriteInvisible_breaksReadYourWrites() {
        TracedUpdate written = cluster.writeIn("s", 0, "x=1");
        assertBroken("read your writes", () -> cluster.read("s", 1, "x"), "session s", "request 1", written.dot());
    }

    @Test
    void observe_earlierReadInvisible_breaksMonotonicReads() {
        TracedUpdate other = cluster.write(0, "x=1");
        cluster.read("s", 0, "x");
        assertBroken("monotonic reads", () -> cluster.read("s", 1, "x"), "node2", other.dot());
    }

    @Test
    void observe_writeWithoutOwnEarlierWrite_breaksMonotonicWrites() {
        TracedUpdate written = cluster.writeIn("s", 0, "x=1");
        assertBroken("monotonic writes", () -> cluster.writeIn("s", 1, "y=2"), written.dot());
    }

    @Test
    void observe_writeWithoutEarlierRead_breaksWritesFollowReads() {
        TracedUpdate other = cluster.write(0, "x=1");
        cluster.read("s", 0, "x");
        assertBroken("writes follow reads", () -> cluster.writeIn("s", 1, "y=2"), other.dot());
    }

    @Test
    void observe_updateMadeWithoutEarlierRead_breaksWritesFollowReads() {
        TracedUpdate other = cluster.write(0, "x=1");
        TracedUpdate unaware = cluster.write(1, "y=2");
        cluster.deliver(1, other);
        cluster.read("s", 0, "x");
        Request request = cluster.ask("s", 1, List.of(), "y=2");
        cluster.serve(request);
        assertBroken(
                "writes follow reads",
                () -> cluster.answer(request, List.of(), unaware),
                "became " + unaware.dot(),
                other.dot());
    }

    @Test
    void observe_writeOfUnknownOutcome_obligesNobody() {
        Request request = cluster.ask("s", 0, List.of(), "x=1");
        cluster.serve(request);
        cluster.write(0, "x=1");
        cluster.answer(request, new Outcome.Unknown());
        cluster.read("s", 1, "x");
    }

    @Test
    void observe_requestsOutsideSessions_obligeNobody() {
        cluster.writeIn("", 0, "x=1");
        cluster.read("", 1, "x");
    }

    @Test
    void observe_requestSentBeforeAnotherWasAnswered_isNotHeldToIt() {
        Request early = cluster.ask("s", 1, List.of("x"));
        cluster.writeIn("s", 0, "x=1");
        cluster.answer(early, cluster.serve(early), null);
    }

    @Test
    void observe_answerWithClockBehindWhatWasVisible_isBroken() {
        cluster.write(0, "x=1");
        Request request = cluster.ask("s", 0, List.of("x"));
        var values = cluster.serve(request);
        assertBroken(
                "the clock of an answer",
                () -> cluster.answer(request, new Outcome.Done(values, null, Map.of())),
                "answered with the clock {}");
    }

    @Test
    void observe_answerWithClockWithoutOwnUpdate_isBroken() {
        Request request = cluster.ask("s", 0, List.of(), "x=1");
        cluster.serve(request);
        TracedUpdate update = cluster.write(0, "x=1");
        assertBroken(
                "the clock of an answer",
                () -> cluster.answer(request, new Outcome.Done(List.of(), update, Map.of())),
                update.dot());
    }
}
