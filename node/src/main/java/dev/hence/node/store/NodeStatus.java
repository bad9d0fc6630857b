package dev.hence.node.store;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.core.replication.CatchUp;
import dev.hence.core.replication.ClockAgreement.Verdict;
import dev.hence.core.replication.LogNeeds;
import dev.hence.engine.storage.MemoryUse;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a node's status and of its knowledge of other nodes.
 *
 * @param self its identity
 * @param clock what is visible to its readers
 * @param durable what survives a power loss
 * @param stable what is known to be causally stable: stored durably by every member, and in the past of every update
 *     that this node does not have yet. Empty before the first handshake with every configured peer
 * @param members all known members including this node, ordered by name
 * @param follows the streams of updates that it reads
 * @param bufferedCount how many received updates wait for others
 * @param buffered some of them
 * @param keys how many keys hold something, including those that have expired and are not removed yet
 * @param expiringKeys how many of them have a deadline
 * @param startedMillis when the process started, by its wall clock
 * @param catchingUp how far it has caught up with its peers since it started; null when it is done
 * @param wallClock its wall clock among those of others
 * @param held the updates that block their streams
 * @param gone the updates that it needs and that peers have deleted from their logs
 * @param updateLog how much of its own log there is, and why
 * @param memory what the parts of its storage take in memory
 * @param health its health issues
 */
public record NodeStatus(
        ReplicaId self,
        VersionVector clock,
        VersionVector durable,
        VersionVector stable,
        List<Member> members,
        List<Follow> follows,
        int bufferedCount,
        List<BufferedUpdate> buffered,
        long keys,
        long expiringKeys,
        long startedMillis,
        CatchUp.@Nullable Progress catchingUp,
        Clock wallClock,
        List<Held> held,
        List<Gone> gone,
        UpdateLog updateLog,
        MemoryUse memory,
        List<HealthIssue> health) {

    /** Copies the lists. */
    public NodeStatus {
        held = List.copyOf(held);
        gone = List.copyOf(gone);
        health = List.copyOf(health);
        members = List.copyOf(members);
        follows = List.copyOf(follows);
        buffered = List.copyOf(buffered);
    }

    /** Whether clients should use this node. */
    public boolean ready() {
        return HealthIssue.allowReady(health);
    }

    /**
     * The node's wall clock.
     *
     * @param millis its reading, in milliseconds since 1970
     * @param verdict its comparison with the other members' clocks
     * @param hybridAheadMillis how far the node's hybrid clock is ahead of it
     * @param lastJumpMillis how far it was last set forward, or back; 0 if it was not
     * @param othersAheadMillis how far the clocks of peers heard recently are ahead of it, by name
     */
    public record Clock(
            long millis,
            Verdict verdict,
            long hybridAheadMillis,
            long lastJumpMillis,
            SortedMap<String, Long> othersAheadMillis) {}

    /**
     * An update that is not accepted because its timestamp is too far ahead of this node's wall clock; later updates of
     * its origin are not accepted either.
     *
     * @param through the node that sends it
     * @param aheadMillis how far it is ahead
     * @param sinceMillis since when it is held, by this node's wall clock
     */
    public record Held(Dot dot, String through, long aheadMillis, long sinceMillis) {}

    /**
     * Updates of one origin that the node needs and that peers have deleted.
     *
     * @param next the first one that it needs
     * @param first the counter of the first one that any of these peers still has
     * @param peers the peers that have deleted it
     * @param elsewhere whether another peer may bring them
     */
    public record Gone(Dot next, long first, List<String> peers, boolean elsewhere) {
        /** Copies the list. */
        public Gone {
            peers = List.copyOf(peers);
        }
    }

    /**
     * The log of updates.
     *
     * @param bytes the size of its files
     * @param firstSequence the sequence of its first update: how many were deleted before it
     * @param checkpointedSequence how many updates the files of the rows hold
     * @param endSequence how many updates there were
     * @param heldBackBy the members that need the oldest part, which would be deleted without them
     */
    public record UpdateLog(
            long bytes,
            long firstSequence,
            long checkpointedSequence,
            long endSequence,
            List<LogNeeds.Lack> heldBackBy) {
        /** Copies the list. */
        public UpdateLog {
            heldBackBy = List.copyOf(heldBackBy);
        }
    }

    /**
     * A node of the cluster.
     *
     * @param name its node name; for a peer not heard of yet, the host it is configured with
     * @param replica its identity as last heard; null before that
     * @param address where it listens, if it is a configured peer
     * @param self whether it is the node that answers
     * @param connected whether its feed is being read now
     * @param state the same in readable form: {@code connected}, {@code connecting}, {@code refused: reason}
     * @param applied what it is known to have applied
     * @param durable what it is known to have stored durably
     * @param updatesBehind how many updates it is known to have that this node has not
     * @param heardMillisAgo how long ago it was heard of; null if never
     */
    public record Member(
            String name,
            @Nullable ReplicaId replica,
            @Nullable String address,
            boolean self,
            boolean connected,
            String state,
            VersionVector applied,
            VersionVector durable,
            long updatesBehind,
            @Nullable Long heardMillisAgo) {}

    /**
     * A stream of one origin's updates.
     *
     * @param origin whose updates
     * @param through the node that sends them
     * @param state its state in readable form
     * @param received how many updates came on it
     * @param lastCounter the counter of the last one that came on it or before it, 0 for none
     */
    public record Follow(ReplicaId origin, ReplicaId through, String state, long received, long lastCounter) {}
}
