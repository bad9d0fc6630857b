package dev.hence.simulator.check;

import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The true state of a run at each moment: which updates each node has applied, stored, forced to the disk and
 * published, and what really happened before each of them. All checkers use it.
 *
 * <p>It is derived from the events alone and trusts no claim of a node or an update about itself: the past of an update
 * is what its origin's process had applied when it was made, whatever its context claims.
 *
 * <p>It observes an event before the checkers do, so they see the state after it. The applied and published updates of
 * an ended process stay readable until the next one starts.
 */
final class GroundTruth {
    private static final String TRACE = "a consistent trace";

    /** A node: its process and its disk. */
    static final class Node {
        final int number;
        final String name;
        String replica = "";
        boolean running;
        DeliveredSet applied = new DeliveredSet();
        DeliveredSet visible = new DeliveredSet();
        /** On the disk now. */
        UpdateSet disk = new UpdateSet();
        /** On the disk now, and would survive a power loss. */
        UpdateSet durable = new UpdateSet();
        /** On the disk at any time until now. */
        final UpdateSet everStored = new UpdateSet();
        /** Survived, or would have survived, a power loss at any time until now. */
        final UpdateSet everDurable = new UpdateSet();

        Node(int number, String name) {
            this.number = number;
            this.name = name;
        }
    }

    private final List<Node> nodes = new ArrayList<>();
    private final List<TracedUpdate> updates = new ArrayList<>();
    private final List<UpdateSet> pasts = new ArrayList<>();
    private final Set<TracedUpdate> setBack = new LinkedHashSet<>();
    private final UpdateSet forgotten = new UpdateSet();
    private @Nullable TracedUpdate repeated;
    private @Nullable TracedUpdate lostThoughDurable;

    void observe(Event event) {
        repeated = null;
        lostThoughDurable = null;
        switch (event) {
            case Event.Began began -> began.nodes().forEach(name -> nodes.add(new Node(nodes.size(), name)));
            case Event.Started started -> start(started);
            case Event.Renewed renewed -> running(event, renewed.node()).replica = renewed.replica();
            case Event.Stopped stopped -> running(event, stopped.node()).running = false;
            case Event.DiskLost lost -> lose(lost);
            case Event.Made made -> make(made);
            case Event.Received received -> running(event, received.node());
            case Event.Applied applied -> {
                known(event, applied.update());
                note(applied.update(), running(event, applied.node()).applied.add(applied.update()));
            }
            case Event.Stored stored -> store(stored);
            case Event.Synced synced -> sync(node(synced.node()));
            case Event.Published published -> {
                Node node = running(event, published.node());
                published.updates().forEach(update -> note(update, node.visible.add(update)));
            }
            case Event.Buffering buffering -> running(event, buffering.node());
            case Event.Stable stable -> running(event, stable.node());
            case Event.Served served -> running(event, served.request().node());
            case Event.Removed removed -> known(event, removed.update());
            case Event.Unchanged unchanged -> running(event, unchanged.request().node());
            case Event.Ended ended -> running(event, ended.node());
            case Event.Forked forked -> running(event, forked.node());
            case Event.Asked asked -> {}
            case Event.Answered answered -> {}
            case Event.Fault fault -> {}
            case Event.Mended mended -> {}
            case Event.Calmed calmed -> {}
        }
    }

    private void start(Event.Started started) {
        Node node = node(started.node());
        require(!node.running, started, node.name + " starts while it runs");
        node.running = true;
        node.replica = started.replica();
        node.applied = new DeliveredSet(started.onDisk());
        node.visible = new DeliveredSet(started.onDisk());
    }

    private void make(Event.Made made) {
        Node node = running(made, made.node());
        TracedUpdate update = made.update();
        require(
                update.id() == updates.size(),
                made,
                "update number " + update.id() + " comes as the " + updates.size() + "th, counted from 0");
        updates.add(update);
        pasts.add(node.applied.updates().copy());
        node.applied.add(update);
    }

    private void store(Event.Stored stored) {
        Node node = running(stored, stored.node());
        for (TracedUpdate update : stored.updates()) {
            known(stored, update);
            note(update, node.disk.add(update));
            node.everStored.add(update);
        }
    }

    private void sync(Node node) {
        node.durable = node.disk.copy();
        node.everDurable.addAll(node.disk);
    }

    private void lose(Event.DiskLost lost) {
        Node node = node(lost.node());
        require(!node.running, lost, node.name + " loses updates on its disk while it runs");
        for (TracedUpdate update : lost.lost()) {
            require(
                    node.disk.contains(update),
                    lost,
                    node.name + " loses " + describe(update) + " that was not on its disk");
            if (node.durable.contains(update)) {
                lostThoughDurable = update;
            }
            node.disk.remove(update);
            node.durable.remove(update);
            if (lost.how() == Event.Loss.ROLLED_BACK || lost.how() == Event.Loss.SET_BACK) {
                setBack.add(update);
            }
        }
        for (TracedUpdate update : lost.regained()) {
            known(lost, update);
            node.disk.add(update);
            node.durable.add(update);
        }
        setBack.stream().filter(update -> !isHeldAnywhere(update)).forEach(forgotten::add);
    }

    private void note(TracedUpdate update, boolean isNew) {
        if (!isNew && repeated == null) {
            repeated = update;
        }
    }

    private Node running(Event event, int number) {
        Node node = node(number);
        require(node.running, event, node.name + " is not running");
        return node;
    }

    private void known(Event event, TracedUpdate update) {
        require(
                update.id() < updates.size() && updates.get(update.id()).equals(update),
                event,
                "update " + update.dot() + " was not made");
    }

    private void require(boolean sensible, Event event, String otherwise) {
        if (!sensible) {
            throw broken(TRACE, event, otherwise + ": " + event);
        }
    }

    /** The update that the last event added a second time; null if there is none. */
    @Nullable
    TracedUpdate repeated() {
        return repeated;
    }

    /** An update that the last event removed from a disk although it was forced there; null if there is none. */
    @Nullable
    TracedUpdate lostThoughDurable() {
        return lostThoughDurable;
    }

    /** Whether any disk holds the update, or a running process has applied it. */
    boolean isHeldAnywhere(TracedUpdate update) {
        return nodes.stream()
                .anyMatch(node -> node.disk.contains(update)
                        || (node.running && node.applied.updates().contains(update)));
    }

    /**
     * The updates that no node has any more since disks were rolled back in place: only clients can know of them, so
     * their dots may be reused.
     */
    UpdateSet forgotten() {
        return forgotten;
    }

    /** The true past of an update, without itself. */
    UpdateSet past(TracedUpdate update) {
        return pasts.get(update.id());
    }

    TracedUpdate update(int id) {
        return updates.get(id);
    }

    /** The number of updates made so far. */
    int updateCount() {
        return updates.size();
    }

    List<Node> nodes() {
        return nodes;
    }

    Node node(int number) {
        return nodes.get(number);
    }

    /** Whether any disk holds the update now. */
    boolean isOnAnyDisk(TracedUpdate update) {
        for (Node node : nodes) {
            if (node.disk.contains(update)) {
                return true;
            }
        }
        return false;
    }

    /** An update as text for messages: its name and its changes. */
    String describe(TracedUpdate update) {
        return update.dot()
                + update.changes().stream().map(GroundTruth::describe).collect(Collectors.joining(", ", " {", "}"));
    }

    String describe(int id) {
        return describe(updates.get(id));
    }

    private static String describe(Change change) {
        return switch (change) {
            case Change.Set set -> set.key() + "=" + set.value();
            case Change.Delete delete -> "del " + delete.key();
            case Change.Put put -> put.key() + "[" + put.element() + "]=" + put.value();
            case Change.Remove remove -> "del " + remove.key() + "[" + remove.element() + "]";
            case Change.Add add ->
                add.key() + "[" + add.element() + "]+=" + add.delta().toPlainString();
            case Change.Expire expire -> expire.key() + " expires at " + expire.deadlineMillis();
        };
    }

    /** A violation, with the time at which it was found. */
    static Violation broken(String promise, Event event, String what) {
        return new Violation(promise, String.format(Locale.ROOT, "%s (at %.6f s)", what, event.atMicros() / 1e6));
    }
}
