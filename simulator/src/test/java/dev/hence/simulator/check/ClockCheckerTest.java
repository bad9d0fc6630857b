package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;

import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** True time begins at 1000 ms; the bound is 50 ms, the margin 10 ms, and each of three nodes hears the others. */
final class ClockCheckerTest {
    private static final String PROMISE = "wall clocks";
    private static final long START_MILLIS = 1_000;
    private static final Event.ClockBounds BOUNDS =
            new Event.ClockBounds(START_MILLIS, 50, 10, List.of(List.of(1, 2), List.of(0, 2), List.of(0, 1)));

    private final TraceBuilder cluster = Checked.cluster(3, ClockCheckerTest::checker);

    private static Checker checker(GroundTruth truth) {
        Meaning meaning = new Meaning(truth);
        ClockChecker clocks = new ClockChecker(truth, meaning);
        return event -> {
            if (event instanceof Event.Began(long at, List<String> nodes, List<Boolean> synced, Event.Bounds bounds)) {
                clocks.observe(new Event.Began(at, nodes, synced, new Event.Bounds(bounds.bufferUpdates(), BOUNDS)));
                return;
            }
            if (event instanceof Event.Made made) {
                meaning.add(made.update());
            }
            clocks.observe(event);
        };
    }

    private TracedUpdate makeAhead(int node, long aheadMillis) {
        return cluster.make(
                node, TraceBuilder.replica(node, 1), 1, Map.of(), (START_MILLIS + aheadMillis) << 16, "x=1");
    }

    private void spoil(int node) {
        cluster.emit(new Event.Fault(cluster.tick(), node, Event.Kind.CLOCK_CHANGED, "clock jumps"));
    }

    private void remove(int node) {
        cluster.emit(new Event.Removed(cluster.tick(), node, cluster.write(node, "-x")));
    }

    @Test
    void observe_timestampWithinTheBoundOrAtAWrongClock_passes() {
        TracedUpdate inTime = makeAhead(0, 50);
        cluster.apply(1, inTime);
        spoil(2);
        TracedUpdate wrong = makeAhead(2, 3_600_000);
        spoil(1);
        cluster.apply(1, wrong);
    }

    @Test
    void observe_rightClockAppliesWhatIsTooFarAhead_isBroken() {
        spoil(2);
        TracedUpdate wrong = makeAhead(2, 3_600_000);
        assertBroken(PROMISE, () -> cluster.apply(0, wrong), "node1, whose clock is right", "3600000 ms ahead");
    }

    @Test
    void observe_rightClockMakesWhatIsTooFarAhead_isBroken() {
        assertBroken(PROMISE, () -> makeAhead(0, 51), "51 ms ahead (expected: at most 50)");
    }

    @Test
    void observe_keyRemovedBeforeItsDeadlineAndTheMargin_isBroken() {
        cluster.write(0, new Change.Set("x", "1", START_MILLIS - 9));
        assertBroken(PROMISE, () -> remove(0), "node1 removes x", "at 1000 (expected: at 1001 at the earliest)");
    }

    @Test
    void observe_keyWithoutADeadlineRemoved_isBroken() {
        cluster.write(0, "x=1");
        assertBroken(PROMISE, () -> remove(0), "node1 removes x");
    }

    @Test
    void observe_keyRemovedInTime_passes() {
        cluster.write(0, new Change.Set("x", "1", START_MILLIS - 10));
        remove(0);
    }

    @Test
    void observe_keyRemovedEarlyByAWrongClockAmongRightOnes_isBroken() {
        spoil(0);
        cluster.write(0, new Change.Set("x", "1", START_MILLIS + 5_000));
        assertBroken(PROMISE, () -> remove(0), "node1 removes x");
    }

    @Test
    void observe_moreThanHalfOfTheClocksAreWrong_nothingIsPromised() {
        spoil(0);
        spoil(1);
        cluster.write(0, new Change.Set("x", "1", START_MILLIS + 5_000));
        remove(0);
    }
}
