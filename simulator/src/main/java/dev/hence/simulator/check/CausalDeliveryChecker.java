package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Causal delivery: no update is applied, stored or visible at any node before its causal past is.
 *
 * <p>The past of an update is what its origin's process had applied when it was made, taken from the trace. At each
 * step of an update at a node that set must be present as well: in the process when the update is applied, on the disk
 * after each batch - so that a crash between two batches leaves a closed set -, among the visible updates after each
 * publication, and in the state from which a process starts.
 *
 * <p>The accompanying clocks must be neither ahead of these sets nor behind: an update's context names exactly its
 * past, and the clock of a publication or of a start exactly what is visible then.
 *
 * <p>Lamport: Time, Clocks, and the Ordering of Events in a Distributed System (CACM 1978), for happened-before;
 * Birman, Schiper, Stephenson: Lightweight Causal and Atomic Group Multicast (TOCS 1991), for causal delivery.
 */
final class CausalDeliveryChecker implements Checker {
    private static final String PROMISE = "causal delivery";

    private final GroundTruth truth;

    CausalDeliveryChecker(GroundTruth truth) {
        this.truth = truth;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Made made -> checkContext(made, truth.node(made.node()));
            case Event.Applied applied -> {
                Node node = truth.node(applied.node());
                refuseRepeated(event, node, "applied");
                requirePast(event, node, applied.update(), node.applied.updates(), "applied");
            }
            case Event.Stored stored -> {
                Node node = truth.node(stored.node());
                requirePasts(event, node, stored.updates(), node.disk, "stored");
                for (TracedUpdate update : stored.updates()) {
                    if (!node.applied.contains(update)) {
                        throw broken(event, node, "stored " + truth.describe(update) + " that it has not applied");
                    }
                }
            }
            case Event.Published published -> {
                Node node = truth.node(published.node());
                refuseRepeated(event, node, "published");
                requirePasts(event, node, published.updates(), node.visible.updates(), "published");
                requireClock(event, node, published.clock(), "published");
            }
            case Event.Started started -> {
                Node node = truth.node(started.node());
                requirePasts(event, node, started.onDisk(), node.visible.updates(), "started with");
                requireClock(event, node, started.clock(), "started with");
            }
            default -> {}
        }
    }

    private void checkContext(Event.Made made, Node node) {
        TracedUpdate update = made.update();
        if (!node.applied.wasClockBefore(update, update.context())) {
            throw broken(
                    made,
                    node,
                    "made " + truth.describe(update) + " with the context " + sorted(update.context())
                            + " (expected: exactly what it had applied, which is with the update itself "
                            + describe(node.applied) + ")");
        }
    }

    private void refuseRepeated(Event event, Node node, String did) {
        TracedUpdate repeated = truth.repeated();
        if (repeated != null) {
            throw broken(event, node, did + " " + truth.describe(repeated) + " for a second time");
        }
    }

    private void requirePasts(Event event, Node node, List<TracedUpdate> updates, UpdateSet there, String did) {
        for (TracedUpdate update : updates) {
            requirePast(event, node, update, there, did);
        }
    }

    private void requirePast(Event event, Node node, TracedUpdate update, UpdateSet there, String did) {
        int missing = there.firstMissingOf(truth.past(update));
        if (missing >= 0) {
            throw broken(
                    event,
                    node,
                    did + " " + truth.describe(update) + " without " + truth.describe(missing)
                            + ", which happened before it");
        }
    }

    private static void requireClock(Event event, Node node, Map<String, Long> clock, String did) {
        if (!node.visible.isClock(clock)) {
            throw broken(
                    event,
                    node,
                    did + " the clock " + sorted(clock) + " (expected: exactly what is visible, which is "
                            + describe(node.visible) + ")");
        }
    }

    private static String describe(DeliveredSet set) {
        TracedUpdate outOfOrder = set.outOfOrder();
        return sorted(set.clock()) + (outOfOrder == null ? "" : ", with a gap before " + outOfOrder.dot());
    }

    private static Map<String, Long> sorted(Map<String, Long> clock) {
        return new TreeMap<>(clock);
    }

    private static Violation broken(Event event, Node node, String what) {
        return GroundTruth.broken(PROMISE, event, node.name + " " + what);
    }
}
