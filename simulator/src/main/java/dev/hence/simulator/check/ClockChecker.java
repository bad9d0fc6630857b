package dev.hence.simulator.check;

import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Wall clocks: a wrong one harms only its own node.
 *
 * <ul>
 *   <li>A node whose wall clock was always right neither applies nor makes an update whose timestamp is further ahead
 *       of true time than the bound: no other node pulls its hybrid clock ahead.
 *   <li>A removal of an expired key is never made before the key's deadline and the margin, by true time, as long as at
 *       least half of the clocks that its node can know, including its own, were always right.
 * </ul>
 *
 * <p>From the first fault of a clock on, its node no longer counts as right, even after the clock is corrected.
 */
final class ClockChecker implements Checker {
    private static final String PROMISE = "wall clocks";

    private final GroundTruth truth;
    private final Meaning meaning;
    private final Set<Integer> wrong = new HashSet<>();
    private Event.@Nullable ClockBounds bounds;

    /** @param meaning knows every update that was made */
    ClockChecker(GroundTruth truth, Meaning meaning) {
        this.truth = truth;
        this.meaning = meaning;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Began began -> bounds = began.bounds().clocks();
            case Event.Fault fault
            when fault.kind() == Event.Kind.CLOCK_CHANGED && fault.node() != null -> wrong.add(fault.node());
            case Event.Made made -> checkTimestamp(event, made.node(), made.update());
            case Event.Applied applied -> checkTimestamp(event, applied.node(), applied.update());
            case Event.Removed removed -> checkRemoval(removed);
            default -> {}
        }
    }

    private void checkTimestamp(Event event, int node, TracedUpdate update) {
        if (bounds == null || wrong.contains(node)) {
            return;
        }
        long aheadMillis = (update.timestamp() >>> 16) - trueMillis(event, bounds);
        if (aheadMillis > bounds.aheadMillisMax()) {
            throw GroundTruth.broken(
                    PROMISE,
                    event,
                    truth.node(node).name + ", whose clock is right, has " + truth.describe(update) + ", which is "
                            + aheadMillis + " ms ahead (expected: at most " + bounds.aheadMillisMax() + ")");
        }
    }

    private void checkRemoval(Event.Removed removed) {
        if (bounds == null || !isHalfRight(removed.node(), bounds)) {
            return;
        }
        TracedUpdate update = removed.update();
        UpdateSet before = truth.past(update);
        for (Change change : update.changes()) {
            Contents contents = meaning.contents(change.key(), before, update.wallMillis());
            long earliest = contents.deadlineMillis() == Contents.NEVER
                    ? Contents.NEVER
                    : contents.deadlineMillis() + bounds.marginMillis();
            if (!contents.equals(Contents.NOTHING) && trueMillis(removed, bounds) < earliest) {
                throw GroundTruth.broken(
                        PROMISE,
                        removed,
                        truth.node(removed.node()).name + " removes " + change.key() + " by " + truth.describe(update)
                                + " at " + trueMillis(removed, bounds) + " (expected: at " + earliest
                                + " at the earliest)");
            }
        }
    }

    private boolean isHalfRight(int node, Event.ClockBounds given) {
        int right = wrong.contains(node) ? 0 : 1;
        for (int peer : given.peers().get(node)) {
            right += wrong.contains(peer) ? 0 : 1;
        }
        return 2 * right >= 1 + given.peers().get(node).size();
    }

    private static long trueMillis(Event event, Event.ClockBounds given) {
        return given.startMillis() + event.atMicros() / 1_000;
    }
}
