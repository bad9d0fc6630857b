package dev.hence.simulator.check;

import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.TracedUpdate;
import dev.hence.simulator.trace.Type;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The content of a key after a set of updates, by definition and not by a sequence of states.
 *
 * <ul>
 *   <li>An element - the string of a key, a field, a member, a score, an item of a list - has as candidates the
 *       assignments that are not in the past of another assignment or removal of it in the set. The newest, by
 *       (timestamp, replica), is the value. Increments that are not in the past of any of these count on top.
 *   <li>A DEL of the key removes every element in its past, and so does a SET of the key.
 *   <li>The deadline is the latest of those that are not in the past of another one, of a SET that does not keep it,
 *       or of a DEL.
 *   <li>Of the types in which the key holds elements, the one written last is visible.
 * </ul>
 */
final class Meaning {
    private record Touch(TracedUpdate update, Change change) {}

    private final GroundTruth truth;
    private final Map<String, List<Touch>> byKey = new HashMap<>();

    Meaning(GroundTruth truth) {
        this.truth = truth;
    }

    void add(TracedUpdate update) {
        for (Change change : update.changes()) {
            byKey.computeIfAbsent(change.key(), key -> new ArrayList<>()).add(new Touch(update, change));
        }
    }

    /** Returns the content of a key after these updates, and what is visible of it at a time. */
    Contents contents(String key, UpdateSet updates, long wallMillis) {
        List<Touch> touching = byKey.get(key);
        return touching == null ? Contents.NOTHING : new KeyMeaning(touching, updates).contents(wallMillis);
    }

    /** Returns every key with any content after these updates. */
    Map<String, Contents> state(UpdateSet updates) {
        Map<String, Contents> state = new TreeMap<>();
        for (String key : byKey.keySet()) {
            Contents contents = contents(key, updates, Long.MIN_VALUE);
            if (!contents.equals(Contents.NOTHING)) {
                state.put(key, contents);
            }
        }
        return state;
    }

    /**
     * One key after a set of updates.
     *
     * <p>An update with another one in its past was made later. So a walk in reverse order of creation meets all
     * updates that can have seen an update before the update itself. The past of a seen update need not be added: an
     * update that saw it saw its past as well.
     */
    private final class KeyMeaning {
        /** In the past of a SET or DEL of the key. */
        private final UpdateSet cleared = new UpdateSet();
        /** In the past of a change of the deadline. */
        private final UpdateSet timed = new UpdateSet();

        private final Map<Type, Map<String, ElementMeaning>> elements = new EnumMap<>(Type.class);
        private final Map<Type, TracedUpdate> newest = new EnumMap<>(Type.class);
        private long deadlineMillis = Long.MIN_VALUE;

        KeyMeaning(List<Touch> touching, UpdateSet updates) {
            for (int i = touching.size() - 1; i >= 0; i--) {
                Touch touch = touching.get(i);
                if (updates.contains(touch.update())) {
                    meet(touch.update(), touch.change());
                }
            }
        }

        private void meet(TracedUpdate update, Change change) {
            switch (change) {
                case Change.Set set -> {
                    if (!cleared.contains(update)) {
                        touch(Type.STRING, update);
                        element(Type.STRING, "").assign(update, set.value());
                        cleared.addAll(truth.past(update));
                    }
                    if (set.deadlineMillis() != Contents.KEEP) {
                        expire(update, set.deadlineMillis());
                    }
                }
                case Change.Delete delete -> {
                    cleared.addAll(truth.past(update));
                    timed.addAll(truth.past(update));
                }
                case Change.Put put -> {
                    if (!cleared.contains(update)) {
                        touch(put.type(), update);
                        element(put.type(), put.element()).assign(update, put.value());
                    }
                }
                case Change.Remove remove -> {
                    if (!cleared.contains(update)) {
                        element(remove.type(), remove.element()).remove(update);
                    }
                }
                case Change.Add add -> {
                    if (!cleared.contains(update)) {
                        touch(add.type(), update);
                        element(add.type(), add.element()).increment(update, add.delta());
                    }
                }
                case Change.Expire expire -> expire(update, expire.deadlineMillis());
            }
        }

        private ElementMeaning element(Type type, String name) {
            return elements.computeIfAbsent(type, any -> new TreeMap<>())
                    .computeIfAbsent(name, any -> new ElementMeaning(truth));
        }

        private void touch(Type type, TracedUpdate update) {
            newest.merge(type, update, (one, other) -> ElementMeaning.isNewer(one, other) ? one : other);
        }

        private void expire(TracedUpdate update, long millis) {
            if (!timed.contains(update)) {
                deadlineMillis = Math.max(deadlineMillis, millis);
                timed.addAll(truth.past(update));
            }
        }

        Contents contents(long wallMillis) {
            long deadline = deadlineMillis == Long.MIN_VALUE ? Contents.NEVER : deadlineMillis;
            Map<Type, Contents.Elements> present = new EnumMap<>(Type.class);
            Type shown = null;
            for (Map.Entry<Type, Map<String, ElementMeaning>> entry : elements.entrySet()) {
                List<Contents.Element> inOrder = inOrder(entry.getKey(), entry.getValue());
                if (!inOrder.isEmpty()) {
                    present.put(
                            entry.getKey(),
                            new Contents.Elements(inOrder.size(), ends(entry.getKey(), inOrder), inOrder));
                    shown = shown == null || wasWrittenLater(entry.getKey(), shown) ? entry.getKey() : shown;
                }
            }
            if (present.isEmpty() && deadline == Contents.NEVER) {
                return Contents.NOTHING;
            }
            return new Contents(deadline <= wallMillis ? null : shown, deadline, present);
        }

        private static List<String> ends(Type type, List<Contents.Element> inOrder) {
            return type == Type.SORTED_SET || type == Type.LIST
                    ? List.of(inOrder.getFirst().name(), inOrder.getLast().name())
                    : List.of();
        }

        private boolean wasWrittenLater(Type one, Type other) {
            TracedUpdate ofOne = newest.get(one);
            TracedUpdate ofOther = newest.get(other);
            if (ofOne == null || ofOther == null) {
                throw new IllegalStateException("elements of " + (ofOne == null ? one : other)
                        + " without a write (expected: one that was not cleared)");
            }
            return ElementMeaning.isNewer(ofOne, ofOther);
        }

        private static List<Contents.Element> inOrder(Type type, Map<String, ElementMeaning> byName) {
            List<Contents.Element> inOrder = new ArrayList<>(byName.size());
            byName.forEach((name, element) -> {
                if (element.isPresent()) {
                    inOrder.add(element.show(type, name));
                }
            });
            if (type == Type.SORTED_SET) {
                // The names are already in order.
                inOrder.sort((one, other) ->
                        Double.compare(Double.parseDouble(one.value()), Double.parseDouble(other.value())));
            }
            return inOrder;
        }
    }
}
