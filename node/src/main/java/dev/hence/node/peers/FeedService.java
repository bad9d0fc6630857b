package dev.hence.node.peers;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.replication.ServedFeed;
import dev.hence.core.replication.ServedFeed.Moment;
import dev.hence.core.replication.ServedFeed.Next;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.codec.FrameHeader;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.storage.DeletedUpdatesException;
import dev.hence.node.Node;
import dev.hence.node.logging.RateLimitedLog;
import dev.hence.node.memory.FeedMemory;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.node.visibility.VisibleClock;
import dev.hence.node.wire.FeedRequestMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The serving side of replication: {@code POST /replication/feed} requests an origin's updates, and the response is a
 * stream of them that continues until one side closes it. {@link ServedFeed} decides what is sent when.
 *
 * <p>Thread-safe; each stream is one blocking call.
 */
public final class FeedService {

    private static final Logger log = LoggerFactory.getLogger(FeedService.class);
    private static final long CHUNK_BYTES = 1L << 20;

    /** More than a cluster has members. */
    private static final int THREADS_MAX = 64;

    private final RateLimitedLog complaints = new RateLimitedLog(log, Level.ERROR);
    private final Node node;
    private final String cluster;
    private final Members members;
    private final Followers followers;
    private final Forks forks;
    private final ServedFeed.Timing timing;
    private final FeedThreads threads = new FeedThreads(THREADS_MAX);

    FeedService(Node node, String cluster, Members members, Followers followers, Forks forks, Timing timing) {
        this.node = node;
        this.forks = forks;
        this.cluster = cluster;
        this.members = members;
        this.followers = followers;
        this.timing = new ServedFeed.Timing(
                timing.heartbeatInterval().toMillis(), timing.relayIdleMax().toMillis());
    }

    /** The answer to one request, to be written to its end. */
    @FunctionalInterface
    public interface Feed {
        /**
         * Writes the stream; a write blocks while the follower does not read.
         *
         * @param memory of the follower's connection: log data that was read and not sent yet is claimed from it
         * @throws IOException if the follower has gone
         */
        void writeTo(OutputStream out, MemoryHolder memory) throws IOException, InterruptedException;
    }

    /**
     * Accepts a request.
     *
     * @param body the request's body
     * @throws MalformedRecordException if the request is not one of this version
     */
    public Feed open(byte[] body) {
        FeedRequest request = parse(body);
        return (out, memory) -> {
            try {
                serve(request, new FeedWriter(out), new FeedMemory(memory));
            } catch (UncheckedIOException gone) {
                throw new IOException(gone.getMessage(), gone);
            }
        };
    }

    private void serve(FeedRequest request, FeedWriter out, FeedMemory memory)
            throws IOException, InterruptedException {
        Moment arrived = moment();
        ServedFeed feed = ServedFeed.open(request, cluster, arrived, node.updates(), timing);
        for (Answer answer : feed.answers()) {
            out.answer(
                    answer, feed.held(), arrived.self(), cluster, node.clocks().wallMillis());
            out.flush();
        }
        act(feed, request, arrived, out, memory);
    }

    /** Performs the actions beside the response. */
    private void act(ServedFeed feed, FeedRequest request, Moment arrived, FeedWriter out, FeedMemory memory)
            throws IOException, InterruptedException {
        ReplicaId self = arrived.self();
        switch (feed.answers().getLast()) {
            case Answer.Serve(ReplicaId origin, long after)
            when origin.equals(self) -> {
                agrees(request, arrived);
                followers.began(request);
                try {
                    stream(request, feed, out, memory);
                } finally {
                    followers.ended(request);
                }
            }
            case Answer.Serve relayed -> {
                agrees(request, arrived);
                stream(request, feed, out, memory);
            }
            case Answer.SourceRegressed regressed -> {
                node.identity().renew(self, request.follower() + " has seen " + regressed.seen() + " of it");
                node.gate().heardPeer();
            }
            case Answer.Forked(Dot dot) -> forks.differs(request.follower(), dot);
            case Answer.Refuse refuse ->
                complaints.tell(
                        request.follower(), "Rejected the feed request of " + request.follower() + ": " + refuse.why());
            case Answer.Gone(ReplicaId origin, long first) ->
                complaints.tell(
                        request.follower(),
                        "Cannot serve " + request.follower() + ": it needs the updates of " + origin + " from "
                                + request.applied().next(origin).counter()
                                + " on, and this node's log has deleted those before "
                                + first
                                + ". It has to get them from another node (docs/operations.md: Updates that are gone)");
            case Answer.FollowerRegressed answered -> {}
            case Answer.Myself myself -> {}
            case Answer.Behind behind -> {}
        }
    }

    private void agrees(FeedRequest request, Moment arrived) {
        forks.agrees(request.follower().name());
        node.gate().heardFrom(arrived.self(), request.applied(), node.clock());
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

    private void stream(FeedRequest request, ServedFeed feed, FeedWriter out, FeedMemory memory)
            throws IOException, InterruptedException {
        threads.run(request.follower().name(), () -> stream(feed, out, memory));
    }

    private void stream(ServedFeed feed, FeedWriter out, FeedMemory memory) throws IOException, InterruptedException {
        while (true) {
            switch (feed.next(moment())) {
                case Next.Beat beat -> out.heartbeat(members.heartbeat());
                case Next.Send send -> {
                    if (!send(send, feed, out, memory)) {
                        out.farewell("the next updates are deleted");
                        out.flush();
                        return;
                    }
                }
                case Next.Wait wait -> {
                    await(wait, feed);
                    // Nothing was written.
                    continue;
                }
                case Next.End end -> {
                    out.farewell(end.why());
                    out.flush();
                    return;
                }
            }
            out.flush();
        }
    }

    /**
     * Sends nothing if no memory is available before the next heartbeat is due; the feed then requests the same again.
     *
     * @return false if the log does not hold the updates any more: the follower asks again, and is told so
     */
    private boolean send(Next.Send send, ServedFeed feed, FeedWriter out, FeedMemory memory)
            throws IOException, InterruptedException {
        List<EncodedFrame> frames;
        try {
            frames = memory.read(
                    () -> node.updates()
                            .frames(send.origin(), send.after(), send.upTo(), CHUNK_BYTES, feed.isBeginning()),
                    Duration.ofMillis(timing.heartbeatMillis()));
        } catch (DeletedUpdatesException deleted) {
            log.warn("The feed to a follower ends, it was too slow: {}", deleted.getMessage());
            return false;
        }
        if (frames != null) {
            for (EncodedFrame frame : frames) {
                out.frame(frame.bytes());
                FrameHeader header = frame.header();
                feed.sent(new Dot(header.origin(), header.first()), header.count(), nowMillis());
            }
            out.flush();
            memory.sent();
        }
        return true;
    }

    private void await(Next.Wait wait, ServedFeed feed) throws InterruptedException {
        node.published()
                .await(
                        view -> view.clock().get(feed.origin()) > feed.sent() || view.closing(),
                        Duration.ofMillis(wait.millisMax()));
    }

    /** The identity first: what is published afterwards covers everything written under it before. */
    private Moment moment() {
        ReplicaId self = node.self();
        VisibleClock.View view = node.published().view();
        return new Moment(
                self, view.clock(), view.closing(), nowMillis(), node.identity().forked());
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
