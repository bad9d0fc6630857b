package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import java.util.Map;
import java.util.TreeMap;

/**
 * The nodes that were found to have other updates than this one under the same dots, by name, until they are met again
 * and agree. No updates pass between this node and these.
 *
 * <p>Not thread-safe.
 */
public final class KnownForks {
    private final Map<String, Dot> byNode = new TreeMap<>();

    /**
     * Takes note that a node has another update under a dot; whether it is news that it differs at all. Which dot two
     * nodes find first depends on what both have just then, so another one says nothing new.
     */
    public boolean differs(String node, Dot dot) {
        return byNode.put(node, dot) == null;
    }

    /** Takes note that a node was met, and has no other updates as far as both know. */
    public void agrees(String node) {
        byNode.remove(node);
    }

    /** Where each of them differs. */
    public Map<String, Dot> byNode() {
        return new TreeMap<>(byNode);
    }
}
