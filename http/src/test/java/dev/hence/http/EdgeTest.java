package dev.hence.http;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.http.RawHttp.RawAnswer;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Bounds;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.Route;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.Store;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.property.Eventually;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server around the API: malformed requests, failures, limits, start and stop. */
@Timeout(120)
final class EdgeTest {

    @TempDir
    Path data;

    @Test
    void request_malformed_isRefusedInTheFormOfAllErrors() throws Exception {
        try (TestNode node = TestNode.at(data).limits(TestNode.SMALL).start()) {
            String end = " HTTP/1.1\r\nHost: x\r\n\r\n";
            String put = "PUT /kv/x HTTP/1.1\r\nHost: x\r\n";
            for (String request : new String[] {
                "NONSENSE\r\n\r\n",
                "GET kv/x" + end,
                "GET *" + end,
                "GET /kv/a b" + end,
                "GET /kv/x#fragment" + end,
                "GET /kv/%zz" + end,
                "GET /kv/%" + end,
                "GET /kv/\u00FF" + end,
                "GET /kv?prefix=%f" + end,
                "GET /kv/x HTTP/1.1\r\n\r\n",
                "GET /kv/x HTTP/3.7\r\nHost: x\r\n\r\n",
                "GET /kv/x HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
                put + "Content-Length: abc\r\n\r\n",
                put + "Content-Length: -1\r\n\r\n",
                put + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                put + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                put + "Transfer-Encoding: gzip\r\n\r\n",
                put + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                put + "Expect: 200-ok\r\nContent-Length: 1\r\n\r\na",
            }) {
                RawAnswer answer = RawHttp.exchange(node.http.port(), request);
                assertThat(answer.status()).as(request).isEqualTo(400);
                assertThat(answer.headers()).as(request).containsEntry("content-type", "application/problem+json");
                assertThat(node.tokens.decode(answer.headers().getOrDefault("hence-session", "")))
                        .isEqualTo(VersionVector.EMPTY);
                assertThat(answer.body()).contains("\"code\":\"bad-request\"", "\"definite\":true");
            }
            assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void request_tooLongHeadOrTarget_isRefusedWithTheLimit() throws Exception {
        try (TestNode node = TestNode.at(data).limits(TestNode.SMALL).start()) {
            for (String request : new String[] {
                "GET /kv/" + "k".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /kv/x HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(5_000) + "\r\n\r\n"
            }) {
                RawAnswer answer = RawHttp.exchange(node.http.port(), request);
                assertThat(answer.status()).isEqualTo(431);
                assertThat(answer.headers()).containsKey("hence-session");
                assertThat(answer.body())
                        .contains(
                                "\"code\":\"headers-too-large\"",
                                "\"limit\":4096",
                                "expected: request line and headers of at most 4096 bytes");
            }
        }
    }

    @Test
    void connection_severalRequests_areAnsweredInOrder() throws Exception {
        try (TestNode node = TestNode.at(data).start();
                RawHttp connection = new RawHttp(node.http.port())) {
            StringBuilder pipeline = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                pipeline.append("PUT /kv/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n")
                        .append(10 + i);
                pipeline.append("GET /kv/x HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            connection.send(pipeline.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(connection.answer("PUT").status()).isEqualTo(204);
                assertThat(connection.answer("GET").body()).isEqualTo(String.valueOf(10 + i));
            }
        }
    }

    @Test
    void connections_beyondTheLimit_areToldTheLimit() throws Exception {
        Limits two = new Limits(64, 1_000, 4_000, 4_096, 3_000, 2, 16, 1 << 20, 0, 300);
        try (TestNode node = TestNode.at(data).limits(two).start()) {
            List<RawHttp> taken = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                RawHttp connection = new RawHttp(node.http.port());
                connection.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(connection.answer("GET").status()).isEqualTo(200);
                taken.add(connection);
            }
            try (RawHttp third = new RawHttp(node.http.port())) {
                third.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
                RawAnswer refused = third.answer("GET");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.body())
                        .contains(
                                "\"code\":\"too-many-connections\"",
                                "connections: 3 (expected: at most 2)",
                                "\"limit\":2");
                assertThat(third.closed()).isTrue();
            }
            try (RawHttp silent = new RawHttp(node.http.port())) {
                assertThat(silent.closed()).isTrue();
            }
            taken.getFirst().send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(taken.getFirst().answer("GET").status()).isEqualTo(200);
            for (RawHttp connection : taken) {
                connection.close();
            }
            await(() -> node.meters.get("hence.http.connections").gauge().value() == 0);
            assertThat(node.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void request_handlerFails_isInternalWithAReference() throws Exception {
        Route failing = Route.of(Route.Method.GET, "/test/fails", "Fail", exchange -> {
            throw new IllegalStateException("secret");
        });
        try (TestNode node = TestNode.at(data).further(failing).start()) {
            HttpResponse<String> answer = node.get("/test/fails");
            Problem.of(answer).is(500, "internal", false);
            assertThat(answer.body()).contains("see the node's log, reference ").doesNotContain("secret");
        }
    }

    @Test
    void request_answerIsStreamed_memoryOfItsBodyIsGivenBackBefore() throws Exception {
        MemoryBudget memory = new MemoryBudget(1 << 20);
        List<Long> held = new CopyOnWriteArrayList<>();
        Route following = Route.of(Route.Method.POST, "/test/follows", "Follow", exchange -> {
            exchange.body(new Bounds.BodyLimit(ErrorCode.BODY_TOO_LARGE, "body", 1 << 20));
            held.add(memory.heldBytes());
            return Answer.streamed(exchange.session(), "text/plain", output -> held.add(memory.heldBytes()));
        });
        try (TestNode node = TestNode.at(data).memory(memory).further(following).start()) {
            assertThat(node.post("/test/follows", "x".repeat(200_000)).statusCode())
                    .isEqualTo(200);
        }
        assertThat(held).hasSize(2).last().isEqualTo(0L);
        assertThat(held.getFirst()).isPositive();
    }

    @Test
    void request_bodyIsChunked_takesTheMostItMayBeAndThenWhatItIs() throws Exception {
        MemoryBudget memory = new MemoryBudget(4 << 20);
        List<Long> held = new CopyOnWriteArrayList<>();
        Route taking = Route.of(Route.Method.POST, "/test/takes", "Take", exchange -> {
            exchange.body(new Bounds.BodyLimit(ErrorCode.BODY_TOO_LARGE, "body", 1 << 20));
            held.add(memory.heldBytes());
            return Answer.empty(204, exchange.session());
        });
        String head = "POST /test/takes HTTP/1.1\r\nHost: node1\r\nTransfer-Encoding: chunked\r\n\r\n";
        String chunk = Integer.toHexString(200_000) + "\r\n" + "x".repeat(200_000) + "\r\n";
        try (TestNode node = TestNode.at(data).memory(memory).further(taking).start()) {
            try (RawHttp leaving = new RawHttp(node.http.port())) {
                leaving.send(head + chunk);
                eventually("it has taken its memory", () -> memory.heldBytes() >= 1 << 20);
            }
            eventually("its client has gone", () -> memory.heldBytes() == 0);
            try (RawHttp sending = new RawHttp(node.http.port())) {
                sending.send(head + chunk);
                eventually("it has taken its memory", () -> memory.heldBytes() >= 1 << 20);
                sending.send(chunk + "0\r\n\r\n");
                assertThat(sending.answer("POST").status()).isEqualTo(204);
            }
            eventually("it is answered", () -> memory.heldBytes() == 0);
        }
        assertThat(held)
                .singleElement()
                .satisfies(bytes -> assertThat(bytes % 400_000).isZero());
        assertThat(held.getFirst()).isPositive();
    }

    @Test
    void request_bodyIsChunkedAndThereIsNoMemory_waits() throws Exception {
        MemoryBudget memory = new MemoryBudget(4 << 20);
        String head = "PUT /kv/k HTTP/1.1\r\nHost: node1\r\nTransfer-Encoding: chunked\r\n\r\n";
        String chunk = Integer.toHexString(200_000) + "\r\n" + "x".repeat(200_000) + "\r\n";
        try (TestNode node = TestNode.at(data).memory(memory).start();
                RawHttp sending = new RawHttp(node.http.port())) {
            try (MemoryHolder other = memory.holder(() -> {})) {
                assertThat(other.tryTake(4 << 20)).isTrue();
                sending.send(head + chunk + "0\r\n\r\n");
                eventually("it waits", () -> memory.waiting() == 1);
            }
            assertThat(sending.answer("PUT").status()).isIn(200, 201, 204);
            eventually("it is answered", () -> memory.heldBytes() == 0);
        }
    }

    @Test
    void request_streamFails_isCutOffRatherThanEndedAsIfComplete() throws Exception {
        Route failing = Route.of(
                Route.Method.GET,
                "/test/breaks",
                "Break",
                exchange -> Answer.streamed(VersionVector.EMPTY, "text/plain", output -> {
                    output.write("half".getBytes(StandardCharsets.UTF_8));
                    output.flush();
                    throw new IllegalStateException("broken");
                }));
        try (TestNode node = TestNode.at(data).further(failing).start()) {
            assertThatThrownBy(() -> node.get("/test/breaks")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void write_refusedByTheNode_saysWhy() throws Exception {
        RefusingStore[] refusing = new RefusingStore[1];
        try (TestNode node = TestNode.at(data)
                .seenThrough(store -> refusing[0] = new RefusingStore(store))
                .start()) {
            refusing[0].failure =
                    refused(WriteRefusedException.Reason.DISK_FULL, "disk: 5 bytes free (expected: at least 9)");
            Problem.of(node.put("/kv/x", "A"))
                    .is(507, "disk-full", true)
                    .hasDetail("disk: 5 bytes free (expected: at least 9)");
            assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
            Problem.of(node.get("/health/ready"))
                    .is(503, "not-ready", true)
                    .hasDetail("The disk of the node is full: disk: 5 bytes free (expected: at least 9)");
            assertThat(node.get("/health/live").statusCode()).isEqualTo(200);

            refusing[0].failure = refused(WriteRefusedException.Reason.CLOSING, "the node is shutting down");
            HttpResponse<String> closing = node.delete("/kv/x");
            Problem.of(closing).is(503, "not-ready", true);
            assertThat(closing.headers().firstValue("Retry-After")).hasValue("1");

            refusing[0].failure = refused(WriteRefusedException.Reason.FAILED, "a commit failed earlier");
            Problem.of(node.post("/batch", "{\"operations\":[]}")).is(500, "node-failed", true);

            refusing[0].failure = new WriteUncertainException("commit failed", new IOException("disk"));
            Problem.of(node.put("/kv/x", "A")).is(500, "node-failed", false).hasDetail("commit failed");
        }
    }

    @Test
    void request_slowerThanTheIdleTime_isAnsweredNevertheless() throws Exception {
        HttpTiming impatient =
                HttpTiming.DEFAULT.withIdle(Duration.ofMillis(300)).withFeedKeepAlive(Duration.ofMillis(50));
        Route slow = Route.of(Route.Method.GET, "/test/slow", "Take a while", exchange -> {
            Thread.sleep(1_000);
            return Answer.empty(204, VersionVector.EMPTY);
        });
        try (TestNode node = TestNode.at(data).timing(impatient).further(slow).start()) {
            assertThat(node.get("/test/slow").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void body_thatStopsComing_timesOut() throws Exception {
        HttpTiming impatient =
                HttpTiming.DEFAULT.withIdle(Duration.ofMillis(300)).withFeedKeepAlive(Duration.ofMillis(50));
        try (TestNode node = TestNode.at(data).timing(impatient).start()) {
            RawAnswer answer = RawHttp.exchange(
                    node.http.port(), "PUT /kv/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("\"code\":\"request-timeout\"");
        }
    }

    @Test
    void close_runningRequest_isFinishedAndNewOnesAreRefused() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Route slow = Route.of(Route.Method.GET, "/test/slow", "Wait for the test", exchange -> {
            entered.countDown();
            release.await();
            return Answer.empty(204, VersionVector.EMPTY);
        });
        try (TestNode node = TestNode.at(data).further(slow).start();
                RawHttp other = new RawHttp(node.http.port())) {
            other.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(other.answer("GET").status()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> running = node.client.sendAsync(
                    HttpRequest.newBuilder(node.uri("/test/slow")).build(), BodyHandlers.ofString());
            assertThat(entered.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            Thread closing = Thread.startVirtualThread(node.http::close);
            await(node.http::closing);
            other.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            RawAnswer refused = other.answer("GET");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers()).containsEntry("retry-after", "1").containsEntry("connection", "close");
            assertThat(refused.body()).contains("\"code\":\"not-ready\"");
            assertThat(closing.isAlive()).isTrue();
            release.countDown();
            assertThat(running.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .statusCode())
                    .isEqualTo(204);
            assertThat(closing.join(Eventually.LIMIT)).isTrue();
        }
    }

    @Test
    void close_requestThatNeverEnds_isCutOff() throws Exception {
        HttpTiming hasty =
                HttpTiming.DEFAULT.withFeedKeepAlive(Duration.ofMillis(50)).withDrain(Duration.ofMillis(200));
        CountDownLatch entered = new CountDownLatch(1);
        Route endless = Route.of(Route.Method.GET, "/test/endless", "Never end", exchange -> {
            entered.countDown();
            new CountDownLatch(1).await();
            return Answer.empty(204, VersionVector.EMPTY);
        });
        try (TestNode node = TestNode.at(data).timing(hasty).further(endless).start()) {
            CompletableFuture<HttpResponse<String>> running = node.client.sendAsync(
                    HttpRequest.newBuilder(node.uri("/test/endless")).build(), BodyHandlers.ofString());
            assertThat(entered.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            node.http.close();
            assertThat(running).failsWithin(Eventually.LIMIT);
        }
    }

    @Test
    void start_portTaken_saysSo() throws Exception {
        try (TestNode node = TestNode.at(data).start()) {
            NodeConfig same = NodeConfig.alone("node2", data).at("127.0.0.1", node.http.port());
            try (HttpServer second = new HttpServer(
                    same,
                    node.node,
                    null,
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                    List.of(),
                    MemoryBudget.ofHeap())) {
                assertThatThrownBy(second::start)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("address: 127.0.0.1:" + node.http.port() + ": ")
                        .hasMessageContaining("in use")
                        .hasMessageEndingWith("(expected: a free port)");
            }
        }
    }

    @Test
    void request_onVirtualThread_isHandled() throws Exception {
        boolean[] virtual = new boolean[1];
        Route looking = Route.of(Route.Method.GET, "/test/thread", "Look at the thread", exchange -> {
            virtual[0] = Thread.currentThread().isVirtual();
            return Answer.empty(204, VersionVector.EMPTY);
        });
        try (TestNode node = TestNode.at(data).further(looking).start()) {
            assertThat(node.get("/test/thread").statusCode()).isEqualTo(204);
            assertThat(virtual[0]).isTrue();
        }
    }

    private static WriteRefusedException refused(WriteRefusedException.Reason reason, String message) {
        return new WriteRefusedException(reason, message);
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + Eventually.LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the condition came true in time").isLessThan(deadlineNanos);
            Thread.sleep(5);
        }
    }

    /** A store that delegates reads, and rejects or fails writes on demand. */
    private static final class RefusingStore implements Store {
        private final Store store;
        private volatile @Nullable RuntimeException failure;

        RefusingStore(Store store) {
            this.store = store;
        }

        @Override
        public ReplicaId self() {
            return store.self();
        }

        @Override
        public Reading<KeyHead> read(Bytes key) {
            return store.read(key);
        }

        @Override
        public <R> Reading<R> read(Function<View, R> reader) {
            return store.read(reader);
        }

        @Override
        public Reading<Page> scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax) {
            return store.scan(prefix, after, limit, bytesMax);
        }

        @Override
        public Reading<Page> scanHeld(@Nullable Bytes after, int limit, long bytesMax) {
            return store.scanHeld(after, limit, bytesMax);
        }

        @Override
        public <R> Committed<R> write(Transaction.Body<R> body) throws InterruptedException {
            RuntimeException present = failure;
            if (present != null) {
                throw present;
            }
            return store.write(body);
        }

        @Override
        public <R> List<CompletableFuture<Committed<R>>> submit(List<Transaction.Body<R>> bodies)
                throws InterruptedException {
            RuntimeException present = failure;
            if (present != null) {
                throw present;
            }
            return store.submit(bodies);
        }

        @Override
        public long keys() {
            return store.keys();
        }

        @Override
        public VersionVector clock() {
            return store.clock();
        }

        @Override
        public VersionVector durableClock() {
            return store.durableClock();
        }

        @Override
        public boolean awaitClock(VersionVector wanted, Duration atMost) throws InterruptedException {
            return store.awaitClock(wanted, atMost);
        }

        @Override
        public DeliveryFeed feedAfter(VersionVector after, MemoryHolder memory) {
            return store.feedAfter(after, memory);
        }

        @Override
        public NodeStatus status() {
            return store.status();
        }

        @Override
        public List<NodeStatus.Member> members() {
            return store.members();
        }

        @Override
        public List<HealthIssue> health() {
            return failure instanceof WriteRefusedException
                    ? List.of(new HealthIssue(HealthIssue.Kind.DISK_FULL, String.valueOf(failure.getMessage())))
                    : store.health();
        }

        @Override
        public Optional<WriteRefusedException> unready() {
            return failure instanceof WriteRefusedException refused ? Optional.of(refused) : store.unready();
        }
    }
}
