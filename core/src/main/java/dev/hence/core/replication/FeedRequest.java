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
 * A follower's request for a feed: its identity, the origin whose updates it wants, and what it already has.
 *
 * <p><b>Forks.</b> Two nodes differ if they have different updates under one dot; then everything later of that replica
 * differs as well, since a checksum covers the updates before ({@link Lineage}). So whenever two nodes meet, for
 * whatever stream, they compare every replica that both know, at the smaller of their two counters: the source where
 * the follower has less, from the request's checksums; the follower where the source has less, from {@link #held}. If a
 * follower finds a difference it adds its own checksum there to its next request, so that the source knows as well.
 * Nodes that differ exchange no updates.
 *
 * @param cluster the name of its cluster
 * @param follower its identity
 * @param origin whose updates it wants; null for those of the node it asks, which it may not know yet
 * @param applied its clock
 * @param checksums for replicas in its clock, the checksum of the last update applied of each
 * @param others the checksums of earlier updates, under dots where it found the source to have others
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

    /** A request of a node that has found no difference. */
    public FeedRequest(
            String cluster,
            ReplicaId follower,
            @Nullable ReplicaId origin,
            VersionVector applied,
            Map<ReplicaId, Integer> checksums) {
        this(cluster, follower, origin, applied, checksums, Map.of());
    }

    /**
     * The request of a node that has so much.
     *
     * @param follower the node's identity, read before its clock: if it is renewed meanwhile, the clock still covers
     *     the old one
     * @param applied what it has applied and published
     * @param log the node's own log
     * @param differing dots where it found the source to have other updates, as far as it has them
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

    /** What the node that was asked answers. */
    public sealed interface Answer {

        /** It sends the origin's updates after the given counter, and goes on as there are new ones. */
        record Serve(ReplicaId origin, long after) implements Answer {}

        /** The two do not belong together; {@code why} is for people. */
        record Refuse(String why) implements Answer {}

        /** It was asked by itself: its own address is among its peers. */
        record Myself() implements Answer {}

        /**
         * The follower announces less of its own updates than this node has seen of it. Unless it has made
         * them since it asked - its clock of now contains the dot, and it asks again - it has forgotten some,
         * and has to take a new incarnation before it makes another one under the same dot.
         *
         * @param seen the last update of the follower that this node has
         */
        record FollowerRegressed(Dot seen) implements Answer {}

        /** The same of the node that was asked: the follower has seen more of it than it has itself. */
        record SourceRegressed(Dot seen) implements Answer {}

        /** Both have an update of this name, and they are not the same one. */
        record Forked(Dot dot) implements Answer {}

        /** The node has less of the origin than the follower, and nothing to offer. */
        record Behind(ReplicaId origin, long counter) implements Answer {}
    }

    /**
     * The answer of a node to this request.
     *
     * @param cluster the name of the node's cluster
     * @param self the node's identity
     * @param clock what the node has applied and stored, read after the request arrived: everything that
     *     the follower can have of the node is in it
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
        return applied.get(wanted) > clock.get(wanted)
                ? new Answer.Behind(wanted, clock.get(wanted))
                : new Answer.Serve(wanted, applied.get(wanted));
    }

    /** A dot under which the node and the follower have different updates; null if none is known. */
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
     * What the node has of replicas of which the follower has more: the last update of each, and its checksum. It goes
     * with the answer.
     */
    public Map<Dot, Integer> held(VersionVector clock, Lineage.Log log) {
        List<Dot> last = clock.replicas().stream()
                .filter(replica -> clock.get(replica) < applied.get(replica))
                .map(replica -> new Dot(replica, clock.get(replica)))
                .toList();
        return known(last, log);
    }

    /** The follower's side of the comparison: a dot under which the source has another update; null if none is known. */
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
     * The same request if the follower has made what the source has seen of it since it asked, as one under load always
     * has. Only the follower can tell: it closes the stream if it has forgotten, and reads on if not.
     */
    FeedRequest ifMadeSince(Dot seen) {
        Map<ReplicaId, Integer> older = new HashMap<>(checksums);
        older.remove(seen.replica());
        return new FeedRequest(cluster, follower, origin, applied.with(seen), older, others);
    }
}
