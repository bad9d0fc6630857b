package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bounds: nothing that a node keeps grows beyond its limit.
 *
 * <ul>
 *   <li>The updates buffered of one origin stay within the configured number, or are those of one frame.
 *   <li>A key has at most one candidate for each replica.
 *   <li>The log on disk holds an update once.
 *   <li>A context names only replicas that have written, and a node takes a new identity only after a disk fault or a
 *       power loss, so clocks grow only with such faults.
 * </ul>
 */
final class BoundsChecker implements Checker {
    private static final String PROMISE = "bounds";

    private final GroundTruth truth;
    private final Set<String> replicas = new HashSet<>();
    private final List<Set<String>> identities = new ArrayList<>();
    private final Map<Integer, Integer> accidents = new HashMap<>();
    private int bufferUpdatesMax;

    BoundsChecker(GroundTruth truth) {
        this.truth = truth;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Began began -> {
                bufferUpdatesMax = began.bounds().bufferUpdates();
                began.nodes().forEach(name -> identities.add(new HashSet<>()));
            }
            case Event.Started started -> checkIdentities(event, started.node(), started.replica());
            case Event.Renewed renewed -> checkIdentities(event, renewed.node(), renewed.replica());
            case Event.Stopped stopped
            when stopped.how() == Event.Stop.POWER_LOST -> accidents.merge(stopped.node(), 1, Integer::sum);
            case Event.DiskLost lost -> accidents.merge(lost.node(), 1, Integer::sum);
            case Event.Made made -> checkContext(made);
            case Event.Stored stored -> checkLog(stored);
            case Event.Buffering buffering ->
                checkBuffer(event, buffering.node(), buffering.replica(), buffering.updates());
            case Event.Served served ->
                served.values()
                        .forEach(contents ->
                                checkSiblings(event, served.request().node(), contents));
            case Event.Ended ended -> {
                ended.values().values().forEach(contents -> checkSiblings(event, ended.node(), contents));
                Map<String, Integer> buffered = new HashMap<>();
                ended.buffered().forEach(update -> buffered.merge(update.replica(), 1, Integer::sum));
                buffered.forEach((replica, updates) -> checkBuffer(event, ended.node(), replica, updates));
            }
            default -> {}
        }
    }

    private void checkIdentities(Event event, int number, String replica) {
        replicas.add(replica);
        Set<String> ofNode = identities.get(number);
        ofNode.add(replica);
        int allowed = 1 + accidents.getOrDefault(number, 0);
        if (ofNode.size() > allowed) {
            throw broken(
                    event,
                    number,
                    "has had " + ofNode.size() + " identities (expected: at most " + allowed
                            + ", one and another for each accident)");
        }
    }

    private void checkContext(Event.Made made) {
        for (String replica : made.update().context().keySet()) {
            if (!replicas.contains(replica)) {
                throw broken(
                        made,
                        made.node(),
                        "made " + truth.describe(made.update()) + " with " + replica
                                + " in its context, which never wrote");
            }
        }
    }

    private void checkLog(Event.Stored stored) {
        TracedUpdate repeated = truth.repeated();
        if (repeated != null) {
            throw broken(stored, stored.node(), "stored " + truth.describe(repeated) + " a second time");
        }
    }

    private void checkBuffer(Event event, int number, String replica, int updates) {
        if (updates > bufferUpdatesMax) {
            throw broken(
                    event,
                    number,
                    "buffers " + updates + " updates of " + replica + " (expected: at most " + bufferUpdatesMax + ")");
        }
    }

    private void checkSiblings(Event event, int number, Contents contents) {
        for (Contents.Elements elements : contents.elements().values()) {
            elements.inOrder().forEach(element -> checkSiblings(event, number, element.candidates()));
        }
    }

    private void checkSiblings(Event event, int number, List<Candidate> candidates) {
        if (candidates.size() < 2) {
            return;
        }
        Set<String> writers = new HashSet<>();
        for (Candidate candidate : candidates) {
            String dot = candidate.dot();
            if (!writers.add(dot.substring(0, dot.lastIndexOf(':')))) {
                throw broken(
                        event,
                        number,
                        "keeps " + candidates + " of one element (expected: at most one candidate for each replica)");
            }
        }
    }

    private Violation broken(Event event, int number, String what) {
        Node node = truth.node(number);
        return GroundTruth.broken(PROMISE, event, node.name + " " + what);
    }
}
