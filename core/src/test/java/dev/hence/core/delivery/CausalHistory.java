package dev.hence.core.delivery;

import static java.util.Objects.requireNonNull;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A naive causal history, against which tests check the delivery buffer. It holds for each update the set of all dots
 * that happened before it, and shares no code with the rule.
 */
final class CausalHistory {

    /** An update and the dots of all updates that happened before it. */
    record Event(Update update, Set<Dot> past) {
        Dot dot() {
            return update.dot();
        }
    }

    private final List<Event> events = new ArrayList<>();
    private final Map<Dot, Set<Dot>> pasts = new HashMap<>();
    private final Map<Integer, Set<Dot>> seenByNode = new HashMap<>();

    /** Returns the identity of a node. */
    static ReplicaId replica(int node) {
        return new ReplicaId("n" + node, node + 1);
    }

    /** The history so far; every event comes after those that happened before it. */
    List<Event> events() {
        return Collections.unmodifiableList(events);
    }

    /** Returns the dots of all updates that happened before an update. */
    Set<Dot> pastOf(Update update) {
        return requireNonNull(pasts.get(update.dot()));
    }

    /** The dots that a node has seen, its own included. */
    Set<Dot> seenBy(int node) {
        return seenByNode.computeIfAbsent(node, n -> new HashSet<>());
    }

    /** Makes a node write, on everything that it has seen. */
    Event write(int node, int valueBytes) {
        Set<Dot> seen = seenBy(node);
        VersionVector context = clockOf(seen);
        Dot dot = new Dot(replica(node), 1 + count(seen, replica(node)));
        Operation operation = new Operation.SetString(Bytes.EMPTY, Bytes.wrap(new byte[valueBytes]));
        Event event = new Event(Update.of(dot, context, events.size() + 1, List.of(operation)), Set.copyOf(seen));
        seen.add(dot);
        events.add(event);
        pasts.put(dot, event.past());
        return event;
    }

    /** Makes a node see one more update whose past it has seen; does nothing if there is none. */
    void learn(int node, int pick) {
        Set<Dot> seen = seenBy(node);
        List<Event> news = events.stream()
                .filter(event -> !seen.contains(event.dot()) && seen.containsAll(event.past()))
                .toList();
        if (!news.isEmpty()) {
            seen.add(news.get(pick % news.size()).dot());
        }
    }

    /** Returns the version vector of a set of dots without gaps. */
    static VersionVector clockOf(Set<Dot> dots) {
        Map<ReplicaId, Long> counters = new HashMap<>();
        dots.forEach(dot -> counters.merge(dot.replica(), 1L, Long::sum));
        return VersionVector.of(counters);
    }

    static long count(Set<Dot> dots, ReplicaId replica) {
        return dots.stream().filter(dot -> dot.replica().equals(replica)).count();
    }
}
