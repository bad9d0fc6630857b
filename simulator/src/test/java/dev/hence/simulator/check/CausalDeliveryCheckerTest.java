package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;
import static dev.hence.simulator.trace.TraceBuilder.replica;

import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CausalDeliveryCheckerTest {
    private static final String PROMISE = "causal delivery";

    private final TraceBuilder cluster = Checked.cluster(3, CausalDeliveryChecker::new);

    @Test
    void observe_causalOrderOverThreeNodesAndRestart_passes() {
        TracedUpdate question = cluster.write(0, "x=1");
        cluster.deliver(1, question);
        TracedUpdate answer = cluster.write(1, "y=2");
        cluster.deliver(2, question, answer);
        cluster.stop(2, Event.Stop.KILLED);
        cluster.start(2, replica(2, 1));
        cluster.write(2, "z=3");
        cluster.deliver(0, answer);
    }

    @Test
    void observe_answerAppliedBeforeQuestion_isBroken() {
        TracedUpdate question = cluster.write(0, "x=1");
        cluster.deliver(1, question);
        TracedUpdate answer = cluster.write(1, "y=2");
        assertBroken(PROMISE, () -> cluster.apply(2, answer), "node3 applied", answer.dot(), question.dot());
    }

    @Test
    void observe_answerWithForgedContext_isJudgedByTruePast() {
        TracedUpdate question = cluster.write(0, "x=1");
        cluster.deliver(1, question);
        assertBroken(PROMISE, () -> cluster.make(1, Map.of(), "y=2"), "node2 made", "context {}");
    }

    @Test
    void observe_contextAheadOfPast_isBroken() {
        assertBroken(PROMISE, () -> cluster.make(1, Map.of(replica(0, 1), 1L), "y=2"), "context");
    }

    @Test
    void observe_sameUpdateAppliedTwice_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.deliver(1, update);
        assertBroken(PROMISE, () -> cluster.apply(1, update), "second time");
    }

    @Test
    void observe_gapOfOrigin_isBroken() {
        cluster.write(0, "x=1");
        TracedUpdate second = cluster.write(0, "x=2");
        assertBroken(PROMISE, () -> cluster.apply(1, second), "without " + replica(0, 1) + ":1");
    }

    @Test
    void observe_batchStoredBeforeItsPast_isBroken() {
        TracedUpdate question = cluster.make(0, "x=1");
        TracedUpdate answer = cluster.make(0, "x=2");
        assertBroken(PROMISE, () -> cluster.store(0, answer), "stored", question.dot());
    }

    @Test
    void observe_storedAndNotApplied_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        assertBroken(PROMISE, () -> cluster.store(1, update), "not applied");
    }

    @Test
    void observe_publishedBeforeItsPast_isBroken() {
        TracedUpdate question = cluster.make(0, "x=1");
        TracedUpdate answer = cluster.make(0, "x=2");
        cluster.store(0, question, answer);
        assertBroken(PROMISE, () -> cluster.publish(0, answer), "published", question.dot());
    }

    @Test
    void observe_publishedTwice_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        assertBroken(PROMISE, () -> cluster.publish(0, update), "second time");
    }

    @Test
    void observe_publishedClockAheadOrBehind_isBroken() {
        TracedUpdate update = cluster.make(0, "x=1");
        cluster.store(0, update);
        assertBroken(PROMISE, () -> cluster.publish(0, Map.of(replica(0, 1), 2L), update), "published the clock");
    }

    @Test
    void observe_publishedClockBehind_isBroken() {
        TracedUpdate update = cluster.make(0, "x=1");
        cluster.store(0, update);
        assertBroken(PROMISE, () -> cluster.publish(0, Map.of(), update), "published the clock {}");
    }

    @Test
    void observe_startsFromClockWithoutItsState_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.stop(0, Event.Stop.KILLED);
        assertBroken(
                PROMISE,
                () -> cluster.emit(new Event.Started(
                        cluster.tick(), 0, replica(0, 1), List.of(), TraceBuilder.clockOf(List.of(update)))),
                "started with the clock");
    }

    @Test
    void observe_startsFromSetWithHole_isBroken() {
        TracedUpdate question = cluster.write(0, "x=1");
        TracedUpdate answer = cluster.write(0, "x=2");
        cluster.stop(0, Event.Stop.KILLED);
        assertBroken(PROMISE, () -> cluster.start(0, replica(0, 1), List.of(answer)), "started with", question.dot());
    }
}
