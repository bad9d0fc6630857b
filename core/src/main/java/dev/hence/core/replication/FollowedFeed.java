package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Update;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The follower's side of one feed: which answer is in force, and that every update on it is the next one.
 *
 * <p><b>Invariant.</b> It begins after what this node had <em>applied</em> when it asked, never after what it had
 * received: what was only buffered may be forgotten by then.
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
     * Takes an answer of the peer. Where the peer has another update than this node under a dot, that is the answer in
     * force, whatever the peer makes of it.
     *
     * @param held what the peer has of replicas of which this node has more
     * @param clock what this node has applied and published by now
     * @param log this node's log
     * @return whether it is in force; if not, another one follows
     */
    public boolean answered(
            ReplicaId source, Answer answer, Map<Dot, Integer> held, VersionVector clock, Lineage.Log log) {
        this.source = source;
        Dot differing = FeedRequest.differing(held, log);
        if (differing != null) {
            this.answer = new Answer.Forked(differing);
            return true;
        }
        // What this node has made since it asked it has not forgotten: the answer for that case follows.
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
     * Who answered.
     *
     * @throws IllegalStateException if none was published yet
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
     * Records a received update.
     *
     * @throws FeedBrokenException if it is not the next one of the origin: one left out would never come, and all
     *     after it would wait for it in vain
     */
    public void received(Update update) {
        boolean next =
                answer() instanceof Answer.Serve serve && update.dot().equals(new Dot(serve.origin(), lastCounter + 1));
        if (!next) {
            throw new FeedBrokenException("update " + update.dot() + ": not the next one (expected: counter "
                    + (lastCounter + 1) + " of " + answer() + ")");
        }
        lastCounter = update.dot().counter();
    }

    /** The counter of the last update that came, or that this node had before; 0 for none. */
    public long lastCounter() {
        return lastCounter;
    }
}
