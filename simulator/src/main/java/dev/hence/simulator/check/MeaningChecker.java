package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The meaning of the data: a read returns what the definition of the type yields for the set of updates visible at that
 * moment.
 *
 * <p>The definition is that of {@link Meaning}, over true pasts. It is compared with each read at each node, with the
 * answer that the client gets, and with all keys of every node in the end. Whether a key has expired is decided by the
 * clock of the reading node.
 *
 * <p>Timestamps decide between concurrent candidates only if they never contradict causality, so an update's timestamp
 * must exceed those of all updates in its past.
 */
final class MeaningChecker implements Checker {
    private static final String PROMISE = "meaning of the data";

    private final GroundTruth truth;
    private final Meaning meaning;
    private final Map<Integer, Long> newestApplied = new HashMap<>();
    private final Map<Integer, List<Contents>> served = new HashMap<>();

    private UpdateSet ended = new UpdateSet();
    private Map<String, Contents> inTheEnd = Map.of();

    /** @param meaning receives the updates from this checker */
    MeaningChecker(GroundTruth truth, Meaning meaning) {
        this.truth = truth;
        this.meaning = meaning;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Started started ->
                newestApplied.put(
                        started.node(),
                        started.onDisk().stream()
                                .mapToLong(TracedUpdate::timestamp)
                                .max()
                                .orElse(Long.MIN_VALUE));
            case Event.Applied applied ->
                newestApplied.merge(applied.node(), applied.update().timestamp(), Math::max);
            case Event.Made made -> {
                meaning.add(made.update());
                checkTimestamp(made);
            }
            case Event.Served read -> checkRead(read);
            case Event.Answered answered -> checkAnswer(answered);
            case Event.Ended ended -> checkState(ended);
            default -> {}
        }
    }

    private void checkTimestamp(Event.Made made) {
        long newest = newestApplied.getOrDefault(made.node(), Long.MIN_VALUE);
        TracedUpdate update = made.update();
        if (update.timestamp() <= newest) {
            throw broken(
                    made,
                    truth.node(made.node()),
                    "made " + truth.describe(update) + " with the timestamp " + update.timestamp()
                            + " (expected: more than " + newest + ", which is in its past)");
        }
        newestApplied.put(made.node(), update.timestamp());
    }

    private void checkRead(Event.Served read) {
        Request request = read.request();
        Node node = truth.node(request.node());
        if (read.values().size() != request.reads().size()) {
            throw broken(
                    read,
                    node,
                    "answered request " + request.id() + " with "
                            + read.values().size() + " values (expected: "
                            + request.reads().size() + ")");
        }
        for (int i = 0; i < request.reads().size(); i++) {
            String key = request.reads().get(i);
            checkKey(read, node, key, read.values().get(i), node.visible, read.wallMillis(), "read as");
        }
        if (!request.reads().isEmpty()) {
            served.put(request.id(), read.values());
        }
    }

    private void checkAnswer(Event.Answered answered) {
        Request request = answered.request();
        List<Contents> values = served.remove(request.id());
        if (values != null
                && answered.outcome() instanceof Outcome.Done done
                && !done.values().equals(values)) {
            throw broken(
                    answered,
                    truth.node(request.node()),
                    "answered request " + request.id() + " with " + done.values() + " (expected: what was read, "
                            + values + ")");
        }
    }

    private void checkState(Event.Ended ended) {
        Node node = truth.node(ended.node());
        Map<String, Contents> expected = state(node.applied.updates());
        if (ended.values().equals(expected)) {
            return;
        }
        TreeSet<String> keys = new TreeSet<>(ended.values().keySet());
        keys.addAll(expected.keySet());
        for (String key : keys) {
            checkKey(
                    ended,
                    node,
                    key,
                    ended.values().getOrDefault(key, Contents.NOTHING),
                    node.applied,
                    Long.MIN_VALUE,
                    "holds in the end");
        }
        throw broken(ended, node, "lists keys that are absent: " + new TreeMap<>(ended.values()).keySet());
    }

    /** In the end nodes usually hold the same. */
    private Map<String, Contents> state(UpdateSet updates) {
        if (!updates.containsAll(ended) || !ended.containsAll(updates)) {
            ended = updates.copy();
            inTheEnd = meaning.state(ended);
        }
        return inTheEnd;
    }

    private void checkKey(
            Event event, Node node, String key, Contents found, DeliveredSet updates, long wallMillis, String how) {
        Contents expected = meaning.contents(key, updates.updates(), wallMillis);
        if (!found.equals(expected)) {
            throw broken(
                    event,
                    node,
                    "key " + key + " " + how + " " + found + " (expected: " + expected + " after the updates "
                            + new TreeMap<>(updates.clock()) + ")");
        }
    }

    private static Violation broken(Event event, Node node, String what) {
        return GroundTruth.broken(PROMISE, event, node.name + ": " + what);
    }
}
