package dev.hence.http;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.http.exchange.Route;
import dev.hence.node.Node;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.peers.FaultInjector;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.ClusterView;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.Store;
import dev.hence.property.Eventually;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A real node - core, writer, RocksDB - behind its HTTP front end on a free port, and a client for it. */
final class TestNode implements AutoCloseable {

    static final String CLUSTER = "test";
    static final Limits SMALL = new Limits(64, 1_000, 4_000, 4_096, 3_000, 100, 16, 1 << 20, 0, 300);

    final Node node;
    final HttpServer http;
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final HttpClient client = HttpClient.newHttpClient();
    final SessionTokens tokens = new SessionTokens(CLUSTER);

    /** The clock that the node reports as stable. */
    volatile VersionVector stable = VersionVector.EMPTY;

    /** The builder of a test node. */
    static final class Builder {
        private final Path data;
        private Limits limits = Limits.DEFAULT;
        private HttpTiming timing = HttpTiming.DEFAULT.withFeedKeepAlive(Duration.ofMillis(50));
        private List<Route> further = List.of();
        private MemoryBudget memory = MemoryBudget.ofHeap();
        private @Nullable FaultInjector lab;
        private Function<Store, Store> seenThrough = Function.identity();

        Builder(Path data) {
            this.data = data;
        }

        Builder limits(Limits chosen) {
            limits = chosen;
            return this;
        }

        Builder memory(MemoryBudget chosen) {
            memory = chosen;
            return this;
        }

        Builder timing(HttpTiming chosen) {
            timing = chosen;
            return this;
        }

        Builder further(Route... routes) {
            further = List.of(routes);
            return this;
        }

        Builder lab(FaultInjector chosen) {
            lab = chosen;
            return this;
        }

        /** The front end gets this in place of the store. */
        Builder seenThrough(Function<Store, Store> wrapper) {
            seenThrough = wrapper;
            return this;
        }

        TestNode start() throws IOException {
            return new TestNode(this);
        }
    }

    static Builder at(Path data) {
        return new Builder(data);
    }

    private TestNode(Builder parts) throws IOException {
        NodeConfig config = NodeConfig.alone("node1", parts.data)
                .with(FsyncPolicy.NEVER)
                .inCluster(CLUSTER)
                .withLab(parts.lab != null)
                .with(parts.limits);
        node = Node.open(config, meters);
        node.showing(new TwoMembers());
        http = new HttpServer(
                config, parts.seenThrough.apply(node), parts.lab, meters, parts.further, parts.memory, parts.timing);
        http.start();
    }

    /** A cluster of this node and {@code node2}, which is not connected. */
    private final class TwoMembers implements ClusterView {
        @Override
        public List<NodeStatus.Member> members() {
            VersionVector clock = node.clock();
            return List.of(
                    new NodeStatus.Member("node1", node.self(), null, true, true, "connected", clock, clock, 0, 0L),
                    new NodeStatus.Member(
                            "node2",
                            null,
                            "node2:5000",
                            false,
                            false,
                            "connecting",
                            VersionVector.EMPTY,
                            VersionVector.EMPTY,
                            0,
                            null));
        }

        @Override
        public VersionVector stable() {
            return stable;
        }
    }

    /** Another replica, whose updates can be passed to the node as if they came from a peer. */
    static final class Peer {
        final ReplicaId self;
        VersionVector clock = VersionVector.EMPTY;
        private long timestamp = HybridLogicalClock.WALL_MILLIS_MIN << 16;

        Peer(String name, long incarnation) {
            self = new ReplicaId(name, incarnation);
        }

        Update put(String key, String value) {
            return made(new Operation.SetString(Bytes.utf8(key), Bytes.utf8(value)));
        }

        private Update made(Operation operation) {
            Dot dot = clock.next(self);
            Update update = Update.of(dot, clock, ++timestamp, List.of(operation));
            clock = clock.with(dot);
            return update;
        }
    }

    void receive(Update... updates) throws InterruptedException {
        node.receive(Frame.each(List.of(updates)), "node2");
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http.port() + path);
    }

    /** Sends a request with headers given as alternating names and values. */
    HttpResponse<String> send(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .timeout(Eventually.LIMIT);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> put(String path, String body, String... headers) throws IOException, InterruptedException {
        return send("PUT", path, body, headers);
    }

    HttpResponse<String> delete(String path, String... headers) throws IOException, InterruptedException {
        return send("DELETE", path, "", headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send("POST", path, body, headers);
    }

    /** The session token of a response; every response has exactly one. */
    static String session(HttpResponse<?> answer) {
        List<String> values = new ArrayList<>(answer.headers().allValues("Hence-Session"));
        if (values.size() != 1) {
            throw new AssertionError("Hence-Session of " + answer + ": " + values + " (expected: one)");
        }
        return values.getFirst();
    }

    @Override
    public void close() {
        // Not close: it waits forever if the client has lost count of a request that was cut off.
        client.shutdownNow();
        node.announceClosing();
        http.close();
        node.close();
    }
}
