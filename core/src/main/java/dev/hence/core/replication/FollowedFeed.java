package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Lineage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The follower's side of one feed: tracks which answer is in force, and checks that every update is the next one.
 *
 * <p><b>Invariant.</b> The feed begins after what this node had <em>applied</em> at the request, never after what it
 * had received: buffered updates may be lost by then.
 *
 * <p>Not thread-safe: the reader of the stream owns it.
 */
public final class FollowedFeed {
    private final FeedRequest request;
    private @Nullable ReplicaId source;
    private @Nullable Answer answer;
    private long lastCounter;

    public FollowedFeed(FeedRequest request) {
        this.request = request;
    }

    /**
     * Handles an answer of the peer. If the peer has another update than this node under a dot, then that is the answer
     * in force, whatever the peer answered.
     *
     * @param held the peer's last updates of replicas of which this node has more
     * @param clock the updates that this node has applied and published by now
     * @param log this node's log
     * @return whether the answer is in force; if not, another one follows
     */
    public boolean answered(
            ReplicaId source, Answer answer, Map<Dot, Integer> held, VersionVector clock, Lineage.Log log) {
        this.source = source;
        Dot differing = FeedRequest.differing(held, log);
        if (differing != null) {
            this.answer = new Answer.Forked(differing);
            return true;
        }
        // This node has made these updates since the request, so it has not lost them: the answer for that case
        // follows.
        boolean again =
                this.answer == null && answer instanceof Answer.FollowerRegressed(Dot seen) && clock.contains(seen);
        this.answer = answer;
        if (answer instanceof Answer.Serve serve) {
            requireAsked(source, serve.origin());
            lastCounter = request.applied().get(serve.origin());
        }
        return !again;
    }

    private void requireAsked(ReplicaId source, ReplicaId served) {
        ReplicaId asked = request.origin() == null ? source : request.origin();
        if (!served.equals(asked)) {
            throw new FeedBrokenException("feed of " + source + ": serves " + served + " (expected: " + asked + ")");
        }
    }

    /**
     * The replica that answered.
     *
     * @throws IllegalStateException if there is no answer yet
     */
    public ReplicaId source() {
        if (source == null) {
            throw new IllegalStateException("feed: no answer yet (expected: answered)");
        }
        return source;
    }

    /**
     * The answer in force.
     *
     * @throws IllegalStateException if there is none yet
     */
    public Answer answer() {
        if (answer == null) {
            throw new IllegalStateException("feed: no answer yet (expected: answered)");
        }
        return answer;
    }

    /**
     * Records a frame that arrived.
     *
     * @throws FeedBrokenException if it does not begin with the next update of the origin: a skipped update would never
     *     arrive, and all later ones would wait for it forever
     */
    public void received(Frame frame) {
        Dot first = frame.first().dot();
        boolean next = answer() instanceof Answer.Serve serve && first.equals(new Dot(serve.origin(), lastCounter + 1));
        if (!next) {
            throw new FeedBrokenException("update " + first + ": not the next one (expected: counter "
                    + (lastCounter + 1) + " of " + answer() + ")");
        }
        lastCounter = frame.last().dot().counter();
    }

    /** The counter of the last update that arrived, or that this node had before; 0 for none. */
    public long lastCounter() {
        return lastCounter;
    }
}
