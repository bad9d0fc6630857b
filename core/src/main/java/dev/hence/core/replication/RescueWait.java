package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node that reissues the updates of a forked directory still waits for. It reissues what it lacks itself, so it
 * must first have whatever a peer has of them: an increment that is made again although a peer has it counts twice.
 *
 * <p><b>Invariant.</b> When nothing is awaited, the node follows every configured peer, each has announced its clock on
 * its present connection, and the node's own clock covers of every such clock
 *
 * <ul>
 *   <li>all replicas of the node's own name, as announced last. These are the ones that are reissued. No node writes
 *       under the old ones any more, so there is an end to them, and configured peers can only have them from each
 *       other or from where the node cannot look.
 *   <li>all other replicas as announced first on that connection: so the rescue comes after what the others wrote
 *       before it, and is not kept waiting by what they go on to write.
 * </ul>
 *
 * <p><b>Progress.</b> Only configured peers count. Nodes that are merely heard of through others, or that follow this
 * node unasked, never announce anything to it. A replica whose updates are held, because they are too far ahead of this
 * node's wall clock, counts as covered unless it is one of the node's own name: time may take decades to reach them.
 */
public final class RescueWait {

    private RescueWait() {}

    /**
     * A configured peer at one moment.
     *
     * @param address where it is configured to listen
     * @param announced what it said first on the present connection that it has applied; null if nothing yet
     * @param applied what it is known to have applied by now
     */
    public record Peer(
            String address, CatchUp.Link link, @Nullable VersionVector announced, VersionVector applied) {}

    /**
     * What is awaited, for people; empty if the rescue may begin.
     *
     * @param name the node's name
     * @param peers every configured peer
     * @param clock what the node has applied and published, read after the peers
     * @param held the replicas whose updates are held
     */
    public static List<String> awaited(
            String name, Collection<Peer> peers, VersionVector clock, Collection<ReplicaId> held) {
        Set<ReplicaId> heldOnes = Set.copyOf(held);
        List<String> awaited = new ArrayList<>();
        boolean alone = true;
        for (Peer peer : peers) {
            if (peer.link() == CatchUp.Link.SELF) {
                continue;
            }
            alone = false;
            if (peer.link() != CatchUp.Link.FOLLOWED || peer.announced() == null) {
                awaited.add(peer.address() + " is not followed");
            } else if (missing(name, peer.announced(), peer.applied(), clock, heldOnes)) {
                awaited.add(peer.address() + " has updates that are missing here");
            }
        }
        if (alone) {
            awaited.add("no peer is configured");
        }
        return awaited;
    }

    private static boolean missing(
            String name, VersionVector announced, VersionVector applied, VersionVector clock, Set<ReplicaId> held) {
        for (ReplicaId replica : applied.replicas()) {
            boolean own = replica.name().equals(name);
            long wanted = own ? applied.get(replica) : announced.get(replica);
            if (clock.get(replica) < wanted && (own || !held.contains(replica))) {
                return true;
            }
        }
        return false;
    }
}
