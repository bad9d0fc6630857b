package dev.hence.server.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.update.Update;
import dev.hence.server.replication.FrameReader.Frame;
import dev.hence.server.runtime.Node;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a peer's feed: asks for an origin's updates from where this node stands, and reads
 * them until one side closes it.
 *
 * <p>One thread opens and follows it; others may look at it and close it.
 */
final class FeedStream implements AutoCloseable {

    private static final int BATCH_UPDATES_MAX = 512;
    private static final long BATCH_BYTES_MAX = 1L << 20;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int PROBLEM_BYTES_MAX = 2_000;

    private final InputStream body;
    private final FrameReader frames;
    private final Frame.Answered answer;
    private volatile long readingSinceNanos;
    private volatile boolean reading;
    private final AtomicLong received = new AtomicLong();
    private volatile long lastCounter;

    private FeedStream(InputStream body, FrameReader frames, Frame.Answered answer) {
        this.body = body;
        this.frames = frames;
        this.answer = answer;
    }

    /**
     * Connects to a peer.
     *
     * @param authority its {@code host:port}
     * @param origin whose updates; null for the peer's own
     * @param answerMax how long to wait for its answer
     * @throws IOException if it cannot be reached, or does not speak this protocol
     */
    static FeedStream open(
            HttpClient http,
            String authority,
            Node node,
            String cluster,
            @Nullable ReplicaId origin,
            Duration answerMax)
            throws IOException, InterruptedException {
        byte[] request = Messages.request(request(node, cluster, origin), System.currentTimeMillis())
                .toByteArray();
        HttpResponse<InputStream> response = http.send(
                HttpRequest.newBuilder(URI.create("http://" + authority + "/replication/feed"))
                        .timeout(answerMax)
                        .header("Content-Type", "application/x-protobuf")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        InputStream body = response.body();
        try {
            if (response.statusCode() != 200) {
                String problem = new String(body.readNBytes(PROBLEM_BYTES_MAX), StandardCharsets.UTF_8);
                throw new IOException("answered " + response.statusCode() + ": " + problem);
            }
            FrameReader frames = new FrameReader(new BufferedInputStream(body, BUFFER_BYTES));
            if (!(frames.read() instanceof Frame.Answered answer)) {
                throw new IOException("the first frame is no answer (expected: the protocol of Hence)");
            }
            return new FeedStream(body, frames, answer);
        } catch (IOException | RuntimeException failed) {
            body.close();
            throw failed;
        }
    }

    private static FeedRequest request(Node node, String cluster, @Nullable ReplicaId origin) {
        // The identity first: if it is renewed meanwhile, the clock read after it still covers the old one.
        ReplicaId self = node.self();
        VersionVector applied = node.clock();
        Map<ReplicaId, Integer> checksums = new HashMap<>();
        applied.forEach((replica, counter) -> {
            Integer checksum = node.checksum(new Dot(replica, counter));
            if (checksum != null) {
                checksums.put(replica, checksum);
            }
        });
        return new FeedRequest(cluster, self, origin, applied, checksums);
    }

    /** What the peer answered, and who it is. */
    Frame.Answered answer() {
        return answer;
    }

    /**
     * Reads frames until the stream ends in order.
     *
     * @return why the peer ended it
     * @throws IOException if it ended otherwise
     */
    String follow(UpdateSink sink, Consumer<Heartbeat> heard) throws IOException, InterruptedException {
        List<Update> batch = new ArrayList<>();
        long bytes = 0;
        while (true) {
            Frame frame = read();
            if (frame instanceof Frame.Updated updated) {
                batch.add(updated.update());
                bytes += updated.update().sizeBytes();
            }
            boolean full = batch.size() >= BATCH_UPDATES_MAX || bytes >= BATCH_BYTES_MAX;
            if (!batch.isEmpty() && (full || !(frame instanceof Frame.Updated) || !frames.ready())) {
                accept(sink, batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            if (frame instanceof Frame.Heard heartbeat) {
                heard.accept(heartbeat.heartbeat());
            } else if (frame instanceof Frame.Ended ended) {
                return ended.why();
            }
        }
    }

    private void accept(UpdateSink sink, List<Update> batch) throws InterruptedException {
        received.addAndGet(batch.size());
        lastCounter = batch.getLast().dot().counter();
        sink.accept(batch);
    }

    private Frame read() throws IOException {
        readingSinceNanos = System.nanoTime();
        reading = true;
        try {
            return frames.read();
        } finally {
            reading = false;
        }
    }

    /** For how long the peer has been silent while this node waited for it. */
    Duration silence() {
        long since = readingSinceNanos;
        return reading ? Duration.ofNanos(System.nanoTime() - since) : Duration.ZERO;
    }

    /** How many updates came on it. */
    long received() {
        return received.get();
    }

    /** The counter of the last update that came on it, 0 for none. */
    long lastCounter() {
        return lastCounter;
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException alreadyBroken) {
            // It was to be closed, and it is.
        }
    }
}
