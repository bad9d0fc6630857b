package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A peer that a node is configured to follow: its identity, the updates that it is known to have applied, and when to
 * retry it.
 *
 * <p>Not thread-safe.
 */
public final class FollowedPeer {
    /**
     * The delay between attempts.
     *
     * @param firstMillis the delay after the first failure
     * @param maxMillis the maximum delay; it doubles with each further failure
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

    /** @param expectedName its configured node name; null if any name is accepted */
    public FollowedPeer(@Nullable String expectedName, Retry retry) {
        this.expectedName = expectedName;
        this.memberName = expectedName;
        this.retry = retry;
    }

    /**
     * Handles the answer in force of a new feed of the peer's own updates.
     *
     * @param self this node's identity now
     * @param clock the updates that this node has applied and published, read after its identity
     */
    public HandshakeOutcome meet(ReplicaId source, Answer answer, ReplicaId self, VersionVector clock) {
        HandshakeOutcome meeting = HandshakeOutcome.of(expectedName, source, answer, self, clock);
        // The peer may have lost updates since the last connection.
        applied = VersionVector.EMPTY;
        announced = null;
        peer = source;
        differing = meeting instanceof HandshakeOutcome.Forked(Dot dot, String why) ? dot : null;
        following = meeting instanceof HandshakeOutcome.Follow;
        if (following || meeting instanceof HandshakeOutcome.Gone) {
            memberName = source.name();
        }
        if (!following) {
            failures++;
        }
        return meeting;
    }

    /** Records what the peer has applied: announced by the peer, or implied by an update that it sent. */
    public void has(VersionVector news) {
        applied = applied.join(news);
    }

    /** Records the applied clock that the peer announces. */
    public void announces(VersionVector clock) {
        if (announced == null) {
            announced = clock;
        }
        has(clock);
    }

    /** Records that the feed has ended or could not be opened. Not called for a peer that was met and not followed. */
    public void lost() {
        failures = following ? 0 : failures + 1;
        following = false;
    }

    /**
     * Records, in place of {@link #lost}, that the feed was abandoned because of its content. The same content will
     * most likely come again, so this counts as a failure although the peer was met.
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
     * The node name by which the peer is a member of the cluster: the configured one, or that of the peer last
     * followed; null while unknown. A node that was met and not followed may not be a member, unless it would serve if
     * it still had the updates.
     */
    public @Nullable String memberName() {
        return memberName;
    }

    /** The first applied clock that the peer announced since it was last met; null before that. */
    public @Nullable VersionVector announced() {
        return announced;
    }

    /** The updates that the peer is known to have applied since it was last met. */
    public VersionVector applied() {
        return applied;
    }

    /**
     * The dot under which the peer had a different update than this node when it was last met; null if no difference
     * was found.
     */
    public @Nullable Dot differing() {
        return differing;
    }

    /** Whether the peer's own feed is being read. */
    public boolean isFollowing() {
        return following;
    }

    /** Whether the last attempt to follow it failed. */
    public boolean hasFailed() {
        return failures > 0;
    }

    /** This peer for the plan of relays; empty while its feed is not read. */
    public Optional<FollowPlan.Link> link() {
        return following && peer != null ? Optional.of(new FollowPlan.Link(peer, applied)) : Optional.empty();
    }

    /**
     * Returns the delay before the next attempt.
     *
     * @param chance a random number from 0 to 1: nodes that lost each other at the same moment must not reconnect at
     *     the same moment
     */
    public long pauseMillis(double chance) {
        long millis = retry.firstMillis();
        for (int i = 1; i < failures && millis < retry.maxMillis(); i++) {
            millis *= 2;
        }
        return (long) (Math.min(millis, retry.maxMillis()) * (1 + chance) / 2);
    }
}
