package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import dev.hence.simulator.trace.Type;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Commands: the effect of a request is what its commands mean on the state visible at their node at that moment.
 *
 * <p>An update was decided on its true past, at the wall clock of its origin. The result visible to clients must equal
 * that of a single store with the state visible before; {@link OneStore} is that store. In addition an update must
 * contain assignments that do not change the present value, and increments as increments: otherwise its effect on
 * concurrent updates would be wrong.
 *
 * <p>A request that changed nothing was decided on the updates that its node claims to have applied then. They include
 * at least what was visible when the request was served and at most what the answer's clock covers, so the answer never
 * depends on an update that its client cannot see. On that state the commands must change nothing, or fail.
 */
final class CommandChecker implements Checker {
    private static final String PROMISE = "commands";

    private final GroundTruth truth;
    private final Meaning meaning;
    private final Map<Integer, UpdateSet> visible = new HashMap<>();
    private final Map<Integer, Event.Unchanged> unchanged = new HashMap<>();

    /** @param meaning knows every update that was made */
    CommandChecker(GroundTruth truth, Meaning meaning) {
        this.truth = truth;
        this.meaning = meaning;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Served served -> {
                if (!served.request().writes().isEmpty()) {
                    visible.put(
                            served.request().id(),
                            truth.node(served.request().node())
                                    .visible
                                    .updates()
                                    .copy());
                }
            }
            case Event.Unchanged nothing -> unchanged.put(nothing.request().id(), nothing);
            case Event.Answered answered -> {
                Request request = answered.request();
                UpdateSet seen = visible.remove(request.id());
                Event.Unchanged nothing = unchanged.remove(request.id());
                if (!request.writes().isEmpty() && answered.outcome() instanceof Outcome.Done done) {
                    TracedUpdate update = done.update();
                    if (update != null) {
                        checkUpdate(answered, update);
                    } else {
                        checkNothing(answered, done, seen, nothing);
                    }
                }
            }
            default -> {}
        }
    }

    private void checkUpdate(Event.Answered answered, TracedUpdate update) {
        Request request = answered.request();
        UpdateSet before = truth.past(update);
        OneStore store = store(request, before, update.wallMillis());
        if (!store.run(request.writes())) {
            throw broken(answered, "became " + truth.describe(update) + " (expected: nothing, since a command fails)");
        }
        UpdateSet after = before.copy();
        after.add(update);
        for (String key : keys(request)) {
            OneStore.Shown expected = store.shown(key);
            OneStore.Shown found = OneStore.Shown.of(meaning.contents(key, after, update.wallMillis()));
            if (!Objects.equals(found, expected)) {
                throw broken(
                        answered,
                        "became " + truth.describe(update) + ", after which " + key + " shows " + found + " (expected: "
                                + expected + ", since it showed "
                                + OneStore.Shown.of(meaning.contents(key, before, update.wallMillis())) + ")");
            }
        }
        checkChanges(answered, update, store);
    }

    private void checkChanges(Event.Answered answered, TracedUpdate update, OneStore store) {
        Map<OneStore.Place, Change> changed = new HashMap<>();
        Set<String> asked = keys(answered.request());
        for (Change change : update.changes()) {
            if (!asked.contains(change.key())) {
                throw broken(answered, "became " + truth.describe(update) + " (expected: only what was asked)");
            }
            OneStore.Place place = place(change);
            if (place != null) {
                changed.put(place, change);
            }
        }
        for (OneStore.Place place : store.assigned().keySet()) {
            Change change = changed.get(place);
            if (!(change instanceof Change.Put) && !(change instanceof Change.Set)) {
                throw broken(
                        answered, "became " + truth.describe(update) + " (expected: an assignment to " + place + ")");
            }
        }
        store.added().forEach((place, delta) -> {
            BigDecimal found = changed.get(place) instanceof Change.Add add ? add.delta() : null;
            if (found == null || found.compareTo(delta) != 0) {
                throw broken(
                        answered,
                        "became " + truth.describe(update) + " (expected: " + delta.toPlainString() + " more in "
                                + place + ")");
            }
        });
    }

    private static OneStore.@Nullable Place place(Change change) {
        return switch (change) {
            case Change.Set set -> new OneStore.Place(set.key(), Type.STRING, "");
            case Change.Put put -> new OneStore.Place(put.key(), put.type(), put.element());
            case Change.Remove remove -> new OneStore.Place(remove.key(), remove.type(), remove.element());
            case Change.Add add -> new OneStore.Place(add.key(), add.type(), add.element());
            case Change.Delete delete -> null;
            case Change.Expire expire -> null;
        };
    }

    private void checkNothing(
            Event.Answered answered, Outcome.Done done, @Nullable UpdateSet seen, Event.@Nullable Unchanged nothing) {
        if (seen == null || nothing == null) {
            throw broken(answered, "changed nothing, and its node has not checked that there was nothing to change");
        }
        nothing.clock().forEach((replica, counter) -> {
            if (done.clock().getOrDefault(replica, 0L) < counter) {
                throw broken(
                        answered,
                        "changed nothing after " + new TreeMap<>(nothing.clock()) + ", and was answered with the clock "
                                + new TreeMap<>(done.clock()) + " (expected: one that covers it)");
            }
        });
        Request request = answered.request();
        UpdateSet before = updates(truth.node(request.node()), nothing.clock());
        if (before == null) {
            // The node has lost some of these updates while the answer was in flight.
            return;
        }
        int missing = before.firstMissingOf(seen);
        if (missing >= 0) {
            throw broken(answered, "changed nothing, found without " + truth.describe(missing) + ", which was visible");
        }
        OneStore store = store(request, before, nothing.wallMillis());
        if (!store.run(request.writes())) {
            return;
        }
        for (String key : keys(request)) {
            OneStore.Shown was = OneStore.Shown.of(meaning.contents(key, before, nothing.wallMillis()));
            if (!Objects.equals(was, store.shown(key))
                    || !store.assigned().isEmpty()
                    || !store.added().isEmpty()) {
                throw broken(answered, "changed nothing, though " + key + " showed " + was + " (expected: an update)");
            }
        }
    }

    /** Returns the updates that a clock names; null if the node has not applied all of them. */
    private static @Nullable UpdateSet updates(Node node, Map<String, Long> clock) {
        UpdateSet updates = new UpdateSet();
        for (Map.Entry<String, Long> entry : clock.entrySet()) {
            for (long counter = 1; counter <= entry.getValue(); counter++) {
                TracedUpdate update = node.applied.get(entry.getKey(), counter);
                if (update == null) {
                    return null;
                }
                updates.add(update);
            }
        }
        return updates;
    }

    private OneStore store(Request request, UpdateSet before, long wallMillis) {
        OneStore store = new OneStore(wallMillis);
        for (String key : keys(request)) {
            store.hold(key, meaning.contents(key, before, wallMillis));
        }
        return store;
    }

    private static Set<String> keys(Request request) {
        Set<String> keys = new HashSet<>();
        for (Command command : request.writes()) {
            keys.add(command.key());
        }
        return keys;
    }

    private Violation broken(Event.Answered answered, String what) {
        Request request = answered.request();
        return GroundTruth.broken(
                PROMISE,
                answered,
                "request " + request.id() + " " + request.writes() + " at " + truth.node(request.node()).name + " "
                        + what);
    }
}
