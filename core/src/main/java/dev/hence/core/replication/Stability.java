package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The causally stable updates: those in the past of every update still to be delivered here, and durably stored at
 * every member.
 *
 * <p><b>Why.</b> An update is stable when every member, including this node, is known to have stored it durably. A
 * member's announcement counts only when this node's clock covers the member's own entry in it: any update of that
 * member that this node still lacks was made after the announcement, and therefore has all of it in its past.
 *
 * <p>That argument holds as long as members keep their identities. Updates of an ended incarnation that are still in
 * flight were made before its successor announced anything, so once a name is known to have had more than one
 * incarnation, nothing more becomes stable. Stable updates remain stable.
 *
 * <p>It depends on knowing every writer: all members are named here, and each continues from the storage it had. A
 * replica that is heard of, or whose update is known, counts as a member as well. This class cannot know of an
 * incarnation that ended before any node heard of it while its updates wait in a buffer somewhere, nor of updates that
 * were lost with every disk and come back with an old copy of one; where that can happen, nothing may be discarded on
 * the basis of this class.
 *
 * <p>Not thread-safe.
 */
public final class Stability {
    private final Set<String> members;

    /** Every replica ever heard of: an ended incarnation is kept when its successor is heard. */
    private final Set<ReplicaId> identities = new HashSet<>();

    private VersionVector stable = VersionVector.EMPTY;

    /** @param members the names of all members, this node's own included */
    public Stability(Collection<String> members) {
        this.members = new HashSet<>(members);
    }

    /** Adds a member: nothing more becomes stable without it. */
    public void admit(String member) {
        members.add(member);
    }

    /**
     * Records the replicas that a heartbeat names. Must be called for every heartbeat: an ended incarnation may be
     * named in one and never again, and {@link MemberClocks} keeps only one per name.
     */
    public void hear(Heartbeat heartbeat) {
        identities.add(heartbeat.from());
        identities.addAll(heartbeat.applied().replicas());
        for (MemberClocks.Entry other : heartbeat.others()) {
            identities.add(other.member());
            identities.addAll(other.applied().replicas());
        }
    }

    /** The updates known to be stable. The vector only grows. */
    public VersionVector stable() {
        return stable;
    }

    /**
     * Re-evaluates.
     *
     * @param self this node
     * @param clock the updates that it has applied and published
     * @param durable the applied updates that would survive a power loss here
     * @param heard what is known of the others
     * @return the updates known to be stable now
     */
    public VersionVector update(
            ReplicaId self, VersionVector clock, VersionVector durable, Collection<MemberClocks.Entry> heard) {
        Map<String, VersionVector> stored = new HashMap<>();
        stored.put(self.name(), durable);
        identities.add(self);
        for (MemberClocks.Entry entry : heard) {
            ReplicaId member = entry.member();
            identities.add(member);
            identities.addAll(entry.applied().replicas());
            if (!member.name().equals(self.name())
                    && clock.get(member) >= entry.durable().get(member)) {
                stored.put(member.name(), entry.durable());
            }
        }
        identities.addAll(clock.replicas());
        Set<String> names = new HashSet<>();
        identities.forEach(identity -> names.add(identity.name()));
        boolean everybody =
                stored.keySet().containsAll(members) && stored.keySet().containsAll(names);
        if (names.size() == identities.size() && everybody) {
            stable = stable.join(meet(durable, stored.values()));
        }
        return stable;
    }

    private static VersionVector meet(VersionVector first, Collection<VersionVector> all) {
        Map<ReplicaId, Long> meet = new TreeMap<>();
        first.forEach((replica, counter) -> {
            long least = counter;
            for (VersionVector each : all) {
                least = Math.min(least, each.get(replica));
            }
            if (least > 0) {
                meet.put(replica, least);
            }
        });
        return VersionVector.of(meet);
    }
}
