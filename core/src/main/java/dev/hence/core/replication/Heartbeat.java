package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.List;

/**
 * The state that a node announces at intervals on every feed of its own updates.
 *
 * @param from the node
 * @param applied all that it has applied
 * @param durable all of that which would survive a power loss there
 * @param wallMillis its wall clock
 * @param others what it has heard of other members
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
     * The largest counter of a replica that the sender has applied or knows anyone to have applied; 0 for none.
     * What others say of the replica's own clock counts as well: it announced that itself.
     */
    public long seenOf(ReplicaId replica) {
        long seen = applied.get(replica);
        for (MemberClocks.Entry other : others) {
            seen = Math.max(seen, other.applied().get(replica));
        }
        return seen;
    }
}
