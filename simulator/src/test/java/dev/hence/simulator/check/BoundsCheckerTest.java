package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;
import static dev.hence.simulator.trace.TraceBuilder.replica;

import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BoundsCheckerTest {
    private static final String PROMISE = "bounds";

    private final TraceBuilder cluster = Checked.cluster(2, BoundsChecker::new);

    @Test
    void observe_withinAllBounds_passes() {
        TracedUpdate here = cluster.write(0, "x=1");
        TracedUpdate there = cluster.write(1, "x=2");
        cluster.emit(new Event.Buffering(9, 0, there.replica(), 10));
        cluster.deliver(0, there);
        cluster.read("", 0, "x");
        cluster.stop(0, Event.Stop.KILLED);
        cluster.lose(0, Event.Loss.WIPED, here, there);
        cluster.start(0, replica(0, 2));
        cluster.deliver(0, here, there);
        cluster.deliver(1, here);
        cluster.end();
    }

    @Test
    void observe_bufferBeyondItsBound_isBroken() {
        assertBroken(
                PROMISE,
                () -> cluster.emit(new Event.Buffering(9, 1, replica(0, 1), 11)),
                "node2 buffers 11",
                "at most 10");
    }

    @Test
    void observe_bufferBeyondItsBoundInTheEnd_isBroken() {
        TracedUpdate[] updates =
                IntStream.range(0, 11).mapToObj(i -> cluster.write(0, "x=" + i)).toArray(TracedUpdate[]::new);
        assertBroken(PROMISE, () -> cluster.end(1, Map.of(), updates), "node2 buffers 11");
    }

    @Test
    void observe_twoCandidatesOfOneReplica_isBroken() {
        Request request = cluster.ask("", 0, List.of("x"));
        List<Candidate> candidates =
                List.of(new Candidate(replica(0, 1) + ":2", 2, "b"), new Candidate(replica(0, 1) + ":1", 1, "a"));
        assertBroken(
                PROMISE,
                () -> cluster.emit(new Event.Served(9, request, List.of(Contents.string(candidates)), 0)),
                "one candidate for each");
    }

    @Test
    void observe_updateTwiceInTheLog_isBroken() {
        TracedUpdate update = cluster.write(0, "x=1");
        assertBroken(PROMISE, () -> cluster.store(0, update), "a second time");
    }

    @Test
    void observe_contextThatNamesAStranger_isBroken() {
        assertBroken(PROMISE, () -> cluster.make(0, Map.of("other~0000000000000001", 1L), "x=1"), "other");
    }

    @Test
    void observe_newIdentityWithoutAccident_isBroken() {
        cluster.stop(0, Event.Stop.CLOSED);
        assertBroken(PROMISE, () -> cluster.start(0, replica(0, 2)), "node1 has had 2 identities");
    }

    @Test
    void observe_twoNewIdentitiesAfterOneAccident_isBroken() {
        cluster.stop(0, Event.Stop.POWER_LOST);
        cluster.start(0, replica(0, 2));
        assertBroken(PROMISE, () -> cluster.renew(0, replica(0, 3)), "node1 has had 3 identities");
    }
}
