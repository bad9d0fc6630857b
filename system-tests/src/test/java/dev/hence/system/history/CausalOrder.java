package dev.hence.system.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks the order in which a change feed shows updates, from their vector clocks alone: an update may come only after
 * everything that its clock counts, each exactly once.
 *
 * <p>For clusters in which every node has one incarnation, so that node names are enough.
 */
public final class CausalOrder {

    private CausalOrder() {}

    /** The violations in a feed that was read from the beginning, one line each. */
    public static List<String> violations(List<JsonNode> changes) {
        Map<String, Long> seen = new HashMap<>();
        List<String> violations = new ArrayList<>();
        for (JsonNode change : changes) {
            String writer = change.path("node_id").asText();
            long counter = change.path("dot").path("counter").asLong();
            change.path("vector_clock").properties().forEach(entry -> {
                String node = entry.getKey();
                long needed = entry.getValue().asLong() - (node.equals(writer) ? 1 : 0);
                long have = seen.getOrDefault(node, 0L);
                if (have < needed) {
                    violations.add(writer + ":" + counter + " came when " + node + " was at " + have
                            + " (expected: at least " + needed + "): " + change);
                }
            });
            long before = seen.getOrDefault(writer, 0L);
            if (counter != before + 1) {
                violations.add(writer + ":" + counter + " came after " + writer + ":" + before + ": " + change);
            }
            if (change.path("vector_clock").path(writer).asLong() != counter) {
                violations.add("the clock does not count the update itself: " + change);
            }
            seen.merge(writer, counter, Math::max);
        }
        return violations;
    }
}
