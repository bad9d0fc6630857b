package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node still waits for before it reissues the updates of a forked directory. It reissues the updates that it
 * lacks, so it must first have those that any peer has: an increment that is reissued although a peer has it counts
 * twice.
 *
 * <p><b>Invariant.</b> When nothing is awaited, the node follows every configured peer, each has announced its clock on
 * its present connection, and the node's own clock covers of every such clock
 *
 * <ul>
 *   <li>all replicas of the node's own name, as announced last. Their updates are the ones that are reissued. No node
 *       writes under the old replicas any more, so their updates are finite, and configured peers can only get them
 *       from each other or from nodes that this node cannot see.
 *   <li>all other replicas as announced first on that connection: so the rescue comes after what the other nodes wrote
 *       before it, and is not delayed by what they write afterwards.
 * </ul>
 *
 * <p><b>Progress.</b> Only configured peers count. Nodes known only through others, or that follow this node without
 * being configured, never announce anything to it. A replica whose updates are held, because they are too far ahead of
 * this node's wall clock, counts as covered unless it is one of the node's own name: time may take decades to reach
 * them.
 */
public final class RescueWait {

    private RescueWait() {}

    /**
     * A configured peer at one moment.
     *
     * @param address its configured address
     * @param announced the first applied clock that it announced on the present connection; null if none yet
     * @param applied the updates that it is known to have applied by now
     */
    public record Peer(
            String address, CatchUp.Link link, @Nullable VersionVector announced, VersionVector applied) {}

    /**
     * Returns what is awaited, for messages; empty if the rescue may begin.
     *
     * @param name the node's name
     * @param peers every configured peer
     * @param clock the updates that the node has applied and published, read after the peers
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
