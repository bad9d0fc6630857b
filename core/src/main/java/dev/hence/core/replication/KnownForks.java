package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The nodes known to have other updates than this one under the same dots, by name, until they are met again and agree.
 * This node exchanges no updates with them.
 *
 * <p>Not thread-safe.
 */
public final class KnownForks {
    /** By node name: the replicas in which the node differs, each with the dot found last. */
    private final Map<String, Map<ReplicaId, Dot>> byNode = new TreeMap<>();

    /**
     * Records that a node has another update under a dot; returns whether the difference in that replica is new. Which
     * dot of a replica two nodes find first depends on what both have at that moment, so another dot of the same
     * replica is not new. A dot of another replica is: a node may have forked without knowing it yet.
     */
    public boolean differs(String node, Dot dot) {
        return byNode.computeIfAbsent(node, name -> new LinkedHashMap<>()).put(dot.replica(), dot) == null;
    }

    /** Records that a node was met and that no difference is known to either side. */
    public void agrees(String node) {
        byNode.remove(node);
    }

    /** The dot under which each of them differs, in the replica found first. */
    public Map<String, Dot> byNode() {
        Map<String, Dot> first = new TreeMap<>();
        byNode.forEach((node, dots) -> first.put(node, dots.values().iterator().next()));
        return first;
    }
}
