package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Lineage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A follower's request for a feed: its identity, the origin whose updates it wants, and what it has already.
 *
 * <p><b>Forks.</b> Two nodes differ if they have different updates under one dot; then everything later of that replica
 * differs as well, since a checksum covers the updates before ({@link Lineage}). So whenever two nodes connect, for any
 * stream, they compare every replica that both know, at the smaller of their two counters: the source compares where
 * the follower has less, from the request's checksums; the follower compares where the source has less, from {@link
 * #held}. A follower that finds a difference adds its own checksum there to its next request, so that the source learns
 * of it as well. Nodes that differ exchange no updates.
 *
 * @param cluster the name of its cluster
 * @param follower its identity
 * @param origin the origin whose updates it wants; null for the requested node itself, whose identity it may not know
 *     yet
 * @param applied its clock
 * @param checksums for replicas in its clock, the checksum of the last update applied of each
 * @param others the checksums of earlier updates, under dots where it found that the source has different ones
 */
public record FeedRequest(
        String cluster,
        ReplicaId follower,
        @Nullable ReplicaId origin,
        VersionVector applied,
        Map<ReplicaId, Integer> checksums,
        Map<Dot, Integer> others) {

    /** Copies the maps. */
    public FeedRequest {
        checksums = Map.copyOf(checksums);
        others = Map.copyOf(others);
    }

    /** Creates a request of a node that has found no difference. */
    public FeedRequest(
            String cluster,
            ReplicaId follower,
            @Nullable ReplicaId origin,
            VersionVector applied,
            Map<ReplicaId, Integer> checksums) {
        this(cluster, follower, origin, applied, checksums, Map.of());
    }

    /**
     * Creates the request of a node with the given clock and log.
     *
     * @param follower the node's identity, read before its clock: if the identity changes in between, the clock still
     *     covers the old one
     * @param applied the updates that it has applied and published
     * @param log the node's own log
     * @param differing dots where it found that the source has different updates; those that it does not have are
     *     ignored
     */
    public static FeedRequest of(
            String cluster,
            ReplicaId follower,
            @Nullable ReplicaId origin,
            VersionVector applied,
            Lineage.Log log,
            Collection<Dot> differing) {
        Map<ReplicaId, Integer> checksums = new HashMap<>();
        applied.forEach((replica, counter) -> {
            Integer checksum = log.checksum(new Dot(replica, counter));
            if (checksum != null) {
                checksums.put(replica, checksum);
            }
        });
        return new FeedRequest(cluster, follower, origin, applied, checksums, known(differing, log));
    }

    private static Map<Dot, Integer> known(Collection<Dot> dots, Lineage.Log log) {
        Map<Dot, Integer> known = new HashMap<>();
        for (Dot dot : dots) {
            Integer checksum = log.checksum(dot);
            if (checksum != null) {
                known.put(dot, checksum);
            }
        }
        return known;
    }

    /** The source's answer to a request. */
    public sealed interface Answer {

        /** The source sends the origin's updates after the given counter, and continues with new ones. */
        record Serve(ReplicaId origin, long after) implements Answer {}

        /** The two nodes must not be connected; {@code why} is the reason, for messages. */
        record Refuse(String why) implements Answer {}

        /** The source is the follower itself: its own address is among its peers. */
        record Myself() implements Answer {}

        /**
         * The follower announces fewer of its own updates than this node has seen. Unless it has made them since the
         * request - then its present clock contains the dot, and it repeats the request - it has lost some, and must
         * take a new incarnation before it makes another update under the same dot.
         *
         * @param seen the last update of the follower that this node has
         */
        record FollowerRegressed(Dot seen) implements Answer {}

        /** The source has lost updates: the follower has seen more of the source's own updates than the source has. */
        record SourceRegressed(Dot seen) implements Answer {}

        /** Both have an update under this dot, and the two differ. */
        record Forked(Dot dot) implements Answer {}

        /**
         * The follower needs updates of the origin that the source has deleted from its log.
         *
         * @param first the counter of the first one that it still has, or will have
         */
        record Gone(ReplicaId origin, long first) implements Answer {}

        /** The source has less of the origin than the follower, and nothing to send. */
        record Behind(ReplicaId origin, long counter) implements Answer {}
    }

    /**
     * Returns a node's answer to this request.
     *
     * @param cluster the name of the node's cluster
     * @param self the node's identity
     * @param clock the updates that the node has applied and stored, read after the request arrived: it contains every
     *     update of the node that the follower can have
     */
    public Answer answer(String cluster, ReplicaId self, VersionVector clock, Lineage.Log log) {
        if (!cluster.equals(this.cluster)) {
            return new Answer.Refuse("cluster: \"" + this.cluster + "\" (expected: \"" + cluster + "\")");
        }
        if (follower.equals(self)) {
            return new Answer.Myself();
        }
        if (follower.name().equals(self.name())) {
            return new Answer.Refuse("node name: \"" + follower.name() + "\" is taken by " + self
                    + " (expected: a unique name for every node)");
        }
        Dot differing = differing(clock, log);
        if (differing != null) {
            return new Answer.Forked(differing);
        }
        if (clock.get(follower) > applied.get(follower)) {
            return new Answer.FollowerRegressed(new Dot(follower, clock.get(follower)));
        }
        if (applied.get(self) > clock.get(self)) {
            return new Answer.SourceRegressed(new Dot(self, applied.get(self)));
        }
        ReplicaId wanted = origin == null ? self : origin;
        if (applied.get(wanted) > clock.get(wanted)) {
            return new Answer.Behind(wanted, clock.get(wanted));
        }
        long deleted = log.deletedThrough(wanted);
        return applied.get(wanted) < deleted
                ? new Answer.Gone(wanted, deleted + 1)
                : new Answer.Serve(wanted, applied.get(wanted));
    }

    /** Returns a dot under which the node and the follower have different updates; null if none is known. */
    private @Nullable Dot differing(VersionVector clock, Lineage.Log log) {
        for (ReplicaId replica : applied.replicas()) {
            Dot last = new Dot(replica, applied.get(replica));
            if (clock.contains(last) && differ(log.checksum(last), checksums.get(replica))) {
                return last;
            }
        }
        for (Map.Entry<Dot, Integer> other : others.entrySet()) {
            if (differ(log.checksum(other.getKey()), other.getValue())) {
                return other.getKey();
            }
        }
        return null;
    }

    /**
     * Returns the node's last update, with its checksum, of each replica of which the follower has more. It is sent
     * with the answer.
     */
    public Map<Dot, Integer> held(VersionVector clock, Lineage.Log log) {
        List<Dot> last = clock.replicas().stream()
                .filter(replica -> clock.get(replica) < applied.get(replica))
                .map(replica -> new Dot(replica, clock.get(replica)))
                .toList();
        return known(last, log);
    }

    /**
     * The follower's side of the comparison: returns a dot under which the source has another update; null if none is
     * known.
     */
    static @Nullable Dot differing(Map<Dot, Integer> held, Lineage.Log log) {
        for (Map.Entry<Dot, Integer> theirs : held.entrySet()) {
            if (differ(log.checksum(theirs.getKey()), theirs.getValue())) {
                return theirs.getKey();
            }
        }
        return null;
    }

    private static boolean differ(@Nullable Integer mine, @Nullable Integer theirs) {
        return mine != null && theirs != null && !mine.equals(theirs);
    }

    /**
     * Returns the request as if the follower had made, since it sent the request, the updates that the source has seen
     * of it; a follower under load always has. Only the follower can tell: it closes the stream if it has lost them,
     * and otherwise reads on.
     */
    FeedRequest ifMadeSince(Dot seen) {
        Map<ReplicaId, Integer> older = new HashMap<>(checksums);
        older.remove(seen.replica());
        return new FeedRequest(cluster, follower, origin, applied.with(seen), older, others);
    }
}
