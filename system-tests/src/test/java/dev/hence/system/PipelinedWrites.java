package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.property.Eventually;
import dev.hence.system.cluster.NodeProcess;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import redis.clients.jedis.Jedis;

/**
 * SETs in pipelines at one node, as fast as it answers, so that a kill always hits a group of writes. Every value of a
 * key is larger than the one before, and nobody else writes these keys: so an acknowledged write is lost if and only if
 * the key has a smaller value.
 *
 * <p>Replies are counted one by one, so that also the last one before a kill counts.
 */
final class PipelinedWrites {

    private static final int KEYS = 500;
    private static final int PIPELINE = 32;
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final NodeProcess node;
    private final long[] acknowledged = new long[KEYS];
    private final AtomicLong count = new AtomicLong();
    private final Repetition repetition;
    private long sent;

    private PipelinedWrites(NodeProcess node) {
        this.node = node;
        this.repetition = Repetition.start("pipelines at " + node.name(), PAUSE, this::write);
    }

    static PipelinedWrites start(NodeProcess node) {
        return new PipelinedWrites(node);
    }

    /** Its thread. */
    Repetition repetition() {
        return repetition;
    }

    /** The number of acknowledged writes. */
    long count() {
        return count.get();
    }

    private void write() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.redisPort()), (int)
                    Eventually.LIMIT.toMillis());
            socket.setSoTimeout((int) Eventually.LIMIT.toMillis());
            InputStream replies = new BufferedInputStream(socket.getInputStream());
            for (int pipeline = 0; pipeline < PIPELINE; pipeline++) {
                long first = sent + 1;
                sent += PIPELINE;
                socket.getOutputStream().write(requests(first));
                for (long value = first; value <= sent; value++) {
                    requireOk(replies);
                    acknowledge(value);
                }
            }
        } catch (IOException down) {
            // What was not acknowledged may have happened or not.
        }
    }

    private byte[] requests(long first) {
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (long value = first; value < first + PIPELINE; value++) {
            requests.writeBytes(("SET " + key(value) + " " + value + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        return requests.toByteArray();
    }

    private String key(long value) {
        return "pipelined/" + node.name() + "/" + value % KEYS;
    }

    private static void requireOk(InputStream replies) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = replies.read(); next != '\n'; next = replies.read()) {
            if (next < 0) {
                throw new IOException("the connection was closed");
            }
            line.append((char) next);
        }
        if (!line.toString().equals("+OK\r")) {
            throw new IOException("a write was refused: " + line);
        }
    }

    private void acknowledge(long value) {
        synchronized (acknowledged) {
            acknowledged[(int) (value % KEYS)] = value;
        }
        count.incrementAndGet();
    }

    /** The acknowledged writes that a node lacks, one line each. */
    List<String> missingAt(NodeProcess reader) {
        long[] expected;
        synchronized (acknowledged) {
            expected = acknowledged.clone();
        }
        List<String> keys = new ArrayList<>();
        for (long value = 0; value < KEYS; value++) {
            keys.add(key(value));
        }
        List<String> missing = new ArrayList<>();
        try (Jedis client = new Jedis("localhost", reader.redisPort(), (int) Eventually.LIMIT.toMillis())) {
            List<String> values = client.mget(keys.toArray(String[]::new));
            assertThat(values).hasSize(KEYS);
            for (int i = 0; i < KEYS; i++) {
                long value = values.get(i) == null ? 0 : Long.parseLong(values.get(i));
                if (value < expected[i]) {
                    missing.add(
                            keys.get(i) + ": " + value + " (expected: " + expected[i] + ", which was acknowledged)");
                }
            }
        }
        return missing;
    }
}
