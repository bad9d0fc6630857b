package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A peer that a node is configured to follow: its identity, what it is known to have applied, and when to try it again.
 *
 * <p>Not thread-safe.
 */
public final class FollowedPeer {
    /**
     * How long to wait between attempts.
     *
     * @param firstMillis after the first failure
     * @param maxMillis at most, after doubling it at each further failure
     */
    public record Retry(long firstMillis, long maxMillis) {}

    private final @Nullable String expectedName;
    private final Retry retry;
    private @Nullable ReplicaId peer;
    private VersionVector applied = VersionVector.EMPTY;
    private @Nullable VersionVector announced;
    private @Nullable Dot differing;
    private boolean following;
    private int failures;
    private @Nullable String memberName;

    /** @param expectedName the node name that it is configured with; null if any will do */
    public FollowedPeer(@Nullable String expectedName, Retry retry) {
        this.expectedName = expectedName;
        this.memberName = expectedName;
        this.retry = retry;
    }

    /**
     * Takes the answer in force of a new feed of the peer's own updates.
     *
     * @param self this node's identity now
     * @param clock what this node has applied and published, read after its identity
     */
    public HandshakeOutcome meet(ReplicaId source, Answer answer, ReplicaId self, VersionVector clock) {
        HandshakeOutcome meeting = HandshakeOutcome.of(expectedName, source, answer, self, clock);
        // What it had may be gone since the last time.
        applied = VersionVector.EMPTY;
        announced = null;
        peer = source;
        differing = meeting instanceof HandshakeOutcome.Forked(Dot dot, String why) ? dot : null;
        following = meeting instanceof HandshakeOutcome.Follow;
        if (following) {
            memberName = source.name();
        } else {
            failures++;
        }
        return meeting;
    }

    /** Records what the peer has applied: by its own word, or because an update that it sent shows it. */
    public void has(VersionVector news) {
        applied = applied.join(news);
    }

    /** Records what the peer says that it has applied. */
    public void announces(VersionVector clock) {
        if (announced == null) {
            announced = clock;
        }
        has(clock);
    }

    /** Records that the feed has ended, or could not be opened; one that was met and not followed has no end. */
    public void lost() {
        failures = following ? 0 : failures + 1;
        following = false;
    }

    /**
     * Records that the feed was given up, in place of {@link #lost}, because of what came on it: that will most
     * likely come again, so it counts as a failure although the peer was met.
     */
    public void broken() {
        failures++;
        following = false;
    }

    /** The peer as last met; null before that. */
    public @Nullable ReplicaId peer() {
        return peer;
    }

    /**
     * The node name by which the peer is a member of the cluster: the one it is configured with, or that of the
     * peer last followed; null while that is unknown. Who was met and not followed may be no member.
     */
    public @Nullable String memberName() {
        return memberName;
    }

    /** What the peer said first that it has applied since it was last met; null before that. */
    public @Nullable VersionVector announced() {
        return announced;
    }

    /** What the peer is known to have applied since it was last met. */
    public VersionVector applied() {
        return applied;
    }

    /** Where the peer was found to have another update than this node when it was last met; null if it was not. */
    public @Nullable Dot differing() {
        return differing;
    }

    /** Whether the peer's own feed is being read. */
    public boolean isFollowing() {
        return following;
    }

    /** Whether the last attempt to follow it was in vain. */
    public boolean hasFailed() {
        return failures > 0;
    }

    /** This peer for the plan of relays; empty while its feed is not read. */
    public Optional<FollowPlan.Link> link() {
        return following && peer != null ? Optional.of(new FollowPlan.Link(peer, applied)) : Optional.empty();
    }

    /**
     * How long to wait before the next attempt.
     *
     * @param chance from 0 to 1: nodes that lost each other at the same moment shall not come back at the same
     *     moment
     */
    public long pauseMillis(double chance) {
        long millis = retry.firstMillis();
        for (int i = 1; i < failures && millis < retry.maxMillis(); i++) {
            millis *= 2;
        }
        return (long) (Math.min(millis, retry.maxMillis()) * (1 + chance) / 2);
    }
}
