package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Causal stability: an update that a node reports as stable is durably stored at every member, and in the past of every
 * update that is still to be delivered there. So no metadata on its concurrency is needed any more.
 *
 * <p>Both halves are checked, because neither follows from the other. Durably stored: when a node adds an update to the
 * stable ones, every node has it durably. A node that is down counts with its disk. A node whose disk was wiped or
 * rolled back counts with what it had, but only until the reporting node has delivered an update written there
 * afterwards: a node is not blamed for a loss that it cannot have heard of.
 *
 * <p>In the past of all later updates: when the same process later receives or applies an update, everything reported
 * as stable is in its true past. A peer that has stored <i>d</i> may have written just before it received <i>d</i>;
 * while such an update is in flight, <i>d</i> is not stable although every node has it. There is no promise for updates
 * that a node writes after its disk has lost <i>d</i> and before it has caught up; nor for updates that a node's disk
 * was rolled back behind: the node continues under its identity, and its announcements are no longer true; nor for
 * updates of which nothing but an old copy of a disk was left when <i>d</i> was reported, and which come back with it.
 */
final class StabilityChecker implements Checker {
    private static final String PROMISE = "causal stability";

    /** The updates that a node's running process reported as stable. */
    private static final class Claimed {
        final UpdateSet updates = new UpdateSet();
        final Map<String, Long> counters = new HashMap<>();

        /** For each, the updates that were lost everywhere when it was reported, if there were any. */
        final Map<Integer, Set<Integer>> lostThen = new HashMap<>();
    }

    /**
     * The losses of one node. For each lost update: the number of identities the node had had, and of updates made in
     * total.
     */
    private static final class Fate {
        /** Its own updates that it lost undetectably. */
        final Set<Integer> forgotten = new HashSet<>();

        final List<String> identities = new ArrayList<>();
        final Map<Integer, Integer> identitiesAtLoss = new HashMap<>();
        final Map<Integer, Integer> madeAtLoss = new HashMap<>();
    }

    private final GroundTruth truth;
    private final Map<Integer, Claimed> claimed = new HashMap<>();
    private final List<Fate> fates = new ArrayList<>();

    /** The updates that were lost from any disk. */
    private final Set<Integer> lost = new TreeSet<>();

    /** For each node, what its process has received, and may hold in its buffer. */
    private final Map<Integer, Set<Integer>> received = new HashMap<>();

    StabilityChecker(GroundTruth truth) {
        this.truth = truth;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Began began -> began.nodes().forEach(name -> fates.add(new Fate()));
            case Event.Started started -> {
                claimed.remove(started.node());
                received.remove(started.node());
                takeIdentity(started.node(), started.replica());
            }
            case Event.Renewed renewed -> takeIdentity(renewed.node(), renewed.replica());
            case Event.DiskLost lost -> {
                Fate fate = fates.get(lost.node());
                for (TracedUpdate update : lost.lost()) {
                    this.lost.add(update.id());
                    fate.identitiesAtLoss.put(update.id(), fate.identities.size());
                    // The first loss: updates written there between it and the next loss were written without the
                    // update.
                    fate.madeAtLoss.putIfAbsent(update.id(), truth.updateCount());
                    if (lost.how() == Event.Loss.ROLLED_BACK && update.node() == lost.node()) {
                        fate.forgotten.add(update.id());
                    }
                }
            }
            case Event.Stable stable -> claim(stable, truth.node(stable.node()));
            case Event.Received received
            when received.receipt() != Event.Receipt.DUPLICATE -> {
                this.received
                        .computeIfAbsent(received.node(), n -> new HashSet<>())
                        .add(received.update().id());
                requireStableBefore(event, received.node(), received.update(), "received");
            }
            case Event.Applied applied -> requireStableBefore(event, applied.node(), applied.update(), "applied");
            default -> {}
        }
    }

    private void takeIdentity(int number, String replica) {
        List<String> identities = fates.get(number).identities;
        if (!identities.contains(replica)) {
            identities.add(replica);
        }
    }

    private void claim(Event.Stable stable, Node node) {
        Claimed known = claimed.computeIfAbsent(stable.node(), n -> new Claimed());
        Set<Integer> lostNow = lostEverywhere();
        stable.clock().forEach((replica, counter) -> {
            for (long next = known.counters.getOrDefault(replica, 0L) + 1; next <= counter; next++) {
                TracedUpdate update = node.visible.get(replica, next);
                if (update == null) {
                    throw broken(
                            stable,
                            node.name + " calls " + replica + ":" + next
                                    + " stable, which is not visible there itself");
                }
                requireDurableEverywhere(stable, node, update);
                known.updates.add(update);
                if (!lostNow.isEmpty()) {
                    known.lostThen.put(update.id(), lostNow);
                }
                known.counters.put(replica, next);
            }
        });
    }

    private Set<Integer> lostEverywhere() {
        return lost.stream()
                .filter(id -> !truth.isHeldAnywhere(truth.update(id)))
                .filter(id -> received.values().stream().noneMatch(held -> held.contains(id)))
                .collect(Collectors.toSet());
    }

    private void requireDurableEverywhere(Event.Stable stable, Node node, TracedUpdate update) {
        for (Node member : truth.nodes()) {
            if (!member.durable.contains(update) && !isUnheardOf(node, member, update)) {
                throw broken(
                        stable,
                        node.name + " calls " + truth.describe(update) + " stable, which " + member.name
                                + " has not stored durably");
            }
        }
    }

    /** Whether the member had the update durably, and the node has delivered no update written there since the loss. */
    private boolean isUnheardOf(Node node, Node member, TracedUpdate update) {
        if (!member.everDurable.contains(update) || member == node) {
            return false;
        }
        Fate fate = fates.get(member.number);
        int then = fate.identitiesAtLoss.getOrDefault(update.id(), 0);
        for (String identity : fate.identities.subList(then, fate.identities.size())) {
            if (node.visible.count(identity) > 0) {
                return false;
            }
        }
        return true;
    }

    private void requireStableBefore(Event event, int number, TracedUpdate update, String did) {
        Claimed known = claimed.get(number);
        boolean forgotten = fates.get(update.node()).forgotten.contains(update.id());
        if (known == null || known.updates.contains(update) || forgotten) {
            return;
        }
        UpdateSet past = truth.past(update);
        if (past.containsAll(known.updates)) {
            return;
        }
        Fate origin = fates.get(update.node());
        for (int id = known.updates.next(0); id >= 0; id = known.updates.next(id + 1)) {
            boolean wasLostBefore = origin.madeAtLoss.getOrDefault(id, Integer.MAX_VALUE) <= update.id();
            boolean cameBack = known.lostThen.getOrDefault(id, Set.of()).contains(update.id());
            if (!past.contains(id) && !wasLostBefore && !cameBack) {
                throw broken(
                        event,
                        truth.node(number).name + " " + did + " " + truth.describe(update) + " after it had called "
                                + truth.describe(id) + " stable, which is not in its past");
            }
        }
    }

    private static Violation broken(Event event, String what) {
        return GroundTruth.broken(PROMISE, event, what);
    }
}
