package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.List;

/**
 * A periodic announcement of a node on every feed of its own updates.
 *
 * @param from the node
 * @param applied the updates that it has applied
 * @param durable the applied updates that would survive a power loss there
 * @param wallMillis its wall clock
 * @param others what it knows of other members
 */
public record Heartbeat(
        ReplicaId from,
        VersionVector applied,
        VersionVector durable,
        long wallMillis,
        List<MemberClocks.Entry> others) {

    /** Copies the list. */
    public Heartbeat {
        others = List.copyOf(others);
    }

    /**
     * Returns the largest counter of a replica that the sender, or any member it knows of, has applied; 0 for none.
     * Reports of the replica's own clock count as well: the replica announced that clock itself.
     */
    public long seenOf(ReplicaId replica) {
        long seen = applied.get(replica);
        for (MemberClocks.Entry other : others) {
            seen = Math.max(seen, other.applied().get(replica));
        }
        return seen;
    }
}
