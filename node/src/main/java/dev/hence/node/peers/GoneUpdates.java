package dev.hence.node.peers;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FollowPlan;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The updates that this node needs and that peers have deleted from their logs: which ones, at which peer, and whether
 * another peer may still bring them.
 *
 * <p>Thread-safe.
 */
final class GoneUpdates {

    private static final Logger log = LoggerFactory.getLogger(GoneUpdates.class);

    private record Place(ReplicaId origin, String peer) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int order = origin.compareTo(other.origin);
            return order != 0 ? order : peer.compareTo(other.peer);
        }
    }

    /** For each place, the counter of the first update that the peer still has. */
    private final Map<Place, Long> firsts = new TreeMap<>();

    /** Records a peer's answer. */
    synchronized void gone(ReplicaId origin, ReplicaId peer, long first, VersionVector clock) {
        if (firsts.put(new Place(origin, peer.name()), first) == null) {
            log.warn(
                    "The updates {} to {} that this node needs are deleted from the log of {}. They have to come"
                            + " from another peer; if none has them, fill this node's data directory from a peer"
                            + " (docs/operations.md: Updates that are gone)",
                    clock.next(origin),
                    first - 1,
                    peer);
        }
    }

    /** Records that a peer serves the updates of an origin. */
    synchronized void served(ReplicaId origin, ReplicaId peer) {
        firsts.remove(new Place(origin, peer.name()));
    }

    /**
     * The updates that are needed now.
     *
     * @param clock the updates that this node has applied
     * @param links the peers whose feeds it reads
     */
    synchronized List<NodeStatus.Gone> now(VersionVector clock, Collection<FollowPlan.Link> links) {
        firsts.entrySet().removeIf(gone -> clock.get(gone.getKey().origin()) >= gone.getValue() - 1);
        List<NodeStatus.Gone> all = new ArrayList<>();
        for (ReplicaId origin :
                new TreeSet<>(firsts.keySet().stream().map(Place::origin).toList())) {
            all.add(gone(origin, clock, links));
        }
        return all;
    }

    private NodeStatus.Gone gone(ReplicaId origin, VersionVector clock, Collection<FollowPlan.Link> links) {
        List<String> peers = new ArrayList<>();
        long first = Long.MAX_VALUE;
        for (Map.Entry<Place, Long> each : firsts.entrySet()) {
            if (each.getKey().origin().equals(origin)) {
                peers.add(each.getKey().peer());
                first = Math.min(first, each.getValue());
            }
        }
        boolean isElsewhere = links.stream()
                .anyMatch(link -> !peers.contains(link.peer().name())
                        && (link.peer().equals(origin) || link.applied().get(origin) > clock.get(origin)));
        return new NodeStatus.Gone(clock.next(origin), first, peers, isElsewhere);
    }

    /** The same as health issues. */
    static List<HealthIssue> health(List<NodeStatus.Gone> all) {
        return all.stream()
                .map(gone -> new HealthIssue(
                        gone.elsewhere() ? HealthIssue.Kind.GONE_AT_PEER : HealthIssue.Kind.UPDATES_GONE,
                        "updates " + gone.next() + " to " + (gone.first() - 1) + ": deleted at "
                                + String.join(", ", gone.peers()) + " (expected: "
                                + (gone.elsewhere() ? "another peer brings them" : "a peer that has them") + ")"))
                .toList();
    }
}
