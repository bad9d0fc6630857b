package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the members of a cluster need of a node's log: the updates that they have not stored durably.
 *
 * <p><b>Why not stability.</b> {@link Stability} is a stronger statement, about every update still to be delivered, and
 * ends for good when a name has had two incarnations. A log is needed only by members that lack an update of it. So an
 * update is spare when every configured peer, under its last known incarnation, has stored it. A peer that returns with
 * an empty disk under another incarnation needs everything again; what was deleted before is gone for it.
 */
public final class LogNeeds {

    private LogNeeds() {}

    /**
     * A configured peer.
     *
     * @param name its node name, or what is known of it
     * @param durable the updates that it is known to have stored durably; null if it has not been heard of
     */
    public record Member(String name, @Nullable VersionVector durable) {
        private VersionVector has() {
            return durable == null ? VersionVector.EMPTY : durable;
        }
    }

    /**
     * The updates of one origin that a member lacks.
     *
     * @param first the first one
     * @param last the counter of the last one
     * @param known whether the member has been heard of; otherwise it may have any of them
     */
    public record Lack(String member, Dot first, long last, boolean known) {
        @Override
        public String toString() {
            return member
                    + (known ? " needs " : ", which has not been heard of, may need ")
                    + first
                    + (last > first.counter() ? " to " + last : "");
        }
    }

    /** The updates that every member has stored durably; none while one has not been heard of. */
    public static VersionVector storedByAll(VersionVector own, Collection<Member> members) {
        VersionVector stored = own;
        for (Member member : members) {
            stored = meet(stored, member.has());
        }
        return stored;
    }

    private static VersionVector meet(VersionVector one, VersionVector other) {
        Map<ReplicaId, Long> least = new TreeMap<>();
        one.forEach((replica, counter) -> {
            if (other.get(replica) > 0) {
                least.put(replica, Math.min(counter, other.get(replica)));
            }
        });
        return VersionVector.of(least);
    }

    /** The updates of a clock that members lack. */
    public static List<Lack> lacking(VersionVector updates, Collection<Member> members) {
        List<Lack> lacks = new ArrayList<>();
        for (Member member : members) {
            VersionVector has = member.has();
            updates.forEach((replica, counter) -> {
                if (has.get(replica) < counter) {
                    lacks.add(new Lack(member.name(), has.next(replica), counter, member.durable() != null));
                }
            });
        }
        return lacks;
    }
}
