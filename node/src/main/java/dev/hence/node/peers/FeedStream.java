package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FeedBrokenException;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.replication.FollowedFeed;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.update.Frame;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.node.Node;
import dev.hence.node.config.PeerAddress;
import dev.hence.node.peers.FeedReader.Message;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a peer's feed: requests an origin's updates from this node's position, and reads them until one
 * side closes it. {@link FollowedFeed} decides what is accepted.
 *
 * <p>One thread opens and follows it; others may inspect and close it.
 */
final class FeedStream implements AutoCloseable {

    private static final int BATCH_UPDATES_MAX = 512;
    private static final long BATCH_BYTES_MAX = 1L << 20;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int PROBLEM_BYTES_MAX = 2_000;

    /**
     * The parts shared by all connections.
     *
     * @param connectMax how long to wait for a connection
     * @param answerMax how long to wait for the start of a peer's response
     * @param open the registry of open streams
     */
    record Connector(Node node, String cluster, Duration connectMax, Duration answerMax, OpenStreams open) {

        /**
         * Connects to a peer.
         *
         * @param address where it listens
         * @param origin the origin of the updates; null for the peer itself
         * @param differing dots where the peer was found to have other updates
         * @throws IOException if it cannot be reached, or does not speak this protocol
         */
        FeedStream connect(PeerAddress address, @Nullable ReplicaId origin, Collection<Dot> differing)
                throws IOException {
            FeedRequest request = request(origin, differing);
            byte[] message =
                    Messages.request(request, node.clocks().wallMillis()).toByteArray();
            FeedConnection connection = FeedConnection.open(address, message, connectMax, answerMax, open);
            FeedStream stream = new FeedStream(address.authority(), connection, request, open);
            open.add(stream);
            try {
                stream.handshake(connection.status(), node);
                return stream;
            } catch (IOException | RuntimeException failed) {
                stream.close();
                throw failed;
            }
        }

        private FeedRequest request(@Nullable ReplicaId origin, Collection<Dot> differing) {
            ReplicaId self = node.self();
            return FeedRequest.of(cluster, self, origin, node.clock(), node.updates(), differing);
        }
    }

    private final String authority;
    private final FeedConnection connection;
    private final OpenStreams open;
    private final WatchedInput input;
    private final FeedReader messages;
    private final AtomicLong received = new AtomicLong();
    private final FollowedFeed feed;
    private volatile long lastCounter;
    private volatile @Nullable ReplicaId origin;

    private FeedStream(String authority, FeedConnection connection, FeedRequest request, OpenStreams open) {
        this.authority = authority;
        this.connection = connection;
        this.feed = new FollowedFeed(request);
        this.open = open;
        this.input = new WatchedInput(connection.body());
        this.messages = new FeedReader(new BufferedInputStream(input, BUFFER_BYTES));
    }

    private void handshake(int status, Node node) throws IOException {
        if (status != 200) {
            String problem = new String(input.readNBytes(PROBLEM_BYTES_MAX), StandardCharsets.UTF_8);
            throw new IOException("answered " + status + ": " + problem);
        }
        Message.Answered heard;
        do {
            heard = readAnswer();
        } while (!feed.answered(heard.source(), heard.answer(), heard.held(), node.clock(), node.updates()));
        lastCounter = feed.lastCounter();
        origin = feed.answer() instanceof Answer.Serve serve ? serve.origin() : null;
    }

    private Message.Answered readAnswer() throws IOException {
        if (messages.read() instanceof Message.Answered answered) {
            return answered;
        }
        throw new IOException("the first message is no answer (expected: the protocol of Hence)");
    }

    /** The address it comes from, {@code host:port}. */
    String authority() {
        return authority;
    }

    /** The peer that responded. */
    ReplicaId source() {
        return feed.source();
    }

    /** The origin of its updates; null if there are none, or the peer has not responded yet. */
    @Nullable
    ReplicaId origin() {
        return origin;
    }

    /** The peer's response. */
    Answer answer() {
        return feed.answer();
    }

    /**
     * Reads messages until the peer ends the stream regularly.
     *
     * @return the reason that the peer gave
     * @throws IOException if it ended otherwise
     * @throws MalformedRecordException if the peer sent something that this version does not understand
     * @throws FeedBrokenException if it sent something invalid at this point
     */
    String follow(UpdateSink sink, Consumer<Heartbeat> heard) throws IOException, InterruptedException {
        List<Frame> batch = new ArrayList<>();
        int updates = 0;
        long bytes = 0;
        while (true) {
            Message message = messages.read();
            if (message instanceof Message.Updates(Frame frame)) {
                batch.add(received(frame));
                updates += frame.size();
                bytes += frame.sizeBytes();
            }
            boolean full = updates >= BATCH_UPDATES_MAX || bytes >= BATCH_BYTES_MAX;
            if (!batch.isEmpty() && (full || !(message instanceof Message.Updates) || !messages.ready())) {
                sink.accept(batch);
                batch = new ArrayList<>();
                updates = 0;
                bytes = 0;
            }
            if (message instanceof Message.Heard heartbeat) {
                heard.accept(heartbeat.heartbeat());
                if (sink.isHoldOver()) {
                    return "time has caught up with what it held";
                }
            } else if (message instanceof Message.Ended ended) {
                return ended.why();
            }
        }
    }

    private Frame received(Frame frame) {
        feed.received(frame);
        lastCounter = feed.lastCounter();
        received.addAndGet(frame.size());
        return frame;
    }

    /** How long the peer has been silent while this node waited for it. */
    Duration silence() {
        return input.silence();
    }

    /** The number of updates received on it. */
    long received() {
        return received.get();
    }

    /** The counter of the last update received on it or before it; 0 for none. */
    long lastCounter() {
        return lastCounter;
    }

    @Override
    public void close() {
        open.remove(this);
        try {
            connection.close();
        } catch (IOException alreadyBroken) {
            // Closing was the goal, and it is closed.
        }
    }
}
