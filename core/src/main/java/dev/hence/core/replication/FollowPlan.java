package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The plan of which origins a node follows through a peer other than the origin itself.
 *
 * <p>A node always follows every peer that it can reach, for that peer's own updates. An origin that it cannot reach -
 * its link is cut, it is down, its incarnation has ended, or it was never among the peers - is followed through a peer
 * that has more of it. So updates reach every node of any connected topology, hop by hop, and each origin's updates
 * arrive in order on a stream of their own.
 */
public final class FollowPlan {

    private FollowPlan() {}

    /**
     * A peer that the node is connected to.
     *
     * @param peer its identity
     * @param applied its last known clock
     */
    public record Link(ReplicaId peer, VersionVector applied) {}

    /**
     * Returns the origins to follow through others, each with the peer to follow it through.
     *
     * @param self the node; its own updates are never fetched
     * @param clock the updates that it has applied
     * @param links the peers it is connected to
     * @param current the origins that it follows through others now: kept while they are useful, so that streams do not
     *     move back and forth
     * @param failed for each origin, the peer through which it was last followed without success: not used while
     *     another peer has something new
     */
    public static Map<ReplicaId, ReplicaId> relays(
            ReplicaId self,
            VersionVector clock,
            Collection<Link> links,
            Map<ReplicaId, ReplicaId> current,
            Map<ReplicaId, ReplicaId> failed) {
        Set<ReplicaId> direct = new HashSet<>();
        links.forEach(link -> direct.add(link.peer()));
        Map<ReplicaId, ReplicaId> plan = new TreeMap<>();
        for (Link link : links) {
            link.applied().forEach((origin, counter) -> {
                if (!origin.equals(self) && !direct.contains(origin) && counter > clock.get(origin)) {
                    plan.computeIfAbsent(
                            origin, wanted -> best(wanted, clock, links, current.get(wanted), failed.get(wanted)));
                }
            });
        }
        current.forEach((origin, through) -> {
            if (direct.contains(through) && !direct.contains(origin)) {
                plan.putIfAbsent(origin, through);
            }
        });
        return plan;
    }

    /**
     * Returns the peer that has most of the origin, except one that has just failed; the present one as long as it has
     * anything new.
     */
    private static ReplicaId best(
            ReplicaId origin,
            VersionVector clock,
            Collection<Link> links,
            @Nullable ReplicaId present,
            @Nullable ReplicaId failed) {
        Link best = null;
        for (Link link : links) {
            long counter = link.applied().get(origin);
            if (counter <= clock.get(origin)) {
                continue;
            }
            if (link.peer().equals(present)) {
                return link.peer();
            }
            if (best == null || isBetter(link, best, origin, failed)) {
                best = link;
            }
        }
        if (best == null) {
            throw new IllegalStateException("no link for " + origin + " (expected: at least the one that has it)");
        }
        return best.peer();
    }

    private static boolean isBetter(Link link, Link best, ReplicaId origin, @Nullable ReplicaId failed) {
        boolean inVain = link.peer().equals(failed);
        return inVain == best.peer().equals(failed)
                ? link.applied().get(origin) > best.applied().get(origin)
                : !inVain;
    }
}
