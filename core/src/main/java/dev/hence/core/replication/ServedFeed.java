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
 * The source's side of one feed: how it answers the follower, and what it sends next.
 *
 * <p><b>Invariant.</b> Only what the source has published is sent: an update that its own disk does not hold yet
 * could be lost here and made again, as another one, under the same dot. Updates are sent in the order of
 * their counters, each once. A source whose storage has forked sends nothing: a node that took its updates would have to
 * part from all others.
 *
 * <p>Not thread-safe: the server of the stream owns it.
 */
public final class ServedFeed {
    /**
     * The intervals of a feed.
     *
     * @param heartbeatMillis how often the source tells its clocks
     * @param relayIdleMillisMax after how long without an update a feed of another origin ends: the follower asks
     *     again where there is more
     */
    public record Timing(long heartbeatMillis, long relayIdleMillisMax) {}

    /**
     * The source at one moment.
     *
     * @param self its identity
     * @param published what its readers and peers may see
     * @param closing whether it shuts down
     * @param millis the time by a clock that only runs forward; never compared with another node's
     * @param forked where its storage has forked; null if it has not
     */
    public record Moment(
            ReplicaId self,
            VersionVector published,
            boolean closing,
            long millis,
            @Nullable Dot forked) {

        /** A source whose storage has not forked. */
        public Moment(ReplicaId self, VersionVector published, boolean closing, long millis) {
            this(self, published, closing, millis, null);
        }
    }

    /** What the source does next. */
    public sealed interface Next {
        /** It tells its clocks. */
        record Beat() implements Next {}

        /** It sends updates of the origin, those after the first counter and not beyond the second. */
        record Send(ReplicaId origin, long after, long upTo) implements Next {}

        /** It ends the feed; {@code why} is for people. */
        record End(String why) implements Next {}

        /** It has nothing to send until the origin's published counter grows, it closes, or so much time passed. */
        record Wait(long millisMax) implements Next {}
    }

    private final List<Answer> answers;
    private final Map<Dot, Integer> held;
    private final Timing timing;
    private final ReplicaId self;
    private final ReplicaId origin;
    private long sent;
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
        this.sent = serve == null ? 0 : serve.after();
        this.beatDueMillis = millis;
        this.idleSinceMillis = millis;
    }

    /**
     * Takes a request.
     *
     * @param cluster the name of the source's cluster
     * @param now the source when the request had arrived
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

    /** What is answered, to be sent in this order; the last one is in force. */
    public List<Answer> answers() {
        return answers;
    }

    /** What goes with every answer: {@link FeedRequest#held}. */
    public Map<Dot, Integer> held() {
        return held;
    }

    /** Whether updates are served: the answer in force is {@link Answer.Serve}. */
    public boolean isServing() {
        return answers.getLast() instanceof Answer.Serve;
    }

    /** Whose updates are served. */
    public ReplicaId origin() {
        return origin;
    }

    /** The counter of the last update sent, or had by the follower before. */
    public long sent() {
        return sent;
    }

    /** What to do at this moment; to be asked again after each thing done. */
    public Next next(Moment now) {
        if (now.millis() >= beatDueMillis) {
            beatDueMillis = now.millis() + timing.heartbeatMillis();
            return new Next.Beat();
        }
        String why = whyEnd(now);
        long upTo = now.published().get(origin);
        // What was published before the end is offered once more.
        if (upTo > sent && !ending && now.forked() == null) {
            ending = !why.isEmpty();
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
     * Notes that an update was sent.
     *
     * @throws AssertionError if it is not the next one of the origin
     */
    public void sent(Dot dot, long millis) {
        if (!dot.equals(new Dot(origin, sent + 1))) {
            throw new AssertionError("feed of " + origin + ": " + dot + " is sent (expected: counter " + (sent + 1)
                    + "): an update would be left out or sent twice");
        }
        sent = dot.counter();
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
