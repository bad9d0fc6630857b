package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a handshake: what a node does after a peer's answer to its request for a feed, the peer's own or
 * another origin's.
 */
public sealed interface HandshakeOutcome {
    /** The node follows the feed. */
    record Follow() implements HandshakeOutcome {}

    /** The peer is this node itself: its address is among its own peers, and is not tried again. */
    record Myself() implements HandshakeOutcome {}

    /**
     * The peer has seen an update of this node that this node has lost. The node takes a new incarnation before it
     * writes again, and repeats the request.
     */
    record Renew(Dot forgotten, String why) implements HandshakeOutcome {}

    /**
     * The peer has another update than this node under a dot: the two exchange no updates. If this node has written
     * under the dot's replica itself, it is the one whose disk was rolled back, or a copy of it.
     */
    record Forked(Dot dot, String why) implements HandshakeOutcome {}

    /**
     * The peer has deleted updates of the origin that the node needs. The node asks other peers, and this one again
     * when others have brought them.
     *
     * @param first the counter of the first update that the peer still has
     */
    record Gone(ReplicaId origin, long first, String why) implements HandshakeOutcome {}

    /** The node cannot follow now and retries later; {@code why} is the reason, for messages. */
    record Rest(String why) implements HandshakeOutcome {}

    /**
     * Decides.
     *
     * @param expectedName the configured node name of the peer; null if any name is accepted, as through a relay
     * @param source the replica that answered
     * @param answer the answer in force
     * @param self this node's identity now
     * @param clock the updates that this node has applied and published, read after its identity
     */
    static HandshakeOutcome of(
            @Nullable String expectedName, ReplicaId source, Answer answer, ReplicaId self, VersionVector clock) {
        // This holds whichever peer reports it, under whatever name: under its old identity this node would use a dot
        // twice.
        if (answer instanceof Answer.FollowerRegressed(Dot seen) && hasForgotten(seen, self, clock)) {
            return new Renew(seen, forgot(seen));
        }
        if (expectedName != null && !source.name().equals(expectedName)) {
            return new Rest("node name: \"" + source.name() + "\" (expected: \"" + expectedName + "\")");
        }
        return switch (answer) {
            case Answer.Serve serve -> new Follow();
            case Answer.Myself myself -> new Myself();
            case Answer.Refuse refuse -> new Rest(refuse.why());
            case Answer.Forked(Dot dot) ->
                new Forked(
                        dot,
                        "another update under the name " + dot
                                + ": a rolled back or copied disk was written to (expected: every dot is used once)");
            case Answer.SourceRegressed regressed ->
                new Rest(source + " has lost updates up to " + regressed.seen()
                        + " (expected: it takes a new incarnation)");
            case Answer.FollowerRegressed(Dot seen) -> new Rest(forgot(seen));
            case Answer.Gone(ReplicaId origin, long first) ->
                new Gone(
                        origin,
                        first,
                        "the updates of " + origin + " before " + first
                                + " are deleted there (expected: a log that has those after " + clock.get(origin)
                                + ")");
            case Answer.Behind behind -> new Rest("it has fewer updates of " + behind.origin() + " than this node");
        };
    }

    private static String forgot(Dot seen) {
        return "this node had forgotten updates up to " + seen;
    }

    /**
     * Whether another node has seen an update of this node that this node does not have. Peers can have an update only
     * after this node has published it, so the result is correct if the caller reads the identity first and the clock
     * second.
     */
    static boolean hasForgotten(Dot seen, ReplicaId self, VersionVector clock) {
        return seen.replica().equals(self) && !clock.contains(seen);
    }
}
