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
 * What is causally stable: in the past of every update still to be delivered here, and durably stored at every member.
 *
 * <p><b>Why.</b> An update is taken for stable when every member is known to have it stored durably, this node
 * included. A member's announcement counts only when this node's clock covers the member's own entry in it:
 * whatever that member made and this node still lacks, it made after that announcement, so with all of the
 * announcement in its past.
 *
 * <p>That argument holds as long as members go on under the identities they had. The updates of an ended incarnation
 * that are still under way somewhere were made before its successor announced anything, so once a name is known to
 * have had more than one incarnation nothing more becomes stable. What was stable remains so.
 *
 * <p>It rests on knowing who may write: on members that are all named here, and on their going on from the storage they
 * had. A replica that has been heard of, or has made a known update, counts as a member as well. What cannot be known
 * here is an incarnation that ended before anybody heard of it, while its updates wait in a buffer somewhere; nothing
 * may be given up on the word of this class where that can happen.
 *
 * <p>Not thread-safe.
 */
public final class Stability {
    private final Set<String> members;

    /** All that were ever heard of: an ended incarnation is not forgotten when its successor is heard. */
    private final Set<ReplicaId> identities = new HashSet<>();

    private VersionVector stable = VersionVector.EMPTY;

    /** @param members the names of all members, this node's own included */
    public Stability(Collection<String> members) {
        this.members = new HashSet<>(members);
    }

    /** Records another member: nothing more becomes stable without it. */
    public void admit(String member) {
        members.add(member);
    }

    /**
     * Records the member that a heartbeat names. Called for each heartbeat: an incarnation that has ended may be named
     * in one and never again, and {@link MemberClocks} keeps one a name.
     */
    public void hear(Heartbeat heartbeat) {
        identities.add(heartbeat.from());
        identities.addAll(heartbeat.applied().replicas());
        for (MemberClocks.Entry other : heartbeat.others()) {
            identities.add(other.member());
            identities.addAll(other.applied().replicas());
        }
    }

    /** All that is known to be stable. It only grows. */
    public VersionVector stable() {
        return stable;
    }

    /**
     * Looks again.
     *
     * @param self this node
     * @param clock what it has applied and published
     * @param durable all of that which would survive a power loss here
     * @param heard what is known of the others
     * @return all that is known to be stable now
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
