package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CheckersTest {
    private final TraceBuilder cluster = new TraceBuilder(2, new Checkers()::observe);

    @Test
    void observe_randomCorrectRuns_pass() {
        long updates = 0;
        for (int seed = 0; seed < 300; seed++) {
            updates += new RandomRun(seed, new Checkers()::observe).run(150);
        }
        assertThat(updates).isGreaterThan(5_000);
    }

    @Test
    void observe_brokenAssertion_isBroken() {
        assertBroken("assertions", () -> cluster.stop(1, Event.Stop.BROKEN), "node2");
    }

    @Test
    void observe_eventAtStoppedNode_isNoTrace() {
        cluster.stop(1, Event.Stop.KILLED);
        assertBroken("a consistent trace", () -> cluster.make(1, "x=1"), "node2 is not running");
    }

    @Test
    void observe_startOfRunningNode_isNoTrace() {
        assertBroken("a consistent trace", () -> cluster.start(0, cluster.replicaOf(0)), "while it runs");
    }

    @Test
    void observe_lossOfWhatWasNotThere_isNoTrace() {
        TracedUpdate update = cluster.make(0, "x=1");
        cluster.stop(0, Event.Stop.KILLED);
        assertBroken("a consistent trace", () -> cluster.lose(0, Event.Loss.UNSYNCED, update), "not on its disk");
    }

    @Test
    void observe_updateNeverMade_isNoTrace() {
        TracedUpdate stranger = new TracedUpdate(0, 0, "a~0", 1, Map.of(), 1, 1, TraceBuilder.changes("x=1"));
        assertBroken("a consistent trace", () -> cluster.apply(1, stranger), "was not made");
    }
}
