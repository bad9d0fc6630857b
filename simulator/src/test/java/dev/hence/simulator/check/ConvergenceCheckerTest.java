package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;
import static dev.hence.simulator.trace.TraceBuilder.replica;

import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConvergenceCheckerTest {
    private static final String PROMISE = "convergence";

    private final TraceBuilder cluster = Checked.cluster(2, false, ConvergenceChecker::new);

    @Test
    void observe_equalNodes_passes() {
        TracedUpdate here = cluster.write(0, "x=1");
        TracedUpdate there = cluster.write(1, "x=2");
        cluster.deliver(1, here);
        cluster.deliver(0, there);
        cluster.end();
    }

    @Test
    void observe_updateMissingAtOneNode_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        assertBroken(PROMISE, cluster::end, "node2 ended without " + update.dot());
    }

    @Test
    void observe_updateMissingAtFirstNode_isBroken() {
        TracedUpdate update = cluster.write(1, "x=1");
        assertBroken(PROMISE, cluster::end, "node1 ended without " + update.dot());
    }

    @Test
    void observe_sameUpdatesAndDifferentValues_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.deliver(1, update);
        cluster.end(0, cluster.state(cluster.applied(0)));
        assertBroken(
                PROMISE,
                () -> cluster.end(1, Map.of("x", Contents.string(List.of(new Candidate(update.dot(), 1, "2"))))),
                "key x",
                "node1",
                "node2");
    }

    @Test
    void observe_clockOtherThanWhatWasApplied_isBroken() {
        cluster.write(0, "x=1");
        assertBroken(
                PROMISE,
                () -> cluster.emit(new Event.Ended(9, 0, Map.of(), Map.of(), List.of())),
                "ended with the clock {}");
    }

    @Test
    void observe_appliedAndNeverPublished_isBroken() {
        TracedUpdate update = cluster.make(0, "x=1");
        cluster.store(0, update);
        assertBroken(PROMISE, cluster::end, update.dot(), "not visible");
    }

    @Test
    void observe_deliverableUpdateLeftInBuffer_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        cluster.deliver(1, update);
        TracedUpdate another = cluster.make(0, "x=2");
        cluster.stop(0, Event.Stop.KILLED);
        cluster.start(0, replica(0, 1));
        cluster.end(0, cluster.state(cluster.applied(0)));
        assertBroken(
                PROMISE,
                () -> cluster.end(1, cluster.state(cluster.applied(1)), another),
                "node2 ended with " + another.dot(),
                "in its buffer");
    }

    @Test
    void observe_updateThatWaitsForOneLostEverywhere_mayStayInBuffer() {
        TracedUpdate lost = cluster.make(0, "x=1");
        cluster.storeUnsynced(0, lost);
        cluster.publish(0, lost);
        TracedUpdate second = cluster.make(0, "x=2");
        cluster.storeUnsynced(0, second);
        cluster.publish(0, second);
        TracedUpdate third = cluster.make(0, "x=3");
        cluster.storeUnsynced(0, third);
        cluster.publish(0, third);
        cluster.receive(1, third, Event.Receipt.BUFFERED);
        cluster.stop(0, Event.Stop.POWER_LOST);
        cluster.lose(0, Event.Loss.UNSYNCED, lost, second, third);
        cluster.start(0, replica(0, 2));
        cluster.end(0, Map.of());
        cluster.end(1, Map.of(), third);
    }
}
