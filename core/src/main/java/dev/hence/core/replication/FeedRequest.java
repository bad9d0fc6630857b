package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a follower says when it asks a node for a feed: who it is, which origin's updates it wants and
 * what it has.
 *
 * @param cluster the name of its cluster
 * @param follower its identity
 * @param origin whose updates it wants; null for those of the node it asks, which it may not know yet
 * @param applied its clock
 * @param checksums for replicas in its clock, the checksum of the last update applied of each
 */
public record FeedRequest(
        String cluster,
        ReplicaId follower,
        @Nullable ReplicaId origin,
        VersionVector applied,
        Map<ReplicaId, Integer> checksums) {

    /** Copies the map. */
    public FeedRequest {
        checksums = Map.copyOf(checksums);
    }

    /**
     * The request of a node that has so much.
     *
     * @param follower the node's identity, read before its clock: if it is renewed meanwhile, the clock still covers
     *     the old one
     * @param applied what it has applied and published
     * @param log the node's own log
     */
    public static FeedRequest of(
            String cluster, ReplicaId follower, @Nullable ReplicaId origin, VersionVector applied, Log log) {
        Map<ReplicaId, Integer> checksums = new HashMap<>();
        applied.forEach((replica, counter) -> {
            Integer checksum = log.checksum(new Dot(replica, counter));
            if (checksum != null) {
                checksums.put(replica, checksum);
            }
        });
        return new FeedRequest(cluster, follower, origin, applied, checksums);
    }

    /** What a node, the one that is asked or the one that asks, can look up of its own log. */
    @FunctionalInterface
    public interface Log {
        /** The checksum of an update that the node has applied; null if its log does not hold it any more. */
        @Nullable
        Integer checksum(Dot dot);
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
    public Answer answer(String cluster, ReplicaId self, VersionVector clock, Log log) {
        if (!cluster.equals(this.cluster)) {
            return new Answer.Refuse("cluster: \"" + this.cluster + "\" (expected: \"" + cluster + "\")");
        }
        if (follower.equals(self)) {
            return new Answer.Myself();
        }
        if (follower.name().equals(self.name())) {
            return new Answer.Refuse("node name: \"" + follower.name() + "\" is taken by " + self
                    + " (expected: a name of its own for every node)");
        }
        if (clock.get(follower) > applied.get(follower)) {
            return new Answer.FollowerRegressed(new Dot(follower, clock.get(follower)));
        }
        if (applied.get(self) > clock.get(self)) {
            return new Answer.SourceRegressed(new Dot(self, applied.get(self)));
        }
        return resume(origin == null ? self : origin, clock, log);
    }

    private Answer resume(ReplicaId wanted, VersionVector clock, Log log) {
        long after = applied.get(wanted);
        if (after > clock.get(wanted)) {
            return new Answer.Behind(wanted, clock.get(wanted));
        }
        if (after > 0) {
            Dot last = new Dot(wanted, after);
            Integer mine = log.checksum(last);
            Integer theirs = checksums.get(wanted);
            if (mine != null && theirs != null && !mine.equals(theirs)) {
                return new Answer.Forked(last);
            }
        }
        return new Answer.Serve(wanted, after);
    }
}
