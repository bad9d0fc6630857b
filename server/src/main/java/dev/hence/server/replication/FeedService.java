package dev.hence.server.replication;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.update.Update;
import dev.hence.server.codec.MalformedRecordException;
import dev.hence.server.runtime.Node;
import dev.hence.server.runtime.Published;
import dev.hence.server.wire.FeedRequestMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves this node's side of replication: {@code POST /replication/feed} asks for an origin's updates, and
 * the answer is a stream of them that follows until one side closes it.
 *
 * <p>Thread-safe; each stream is one blocking call.
 */
public final class FeedService {

    private static final Logger log = LoggerFactory.getLogger(FeedService.class);
    private static final long CHUNK_BYTES = 1L << 20;

    private final Complaints complaints = new Complaints(log);
    private final Node node;
    private final String cluster;
    private final Members members;
    private final Duration heartbeatInterval;
    private final Duration relayIdleMax;

    FeedService(Node node, String cluster, Members members, Timing timing) {
        this.node = node;
        this.cluster = cluster;
        this.members = members;
        this.heartbeatInterval = timing.heartbeatInterval();
        this.relayIdleMax = timing.relayIdleMax();
    }

    /** The answer to one request, to be written to its end. */
    @FunctionalInterface
    public interface Feed {
        /**
         * Writes the stream; a write waits while the follower does not read.
         *
         * @throws IOException when the follower has gone
         */
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    /**
     * Takes a request.
     *
     * @param body the request's body
     * @throws MalformedRecordException if the request is not one of this version
     */
    public Feed open(byte[] body) {
        FeedRequest request = parse(body);
        return out -> {
            try {
                serve(request, new FrameWriter(out));
            } catch (UncheckedIOException gone) {
                throw new IOException(gone.getMessage(), gone);
            }
        };
    }

    private void serve(FeedRequest request, FrameWriter frames) throws IOException, InterruptedException {
        ReplicaId self = node.self();
        VersionVector clock = node.clock();
        Answer answer = request.answer(cluster, self, clock, node::checksum);
        frames.answer(answer, self, cluster, System.currentTimeMillis());
        if (answer instanceof Answer.FollowerRegressed regressed) {
            frames.flush();
            answer = answerIfMadeSince(request, regressed, self, clock);
            frames.answer(answer, self, cluster, System.currentTimeMillis());
        }
        frames.flush();
        act(answer, request, self, frames);
    }

    /**
     * The answer to a follower that has made what this node has seen of it since it asked, as one under load
     * always has. Only the follower can tell: it closes the stream if it has forgotten, and reads on if not.
     */
    private Answer answerIfMadeSince(
            FeedRequest request, Answer.FollowerRegressed regressed, ReplicaId self, VersionVector clock) {
        FeedRequest since = new FeedRequest(
                request.cluster(),
                request.follower(),
                request.origin(),
                request.applied().with(regressed.seen()),
                request.checksums());
        return since.answer(cluster, self, clock, node::checksum);
    }

    private void act(Answer answer, FeedRequest request, ReplicaId self, FrameWriter frames)
            throws IOException, InterruptedException {
        switch (answer) {
            case Answer.Serve serve -> stream(serve, self, frames);
            case Answer.SourceRegressed regressed ->
                node.renew(self, request.follower() + " has seen " + regressed.seen() + " of it");
            case Answer.Forked forked ->
                complaints.tell(
                        request.follower(),
                        request.follower() + " has another update under the name " + forked.dot()
                                + " than this node: somebody wrote under a copied identity. Its stream is refused;"
                                + " restore one of the two from its peers");
            case Answer.Refuse refuse ->
                complaints.tell(request.follower(), "Refused the feed to " + request.follower() + ": " + refuse.why());
            case Answer.FollowerRegressed answered -> {}
            case Answer.Myself myself -> {}
            case Answer.Behind behind -> {}
        }
    }

    private static FeedRequest parse(byte[] body) {
        try {
            FeedRequestMessage message = FeedRequestMessage.parseFrom(body);
            if (message.getVersion() != Messages.VERSION) {
                throw new MalformedRecordException(
                        "protocol version: " + message.getVersion() + " (expected: " + Messages.VERSION + ")");
            }
            return Messages.request(message);
        } catch (InvalidProtocolBufferException malformed) {
            throw new MalformedRecordException("feed request: " + malformed.getMessage(), malformed);
        }
    }

    private void stream(Answer.Serve serve, ReplicaId self, FrameWriter frames)
            throws IOException, InterruptedException {
        ReplicaId origin = serve.origin();
        boolean own = origin.equals(self);
        long sent = serve.after();
        long nextHeartbeat = System.nanoTime();
        long idleSince = System.nanoTime();
        while (true) {
            if (System.nanoTime() - nextHeartbeat >= 0) {
                frames.heartbeat(members.heartbeat());
                nextHeartbeat = System.nanoTime() + heartbeatInterval.toNanos();
            }
            List<Update> updates = node.updatesOf(origin, sent, CHUNK_BYTES);
            for (Update update : updates) {
                frames.update(update);
                sent = update.dot().counter();
                idleSince = System.nanoTime();
            }
            frames.flush();
            String why = whyEnd(own, self, idleSince);
            if (!why.isEmpty()) {
                frames.farewell(why);
                frames.flush();
                return;
            }
            await(origin, sent, nextHeartbeat);
        }
    }

    private String whyEnd(boolean own, ReplicaId self, long idleSince) {
        if (node.published().view().closing()) {
            return "closing";
        }
        if (!node.self().equals(self)) {
            return "this node has taken a new incarnation";
        }
        return !own && System.nanoTime() - idleSince > relayIdleMax.toNanos() ? "nothing new" : "";
    }

    private void await(ReplicaId origin, long sent, long nextHeartbeat) throws InterruptedException {
        Duration left = Duration.ofNanos(Math.max(0, nextHeartbeat - System.nanoTime()));
        Published published = node.published();
        published.await(view -> view.clock().get(origin) > sent || view.closing(), left);
    }
}
