package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Candidate;
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
 * The meaning of the data: what is read is what the definition of a string key says for the set of updates that is
 * visible at that moment.
 *
 * <p>The definition is that of {@link Meaning}, over true pasts. It is compared with each read at each node, with the
 * answer that the client gets, and with all keys of every node in the end.
 *
 * <p>A request that changed nothing because there was nothing to remove has seen that: what was there when it was
 * served is gone in the clock that it is answered with.
 *
 * <p>Timestamps decide between concurrent candidates only if they never contradict causality, so an update's
 * timestamp has to exceed those of all updates in its past.
 */
final class MeaningChecker implements Checker {
    private static final String PROMISE = "meaning of the data";

    private final GroundTruth truth;
    private final Meaning meaning;
    private final Map<Integer, Long> newestApplied = new HashMap<>();
    private final Map<Integer, List<List<Candidate>>> served = new HashMap<>();
    /** For requests that remove and do not assign, what each key had when it was served. */
    private final Map<Integer, Map<String, List<Candidate>>> toRemove = new HashMap<>();

    MeaningChecker(GroundTruth truth) {
        this.truth = truth;
        this.meaning = new Meaning(truth);
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
            case Event.Served read -> {
                checkRead(read);
                noteRemovals(read.request());
            }
            case Event.Answered answered -> {
                checkAnswer(answered);
                checkNothingChanged(answered);
            }
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
            checkKey(read, node, request.reads().get(i), read.values().get(i), node.visible, "read as");
        }
        if (!request.reads().isEmpty()) {
            served.put(request.id(), read.values());
        }
    }

    private void checkAnswer(Event.Answered answered) {
        Request request = answered.request();
        List<List<Candidate>> values = served.remove(request.id());
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

    private void noteRemovals(Request request) {
        if (!request.writes().isEmpty() && request.writes().stream().allMatch(change -> change.value() == null)) {
            UpdateSet visible = truth.node(request.node()).visible.updates();
            Map<String, List<Candidate>> before = new TreeMap<>();
            request.writes().forEach(change -> before.put(change.key(), meaning.candidates(change.key(), visible)));
            toRemove.put(request.id(), before);
        }
    }

    private void checkNothingChanged(Event.Answered answered) {
        Map<String, List<Candidate>> before = toRemove.remove(answered.request().id());
        if (before == null || !(answered.outcome() instanceof Outcome.Done done) || done.update() != null) {
            return;
        }
        before.forEach((key, candidates) -> {
            for (Candidate candidate : candidates) {
                if (!meaning.isGone(key, candidate, done.clock())) {
                    throw broken(
                            answered,
                            truth.node(answered.request().node()),
                            "found nothing to remove under " + key + ", where " + candidate + " is in the clock "
                                    + new TreeMap<>(done.clock()) + " that it answered with");
                }
            }
        });
    }

    private void checkState(Event.Ended ended) {
        Node node = truth.node(ended.node());
        if (ended.values().equals(meaning.state(node.applied.updates()))) {
            return;
        }
        TreeSet<String> keys = new TreeSet<>(ended.values().keySet());
        keys.addAll(meaning.state(node.applied.updates()).keySet());
        for (String key : keys) {
            checkKey(ended, node, key, ended.values().getOrDefault(key, List.of()), node.applied, "holds in the end");
        }
        throw broken(ended, node, "lists keys that are absent: " + new TreeMap<>(ended.values()).keySet());
    }

    private void checkKey(Event event, Node node, String key, List<Candidate> found, DeliveredSet updates, String how) {
        List<Candidate> expected = meaning.candidates(key, updates.updates());
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
