package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.update.Lineage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The source's side of one feed: its answer to the follower, and then at every moment the next thing to send.
 *
 * <p><b>Invariant.</b> Only published updates are sent: an update that the source's disk does not hold yet could be
 * lost, and another one made under the same dot. Updates are sent in the order of their counters, each once. A source
 * whose storage has forked sends nothing: a node that accepted its updates would diverge from all others.
 *
 * <p>Not thread-safe: the task that serves the stream owns it.
 */
public final class ServedFeed {
    /**
     * The intervals of a feed.
     *
     * @param heartbeatMillis how often the source announces its clocks
     * @param relayIdleMillisMax the time without an update after which a relayed feed ends: the follower then asks a
     *     peer that has more
     */
    public record Timing(long heartbeatMillis, long relayIdleMillisMax) {}

    /**
     * The source at one moment.
     *
     * @param self its identity
     * @param published the updates that its readers and peers may see
     * @param closing whether it is shutting down
     * @param millis the time on a monotonic clock; never compared with another node's
     * @param forked the dot at which its storage has forked; null if it has not
     */
    public record Moment(
            ReplicaId self,
            VersionVector published,
            boolean closing,
            long millis,
            @Nullable Dot forked) {

        /** Creates a source whose storage has not forked. */
        public Moment(ReplicaId self, VersionVector published, boolean closing, long millis) {
            this(self, published, closing, millis, null);
        }
    }

    /** The next step of the source. */
    public sealed interface Next {
        /** It announces its clocks. */
        record Beat() implements Next {}

        /** It sends updates of the origin, those after the first counter, up to and including the second. */
        record Send(ReplicaId origin, long after, long upTo) implements Next {}

        /** It ends the feed; {@code why} is the reason, for messages. */
        record End(String why) implements Next {}

        /**
         * It has nothing to send until the origin's published counter grows, the source closes, or the given time has
         * passed.
         */
        record Wait(long millisMax) implements Next {}
    }

    private final List<Answer> answers;
    private final Map<Dot, Integer> held;
    private final Timing timing;
    private final ReplicaId self;
    private final ReplicaId origin;
    private final long begun;
    private long sent;
    private long offered;
    private long beatDueMillis;
    private long idleSinceMillis;
    private boolean ending;

    private ServedFeed(
            List<Answer> answers,
            Map<Dot, Integer> held,
            Timing timing,
            ReplicaId self,
            Answer.@Nullable Serve serve,
            long millis) {
        this.answers = answers;
        this.held = held;
        this.timing = timing;
        this.self = self;
        this.origin = serve == null ? self : serve.origin();
        this.begun = serve == null ? 0 : serve.after();
        this.sent = begun;
        this.offered = sent;
        this.beatDueMillis = millis;
        this.idleSinceMillis = millis;
    }

    /**
     * Handles a request.
     *
     * @param cluster the name of the source's cluster
     * @param now the source at a moment after the request arrived
     */
    public static ServedFeed open(FeedRequest request, String cluster, Moment now, Lineage.Log log, Timing timing) {
        Answer first = unlessForked(now, request.answer(cluster, now.self(), now.published(), log));
        List<Answer> answers = first instanceof Answer.FollowerRegressed(Dot seen)
                ? List.of(first, request.ifMadeSince(seen).answer(cluster, now.self(), now.published(), log))
                : List.of(first);
        Answer last = answers.getLast();
        return new ServedFeed(
                answers,
                request.held(now.published(), log),
                timing,
                now.self(),
                last instanceof Answer.Serve serve ? serve : null,
                now.millis());
    }

    private static Answer unlessForked(Moment now, Answer answer) {
        Dot fork = now.forked();
        boolean refused = answer instanceof Answer.Refuse || answer instanceof Answer.Myself;
        return fork == null || refused ? answer : new Answer.Forked(fork);
    }

    /** The answers, to be sent in this order; the last one is in force. */
    public List<Answer> answers() {
        return answers;
    }

    /** Sent with every answer: {@link FeedRequest#held}. */
    public Map<Dot, Integer> held() {
        return held;
    }

    /** Whether updates are served: the answer in force is {@link Answer.Serve}. */
    public boolean isServing() {
        return answers.getLast() instanceof Answer.Serve;
    }

    /** The origin whose updates are served. */
    public ReplicaId origin() {
        return origin;
    }

    /** Whether nothing was sent yet: the follower decodes what is sent next without anything before it. */
    public boolean isBeginning() {
        return sent == begun;
    }

    /** The counter of the last update sent, or that the follower had before. */
    public long sent() {
        return sent;
    }

    /** Returns the step to take now; the caller asks again after each step. */
    public Next next(Moment now) {
        if (now.millis() >= beatDueMillis) {
            beatDueMillis = now.millis() + timing.heartbeatMillis();
            return new Next.Beat();
        }
        String why = whyEnd(now);
        long upTo = now.published().get(origin);
        // Updates published before the end are offered once more.
        if (upTo > sent && !ending && now.forked() == null) {
            ending = !why.isEmpty();
            offered = upTo;
            return new Next.Send(origin, sent, upTo);
        }
        if (!why.isEmpty()) {
            return new Next.End(why);
        }
        boolean relayed = !origin.equals(self);
        return relayed && now.millis() - idleSinceMillis > timing.relayIdleMillisMax()
                ? new Next.End("nothing new")
                : new Next.Wait(beatDueMillis - now.millis());
    }

    /**
     * Records that updates were sent.
     *
     * @param first the dot of the first one
     * @param count how many, at least one
     * @throws AssertionError if they do not begin with the next one of the origin, or were not all
     *     published when {@link #next} returned the step
     */
    public void sent(Dot first, int count, long millis) {
        if (!first.equals(new Dot(origin, sent + 1))) {
            throw new AssertionError("feed of " + origin + ": " + first + " is sent (expected: counter " + (sent + 1)
                    + "): an update would be left out or sent twice");
        }
        if (sent + count > offered) {
            throw new AssertionError("feed of " + origin + ": up to counter " + (sent + count)
                    + " is sent (expected: at most counter " + offered + ", which is published)");
        }
        sent += count;
        idleSinceMillis = millis;
    }

    private String whyEnd(Moment now) {
        if (now.closing()) {
            return "closing";
        }
        if (now.forked() != null) {
            return "this node's storage has forked";
        }
        return now.self().equals(self) ? "" : "this node has taken a new incarnation";
    }
}
