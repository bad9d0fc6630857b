package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The nodes that were found to have other updates than this one under the same dots, by name, until they are met again
 * and agree. No updates pass between this node and these.
 *
 * <p>Not thread-safe.
 */
public final class KnownForks {
    /** By node name: the replicas under whose names it differs, with the dot that was found last. */
    private final Map<String, Map<ReplicaId, Dot>> byNode = new TreeMap<>();

    /**
     * Records that a node has another update under a dot; whether it is news that they differ under that replica's
     * names. Which dot of a replica two nodes find first depends on what both have just then, so another one of it says
     * nothing new. One of another replica does: a node may have forked without knowing it yet.
     */
    public boolean differs(String node, Dot dot) {
        return byNode.computeIfAbsent(node, name -> new LinkedHashMap<>()).put(dot.replica(), dot) == null;
    }

    /** Records that a node was met, and has no other updates as far as both know. */
    public void agrees(String node) {
        byNode.remove(node);
    }

    /** Where each of them differs: of the replicas, the one that was found first. */
    public Map<String, Dot> byNode() {
        Map<String, Dot> first = new TreeMap<>();
        byNode.forEach((node, dots) -> first.put(node, dots.values().iterator().next()));
        return first;
    }
}
