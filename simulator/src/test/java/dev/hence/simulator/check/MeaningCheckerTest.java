package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import dev.hence.simulator.trace.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MeaningCheckerTest {
    private static final String PROMISE = "meaning of the data";

    private final TraceBuilder cluster = Checked.cluster(2, truth -> new MeaningChecker(truth, new Meaning(truth)));

    @Test
    void observe_siblingsOverwritesAndRemovals_passes() {
        TracedUpdate here = cluster.write(0, "x=1", "y=1");
        TracedUpdate there = cluster.write(1, "x=2");
        cluster.deliver(0, there);
        cluster.deliver(1, here);
        cluster.read("", 0, "x", "y", "z");
        TracedUpdate removed = cluster.write(0, "-x", "y=3");
        cluster.read("", 0, "x", "y");
        cluster.deliver(1, removed);
        cluster.end();
    }

    @Test
    void serve_tieOfTimestamps_isWonByLargerReplica() {
        TracedUpdate here = cluster.write(0, "x=1");
        TracedUpdate there = cluster.write(1, "x=2");
        cluster.deliver(0, there);
        Request request = cluster.ask("", 0, List.of("x"));
        assertThat(cluster.serve(request).getFirst().of(Type.STRING).getFirst().candidates())
                .containsExactly(new Candidate(there.dot(), 1, "2"), new Candidate(here.dot(), 1, "1"));
    }

    @Test
    void observe_removalThatDidNotSeeTheWrite_leavesIt() {
        TracedUpdate old = cluster.write(0, "x=1");
        cluster.deliver(1, old);
        TracedUpdate newer = cluster.write(0, "x=2");
        TracedUpdate removal = cluster.write(1, "-x");
        cluster.deliver(0, removal);
        cluster.deliver(1, newer);
        cluster.end();
        assertThat(cluster.state(cluster.visible(0))).containsOnlyKeys("x");
    }

    @Test
    void observe_siblingDropped_isBroken() {
        TracedUpdate here = cluster.write(0, "x=1");
        TracedUpdate there = cluster.write(1, "x=2");
        cluster.deliver(0, there);
        assertRead("x", List.of(new Candidate(there.dot(), 1, "2")), here.dot());
    }

    @Test
    void observe_candidatesInWrongOrder_isBroken() {
        TracedUpdate here = cluster.write(0, "x=1");
        TracedUpdate there = cluster.write(1, "x=2");
        cluster.deliver(0, there);
        assertRead("x", List.of(new Candidate(here.dot(), 1, "1"), new Candidate(there.dot(), 1, "2")), "key x");
    }

    @Test
    void observe_overwrittenValueRead_isBroken() {
        TracedUpdate old = cluster.write(0, "x=1");
        cluster.write(0, "x=2");
        assertRead("x", List.of(new Candidate(old.dot(), 1, "1")), old.dot());
    }

    @Test
    void observe_updateReadBeforeItIsVisible_isBroken() {
        TracedUpdate update = cluster.make(0, "x=1");
        assertRead("x", List.of(new Candidate(update.dot(), 1, "1")), "expected: Contents[shown=null");
    }

    @Test
    void observe_answerThatDiffersFromWhatWasRead_isBroken() {
        cluster.write(0, "x=1");
        Request request = cluster.ask("", 0, List.of("x"));
        cluster.serve(request);
        assertBroken(
                PROMISE,
                () -> cluster.answer(request, new Outcome.Done(List.of(Contents.NOTHING), null, Map.of())),
                "answered request 0 with [Contents[shown=null");
    }

    @Test
    void observe_fewerValuesThanKeys_isBroken() {
        Request request = cluster.ask("", 0, List.of("x", "y"));
        assertBroken(
                PROMISE, () -> cluster.emit(new Event.Served(9, request, List.of(Contents.NOTHING), 0)), "1 values");
    }

    @Test
    void observe_timestampBehindItsPast_isBroken() {
        TracedUpdate here = cluster.write(0, "x=1");
        cluster.deliver(1, here);
        assertBroken(
                PROMISE,
                () -> cluster.make(
                        1, TraceBuilder.replica(1, 1), 1, TraceBuilder.clockOf(List.of(here)), here.timestamp(), "x=2"),
                "timestamp 1");
    }

    @Test
    void observe_timestampBehindWhatWasOnDisk_isBroken() {
        cluster.write(0, "x=1");
        cluster.stop(0, Event.Stop.KILLED);
        cluster.start(0, TraceBuilder.replica(0, 1));
        assertBroken(
                PROMISE,
                () -> cluster.make(
                        0, TraceBuilder.replica(0, 1), 2, TraceBuilder.clockOf(cluster.applied(0)), 1, "x=2"),
                "timestamp 1");
    }

    @Test
    void observe_keyMissingInTheEnd_isBroken() {
        cluster.write(0, "x=1");
        assertBroken(PROMISE, () -> cluster.end(0, Map.of()), "key x holds in the end Contents[shown=null");
    }

    @Test
    void observe_absentKeyListedInTheEnd_isBroken() {
        assertBroken(PROMISE, () -> cluster.end(0, Map.of("x", Contents.NOTHING)), "absent");
    }

    private void assertRead(String key, List<Candidate> found, String... named) {
        Request request = cluster.ask("", 0, List.of(key));
        assertBroken(
                PROMISE, () -> cluster.emit(new Event.Served(9, request, List.of(Contents.string(found)), 0)), named);
    }
}
