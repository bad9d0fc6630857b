package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Unique dots: a dot that another process may have seen is never used for a second update.
 *
 * <p>An update is <em>exposed</em> once it is published at any node, received by one, or acknowledged. An update that
 * was made and lost before exposure may be followed by another one under the same dot, for example after a crash
 * between two effects. Two exposed updates with the same dot are a violation, and so is every cause of one: a counter
 * that skips or repeats, a node that writes under another node's identity, an abandoned identity that returns without
 * exposed updates. A node whose disk was rolled back, and that is written to before it hears a peer, reuses dots; once
 * it has detected that, it must not write any more.
 */
final class DotChecker implements Checker {
    private static final String PROMISE = "unique dots";

    private final GroundTruth truth;
    private final UpdateSet exposed = new UpdateSet();
    private final Map<String, TreeMap<Long, TracedUpdate>> byDot = new HashMap<>();
    private final Map<String, Integer> owners = new HashMap<>();
    private final Map<Integer, String> current = new HashMap<>();
    private final Set<String> givenUp = new HashSet<>();

    /**
     * Nodes whose disks were rolled back in place, and which learn what they had written only after they have started.
     */
    private final Set<Integer> setBack = new HashSet<>();

    /** Nodes that have detected that they have forked, as long as they keep their disks. */
    private final Set<Integer> forked = new HashSet<>();

    /** Replicas whose dots may be reused by a rolled-back disk before its node hears a peer. */
    private final Set<String> givenTwice = new HashSet<>();

    DotChecker(GroundTruth truth) {
        this.truth = truth;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Started started -> {
                takeIdentity(event, started.node(), started.replica());
                checkReturn(started);
            }
            case Event.Renewed renewed -> {
                if (owners.containsKey(renewed.replica())) {
                    throw broken(
                            event,
                            truth.node(renewed.node()).name + " continues as " + renewed.replica()
                                    + ", which was in use before (expected: a new incarnation)");
                }
                takeIdentity(event, renewed.node(), renewed.replica());
            }
            case Event.DiskLost lost -> {
                forked.remove(lost.node());
                if (lost.how() == Event.Loss.ROLLED_BACK || lost.how() == Event.Loss.SET_BACK) {
                    setBack.add(lost.node());
                }
                if (lost.how() == Event.Loss.SET_BACK) {
                    lost.lost().forEach(update -> givenTwice.add(update.replica()));
                }
            }
            case Event.Forked fork -> forked.add(fork.node());
            case Event.Made made -> checkMade(made, truth.node(made.node()));
            case Event.Published published -> published.updates().forEach(update -> expose(event, update));
            case Event.Received received -> expose(event, received.update());
            case Event.Answered answered
            when answered.outcome() instanceof Outcome.Done done -> {
                TracedUpdate update = done.update();
                if (update != null) {
                    expose(event, update);
                }
            }
            default -> {}
        }
    }

    private void takeIdentity(Event event, int number, String replica) {
        Integer owner = owners.putIfAbsent(replica, number);
        if (owner != null && owner != number) {
            throw broken(
                    event, truth.node(number).name + " writes as " + replica + ", which is " + truth.node(owner).name);
        }
        String before = current.put(number, replica);
        if (before != null && !before.equals(replica)) {
            givenUp.add(before);
        }
    }

    private void checkReturn(Event.Started started) {
        String replica = started.replica();
        TreeMap<Long, TracedUpdate> exposedOfIt = byDot.getOrDefault(replica, new TreeMap<>());
        long seen = exposedOfIt.isEmpty() ? 0 : exposedOfIt.lastKey();
        long kept = started.clock().getOrDefault(replica, 0L);
        if (givenUp.contains(replica) && kept < seen && !setBack.contains(started.node())) {
            throw broken(
                    started,
                    truth.node(started.node()).name + " writes as " + replica + " again and remembers " + kept
                            + " updates of it (expected: " + seen + ", or a new incarnation)");
        }
    }

    private void checkMade(Event.Made made, Node node) {
        TracedUpdate update = made.update();
        if (forked.contains(made.node())) {
            throw broken(
                    made,
                    node.name + " made " + truth.describe(update)
                            + " though it has found that it has forked (expected: no more writes)");
        }
        if (update.node() != made.node() || !update.replica().equals(node.replica)) {
            throw broken(
                    made, node.name + " made " + truth.describe(update) + " (expected: one of " + node.replica + ")");
        }
        int next = node.applied.count(update.replica());
        if (update.counter() != next) {
            throw broken(
                    made,
                    node.name + " made " + truth.describe(update) + " (expected: the counter " + next
                            + ", the next one of its own)");
        }
    }

    private void expose(Event event, TracedUpdate update) {
        if (!exposed.add(update)) {
            return;
        }
        TracedUpdate other = byDot.computeIfAbsent(update.replica(), replica -> new TreeMap<>())
                .put(update.counter(), update);
        if (other != null && !truth.forgotten().contains(other) && !givenTwice.contains(update.replica())) {
            throw broken(
                    event,
                    truth.describe(update) + " has the name of " + truth.describe(other) + ", and both were exposed");
        }
    }

    private static Violation broken(Event event, String what) {
        return GroundTruth.broken(PROMISE, event, what);
    }
}
