package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Durability: an acknowledged write is at every node in the end.
 *
 * <p>It may be missing only if it was lost by a fault that Hence does not promise to survive: every disk that held it
 * was wiped, replaced by or rolled back to an older copy, or lost power before a policy other than {@code always} had
 * forced it.
 *
 * <p>The premises of the promise are checked as well. No process learns of an update before it is stored at the node
 * that reveals it: not a reader of that node, not a peer that receives it from there, not the client that wrote it.
 * Under {@code always} it must be forced to the disk by then. The simulated disk itself is checked too: a process
 * starts on exactly what was stored and not lost, and a power loss takes nothing that was forced.
 */
final class DurabilityChecker implements Checker {
    private static final String PROMISE = "durability";

    private final GroundTruth truth;
    private final List<Boolean> alwaysSynced = new ArrayList<>();
    private final Set<TracedUpdate> acknowledged = new LinkedHashSet<>();
    private final UpdateSet excused = new UpdateSet();
    private int ended;

    DurabilityChecker(GroundTruth truth) {
        this.truth = truth;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Began began -> alwaysSynced.addAll(began.alwaysSynced());
            case Event.Started started -> checkStart(started);
            case Event.DiskLost lost -> lose(lost);
            case Event.Published published -> checkPublished(published);
            case Event.Received received ->
                requireStored(event, received.through(), received.update(), "sent to a peer");
            case Event.Answered answered
            when answered.outcome() instanceof Outcome.Done done -> {
                TracedUpdate update = done.update();
                if (update != null) {
                    requireStored(event, update.node(), update, "acknowledged");
                    acknowledged.add(update);
                }
            }
            case Event.Ended end -> {
                if (++ended == truth.nodes().size()) {
                    checkEnd(end);
                }
            }
            default -> {}
        }
    }

    private void checkStart(Event.Started started) {
        Node node = truth.node(started.node());
        for (TracedUpdate update : started.onDisk()) {
            if (!node.disk.contains(update)) {
                throw broken(
                        started,
                        node.name + " started with " + truth.describe(update)
                                + " on its disk, which was not stored there or was lost");
            }
        }
        int missing = node.visible.updates().firstMissingOf(node.disk);
        if (missing >= 0) {
            throw broken(
                    started,
                    node.name + " started without " + truth.describe(missing)
                            + ", which was stored there and not lost");
        }
    }

    private void lose(Event.DiskLost lost) {
        TracedUpdate forced = truth.lostThoughDurable();
        if (lost.how() == Event.Loss.UNSYNCED && forced != null) {
            throw broken(
                    lost,
                    "a power loss took " + truth.describe(forced) + " from " + truth.node(lost.node()).name
                            + ", where it had been forced to the disk");
        }
        for (TracedUpdate update : lost.lost()) {
            if (!truth.isOnAnyDisk(update)) {
                excused.add(update);
            }
        }
    }

    private void checkPublished(Event.Published published) {
        Node node = truth.node(published.node());
        for (TracedUpdate update : published.updates()) {
            requireSafe(published, node, update, "published", node.disk, node.durable);
        }
    }

    /** An update that arrives shows a past state of its sender: it was stored there, and may be lost there by now. */
    private void requireStored(Event event, int number, TracedUpdate update, String did) {
        Node node = truth.node(number);
        requireSafe(event, node, update, did, node.everStored, node.everDurable);
    }

    private void requireSafe(
            Event event, Node node, TracedUpdate update, String did, UpdateSet stored, UpdateSet durable) {
        if (!stored.contains(update)) {
            throw broken(event, truth.describe(update) + " was " + did + " before it was stored at " + node.name);
        }
        if (alwaysSynced.get(node.number) && !durable.contains(update)) {
            throw broken(
                    event,
                    truth.describe(update) + " was " + did + " before it was forced to the disk of " + node.name
                            + " (expected under the policy always: after it)");
        }
    }

    private void checkEnd(Event.Ended end) {
        for (TracedUpdate update : acknowledged) {
            for (Node node : truth.nodes()) {
                if (!node.applied.contains(update) && !excused.contains(update)) {
                    throw broken(
                            end, node.name + " ended without " + truth.describe(update) + ", which was acknowledged");
                }
            }
        }
    }

    private static Violation broken(Event event, String what) {
        return GroundTruth.broken(PROMISE, event, what);
    }
}
