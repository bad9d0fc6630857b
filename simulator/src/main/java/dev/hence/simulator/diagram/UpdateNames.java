package dev.hence.simulator.diagram;

import dev.hence.simulator.trace.TracedUpdate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Short names for updates: {@code 1:3} is the third that node1 made under its first identity, {@code 1':1} the first
 * under its second. Two updates under one dot, which must not happen, are distinguished by a star: {@code 1:3*} is the
 * one made later.
 */
final class UpdateNames {
    private static final int PRIMES_MAX = 3;
    private static final int ITEMS_MAX = 4;

    private final Map<String, String> prefixes = new LinkedHashMap<>();
    private final Map<Integer, Integer> identities = new HashMap<>();
    private final Map<String, List<TracedUpdate>> byDot = new LinkedHashMap<>();

    /** Records an identity of a node; called in the order in which the node had them. */
    void learn(int node, String replica) {
        if (!prefixes.containsKey(replica)) {
            int earlier = identities.merge(node, 1, Integer::sum) - 1;
            String mark = earlier <= PRIMES_MAX ? "'".repeat(earlier) : "'" + earlier;
            prefixes.put(replica, (node + 1) + mark);
        }
    }

    /** Records an update; called in the order in which updates were made. */
    void learn(TracedUpdate update) {
        learn(update.node(), update.replica());
        List<TracedUpdate> namesakes = byDot.computeIfAbsent(update.dot(), _ -> new ArrayList<>());
        if (!namesakes.contains(update)) {
            namesakes.add(update);
        }
    }

    String of(TracedUpdate update) {
        List<TracedUpdate> namesakes = byDot.getOrDefault(update.dot(), List.of());
        return of(update.replica(), update.counter()) + "*".repeat(Math.max(0, namesakes.indexOf(update)));
    }

    String of(String replica, long counter) {
        return of(replica) + ":" + counter;
    }

    /** The part of the names before the colon. */
    String of(String replica) {
        String prefix = prefixes.get(replica);
        return prefix == null ? PlainText.of(replica, 20) : prefix;
    }

    /** Formats updates in their order, runs of one origin as {@code 1:1-3}. */
    String list(Collection<TracedUpdate> updates) {
        List<String> items = new ArrayList<>();
        @Nullable TracedUpdate first = null;
        @Nullable TracedUpdate last = null;
        for (TracedUpdate update : updates) {
            if (first != null && last != null && !follows(last, update)) {
                items.add(run(first, last));
                first = update;
            } else if (first == null) {
                first = update;
            }
            last = update;
        }
        if (first != null && last != null) {
            items.add(run(first, last));
        }
        return shortened(items);
    }

    private boolean follows(TracedUpdate last, TracedUpdate next) {
        return next.replica().equals(last.replica())
                && next.counter() == last.counter() + 1
                && !of(last).endsWith("*")
                && !of(next).endsWith("*");
    }

    private String run(TracedUpdate first, TracedUpdate last) {
        return first.equals(last) ? of(first) : of(first) + "-" + last.counter();
    }

    /** Formats a clock, as the last update of each replica. */
    String clock(Map<String, Long> clock) {
        return shortened(clock.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .sorted()
                .toList());
    }

    private static String shortened(List<String> items) {
        if (items.isEmpty()) {
            return "nothing";
        }
        return items.size() <= ITEMS_MAX
                ? String.join(", ", items)
                : String.join(", ", items.subList(0, ITEMS_MAX)) + " and " + (items.size() - ITEMS_MAX) + " more";
    }

    /** Returns the legend of the names, given the full names of updates elsewhere in the diagram. */
    List<String> notes(List<String> nodes, String mentioned) {
        List<String> notes = new ArrayList<>();
        if (!byDot.isEmpty()) {
            String second = identities.values().stream().anyMatch(count -> count > 1)
                    ? "; 1':2 is the second under a later identity"
                    : "";
            notes.add("1:2 is the second update made by " + PlainText.of(nodes.getFirst(), 20) + second + ".");
        }
        List<String> meant = prefixes.entrySet().stream()
                .filter(entry -> entry.getValue().contains("'") || mentioned.contains(entry.getKey()))
                .map(entry -> entry.getValue() + " = " + PlainText.of(entry.getKey(), 90))
                .toList();
        if (!meant.isEmpty()) {
            notes.add(String.join(", ", meant));
        }
        byDot.values().stream().filter(namesakes -> namesakes.size() > 1).forEach(namesakes -> {
            String name = of(namesakes.getFirst());
            notes.add(name + " and " + name + "* are two updates under one name.");
        });
        return notes;
    }
}
