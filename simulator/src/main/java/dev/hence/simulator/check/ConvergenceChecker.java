package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Convergence: when the faults are over and everything has had time to arrive, all nodes have applied the same updates,
 * show them to readers and hold the same values.
 *
 * <p>It is checked when the last node has ended. An update may still be in a buffer only if it can never be delivered:
 * an update in its past is missing there and is on no disk any more. Pasts are transitively closed, so dependencies
 * need not be followed from one waiting update to the next.
 *
 * <p>Shapiro, Preguica, Baquero, Zawirski: Conflict-free Replicated Data Types (SSS 2011), for strong eventual
 * consistency.
 */
final class ConvergenceChecker implements Checker {
    private static final String PROMISE = "convergence";

    private final GroundTruth truth;
    private final Map<Integer, Event.Ended> ended = new HashMap<>();
    private Event.@Nullable Ended first;

    ConvergenceChecker(GroundTruth truth) {
        this.truth = truth;
    }

    @Override
    public void observe(Event event) {
        if (event instanceof Event.Ended end) {
            checkShown(end, truth.node(end.node()));
            if (first == null) {
                first = end;
            }
            ended.put(end.node(), end);
            if (ended.size() == truth.nodes().size()) {
                checkEqual(first);
            }
        }
    }

    private void checkShown(Event.Ended end, Node node) {
        if (!node.applied.isClock(end.clock())) {
            throw broken(
                    end,
                    node.name + " ended with the clock " + new TreeMap<>(end.clock())
                            + " (expected: exactly what it has applied, which is " + new TreeMap<>(node.applied.clock())
                            + ")");
        }
        int hidden = node.visible.updates().firstMissingOf(node.applied.updates());
        if (hidden >= 0) {
            throw broken(end, node.name + " ended with " + truth.describe(hidden) + " applied and not visible");
        }
    }

    private void checkEqual(Event.Ended first) {
        for (Event.Ended other : ended.values()) {
            requireAll(other, first.node(), other.node());
            requireAll(other, other.node(), first.node());
            checkValues(first, other);
        }
        for (Event.Ended end : ended.values()) {
            end.buffered().forEach(update -> checkBuffered(end, update));
        }
    }

    private void requireAll(Event event, int here, int there) {
        int missing = truth.node(there)
                .visible
                .updates()
                .firstMissingOf(truth.node(here).visible.updates());
        if (missing >= 0) {
            throw broken(
                    event,
                    truth.node(there).name + " ended without " + truth.describe(missing) + ", which is visible at "
                            + truth.node(here).name);
        }
    }

    private void checkValues(Event.Ended first, Event.Ended other) {
        if (first.values().equals(other.values())) {
            return;
        }
        TreeSet<String> keys = new TreeSet<>(first.values().keySet());
        keys.addAll(other.values().keySet());
        for (String key : keys) {
            Contents here = first.values().getOrDefault(key, Contents.NOTHING);
            Contents there = other.values().getOrDefault(key, Contents.NOTHING);
            if (!here.equals(there)) {
                throw broken(
                        other,
                        "key " + key + " ended as " + here + " at " + truth.node(first.node()).name + " and as " + there
                                + " at " + truth.node(other.node()).name);
            }
        }
    }

    private void checkBuffered(Event.Ended end, TracedUpdate update) {
        Node node = truth.node(end.node());
        UpdateSet past = truth.past(update);
        for (int id = past.next(0); id >= 0; id = past.next(id + 1)) {
            if (!node.applied.updates().contains(id) && !truth.isOnAnyDisk(truth.update(id))) {
                return;
            }
        }
        throw broken(
                end,
                node.name + " ended with " + truth.describe(update)
                        + " in its buffer, although everything before it is there or on a disk of another node");
    }

    private static Violation broken(Event event, String what) {
        return GroundTruth.broken(PROMISE, event, what);
    }
}
