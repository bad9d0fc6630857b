package dev.hence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hence.property.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is tried again elsewhere, what never is, and what the caller is told. */
@Timeout(Eventually.TEST_SECONDS_MAX)
final class FailoverTest {

    private final FakeCluster cluster = new FakeCluster(2);
    private final HenceClient client = HenceClient.connect(cluster.urls());

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void get_firstNodeIsDown_isAnsweredByTheNext() {
        client.put("x", "A");
        cluster.node(1).stop();

        assertThat(client.get("x")).map(VersionedValue::text).contains("A");
    }

    @Test
    void put_firstNodeIsDown_happensOnceAtTheNext() {
        cluster.node(1).stop();

        client.put("x", "A");

        assertThat(cluster.node(2).clock()).containsEntry("node2", 1L);
    }

    @Test
    void get_connectionLost_isRepeatedElsewhere() {
        client.put("x", "A");
        cluster.node(1).failAlways(new Fault.CloseAfterwards());

        assertThat(client.get("x")).map(VersionedValue::text).contains("A");
    }

    @Test
    void write_connectionLostAfterItWasSent_isIndefiniteAndNotRepeated() {
        client.put("x", "before");
        List<Consumer<HenceClient>> writes =
                List.of(c -> c.put("x", "A"), c -> c.batch(Operation.put("y", "A")), c -> c.delete("x"));
        for (Consumer<HenceClient> write : writes) {
            try (HenceClient fresh = HenceClient.connect(cluster.urls())) {
                long before = cluster.node(1).clock().getOrDefault("node1", 0L);
                cluster.node(1).failNext(new Fault.CloseAfterwards());

                assertThatExceptionOfType(IndefiniteException.class)
                        .isThrownBy(() -> write.accept(fresh))
                        .satisfies(e -> assertThat(e.code()).isEqualTo("connection-lost"))
                        .satisfies(e -> assertThat(e.definite()).isFalse())
                        .satisfies(e ->
                                assertThat(e.node()).isEqualTo(cluster.node(1).url()));
                assertThat(cluster.node(1).clock()).as("carried out once").containsEntry("node1", before + 1);
            }
        }
        assertThat(cluster.node(2).requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"503, session-behind", "503, not-ready", "507, disk-full", "500, node-failed"})
    void put_definitelyRefusedForTheNodesState_happensElsewhere(int status, String code) {
        cluster.node(1).failAlways(new Fault.Refuse(status, code, true));

        client.put("x", "A");

        assertThat(cluster.node(2).clock()).containsEntry("node2", 1L);
    }

    @ParameterizedTest
    @CsvSource({"500, node-failed", "500, internal"})
    void put_indefinitelyRefused_isNotRepeated(int status, String code) {
        cluster.node(1).failAlways(new Fault.Refuse(status, code, false));

        assertThatExceptionOfType(IndefiniteException.class)
                .isThrownBy(() -> client.put("x", "A"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
        assertThat(cluster.node(2).requests()).isEmpty();
    }

    @Test
    void get_indefinitelyRefused_isRepeatedElsewhere() {
        cluster.node(1).failAlways(new Fault.Refuse(500, "internal", false));

        assertThat(client.get("x")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"400, bad-request", "404, not-found", "431, headers-too-large"})
    void get_refusedForWhatItAsks_isNotRepeated(int status, String code) {
        cluster.node(1).failAlways(new Fault.Refuse(status, code, true));

        assertThatExceptionOfType(DefiniteException.class)
                .isThrownBy(() -> client.get("x"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
        assertThat(cluster.node(2).requests()).isEmpty();
    }

    @Test
    void put_answerOfSomethingBetween_isIndefinite() {
        cluster.node(1).failAlways(new Fault.Page(502));

        assertThatExceptionOfType(IndefiniteException.class)
                .isThrownBy(() -> client.put("x", "A"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("unexpected-answer"))
                .withMessageContaining("HTTP status 502");
        assertThat(client.get("x")).as("a read goes on to the next node").isEmpty();
    }

    @Test
    void batch_successThatCannotBeRead_isIndefinite() {
        cluster.node(1).failAlways(new Fault.Page(200));

        assertThatExceptionOfType(IndefiniteException.class).isThrownBy(() -> client.batch(Operation.delete("x")));
        assertThatExceptionOfType(DefiniteException.class).isThrownBy(() -> client.scanPage(Bytes.EMPTY, null, 1));
    }

    @Test
    void get_nodeIsBehindTheSession_isAnsweredByOneThatIsNot() {
        cluster.node(1).lag();
        cluster.write(cluster.node(2), List.of(Operation.put("x", "A")));
        HenceClient session =
                client.withSession(FakeCluster.token(cluster.node(2).clock()));

        assertThat(session.get("x")).map(VersionedValue::text).contains("A");
        session.put("y", "B");

        assertThat(cluster.node(2).clock())
                .as("the write goes where the session can")
                .containsEntry("node2", 2L);
    }

    @Test
    void get_nodeCatchesUpWhileItWaits_isAnsweredByIt() throws Exception {
        cluster.node(1).lag();
        cluster.write(cluster.node(2), List.of(Operation.put("x", "A")));
        try (HenceClient one = HenceClient.builder()
                .nodes(cluster.node(1).url())
                .sessionToken("node2-1")
                .build()) {
            FutureTask<String> reading =
                    new FutureTask<>(() -> one.get("x").orElseThrow().text());
            Thread.ofVirtual().start(reading);
            awaitRequests(cluster.node(1), 1);
            cluster.node(1).catchUp();

            assertThat(Eventually.outcome(reading)).isEqualTo("A");
            assertThat(cluster.node(1).requests()).hasSize(1);
        }
    }

    @Test
    void get_allNodesBehind_saysWhatIsMissingWithinTheDeadline() {
        HenceClient session = client.withSession("node3-7").withDeadline(Duration.ofSeconds(3));
        long began = System.nanoTime();

        assertThatExceptionOfType(SessionBehindException.class)
                .isThrownBy(() -> session.get("x"))
                .satisfies(e -> assertThat(e.missing()).containsExactly(new Dot("node3~00c0ffee00c0ffee", "node3", 7)))
                .satisfies(e -> assertThat(e.getSuppressed())
                        .as("the other node's answer")
                        .hasSize(1));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Eventually.LIMIT);
        assertThat(session.sessionToken())
                .as("a refusal adds nothing to what the session demands")
                .isEqualTo("node3-7");
        assertThat(cluster.node(1).requests().getFirst().waitMillis()).isBetween(1L, 1_000L);
    }

    @Test
    void get_nodesAreDownForAWhile_isAnsweredWhenOneIsBack() throws Exception {
        client.put("x", "A");
        cluster.nodes().forEach(FakeNode::stop);
        FutureTask<String> reading = new FutureTask<>(() ->
                client.withDeadline(Eventually.LIMIT).get("x").orElseThrow().text());
        Thread thread = Thread.ofVirtual().start(reading);
        // Between two rounds the reader sleeps.
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        cluster.node(2).restart();

        assertThat(Eventually.outcome(reading)).isEqualTo("A");
    }

    @Test
    void put_allNodesDown_isDefiniteAndNamesTheCause() {
        cluster.nodes().forEach(FakeNode::stop);
        try (HenceClient once =
                HenceClient.builder().nodes(cluster.urls()).roundsMax(1).build()) {
            assertThatExceptionOfType(DefiniteException.class)
                    .isThrownBy(() -> once.put("x", "A"))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("unreachable"))
                    .withMessage(
                            "unreachable: connection refused (at %s)",
                            cluster.node(2).url())
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        }
    }

    @Test
    void get_nodeNeverAnswers_isAnsweredByTheNextWithinTheDeadline() {
        client.put("x", "A");
        cluster.node(1).failAlways(new Fault.Hang());

        assertThat(client.withDeadline(Duration.ofSeconds(6)).get("x"))
                .map(VersionedValue::text)
                .contains("A");
    }

    @Test
    void put_nodeNeverAnswers_isIndefiniteAtTheDeadline() {
        cluster.node(1).failAlways(new Fault.Hang());

        assertThatExceptionOfType(IndefiniteException.class)
                .isThrownBy(() -> client.withDeadline(Duration.ofSeconds(2)).put("x", "A"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("deadline-exceeded"));
        assertThat(cluster.node(2).requests()).isEmpty();
    }

    @Test
    void write_connectionIsNeverMade_isDefiniteAndHappensElsewhere() throws IOException {
        try (NeverAccepting deaf = new NeverAccepting();
                HenceClient mixed = HenceClient.builder()
                        .nodes(deaf.url(), cluster.node(1).url())
                        .connectTimeout(Duration.ofMillis(200))
                        .deadline(Eventually.LIMIT)
                        .build();
                HenceClient alone = HenceClient.builder()
                        .nodes(deaf.url())
                        .deadline(Duration.ofMillis(300))
                        .build()) {
            mixed.put("x", "A");
            assertThat(mixed.delete("x")).isTrue();

            assertThat(cluster.node(1).clock()).containsEntry("node1", 2L);
            for (Runnable write : List.<Runnable>of(() -> alone.put("x", "A"), () -> alone.delete("x"))) {
                assertThatExceptionOfType(DefiniteException.class)
                        .isThrownBy(write::run)
                        .satisfies(e -> assertThat(e.code()).isEqualTo("unreachable"))
                        .withMessageContaining("no connection within");
            }
        }
    }

    @Test
    void put_largeBodyIsRefused_saysSoThoughTheNodeNeverReadsIt() throws Exception {
        try (ServerSocket node = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HenceClient one = HenceClient.connect("127.0.0.1:" + node.getLocalPort())) {
            FutureTask<String> refusing = new FutureTask<>(() -> refuseUnread(node));
            Thread.ofVirtual().start(refusing);

            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> one.put(Bytes.utf8("x"), Bytes.of(new byte[50 << 20])))
                    .satisfies(e -> assertThat(e.limitBytes()).hasValue(8));
            assertThat(Eventually.outcome(refusing)).containsIgnoringCase("expect: 100-continue");
        }
    }

    // Takes the head of one request and closes the connection with the answer, whatever else is under way.
    private static String refuseUnread(ServerSocket node) throws IOException {
        try (Socket socket = node.accept()) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            String problem = "{\"code\":\"value-too-large\",\"definite\":true,\"limit\":8}";
            String answer = "HTTP/1.1 413 -\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
                    + "Content-Length: " + problem.length() + "\r\n\r\n" + problem;
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            return head.toString();
        }
    }

    @Test
    void put_tlsFails_isDefinite() {
        String tls = cluster.node(1).url().replace("http:", "https:");
        try (HenceClient overTls = HenceClient.builder().nodes(tls).roundsMax(1).build()) {
            assertThatExceptionOfType(DefiniteException.class)
                    .isThrownBy(() -> overTls.put("x", "A"))
                    .satisfies(e -> assertThat(e.getCause()).isInstanceOfAny(IOException.class, TimeoutException.class))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("unreachable"));
        }
    }

    @Test
    void get_bodyStalls_endsAtTheDeadline() {
        cluster.node(1).failAlways(new Fault.Stall());
        try (HenceClient one = HenceClient.builder()
                .nodes(cluster.node(1).url())
                .deadline(Duration.ofSeconds(2))
                .roundsMax(1)
                .build()) {
            assertThatExceptionOfType(DefiniteException.class)
                    .isThrownBy(() -> one.get("x"))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("deadline-exceeded"));
        }
    }

    @Test
    void get_afterAFailure_goesToTheOtherNodeFirst() {
        cluster.node(1).failNext(new Fault.Refuse(503, "not-ready", true));
        client.get("x");
        client.get("x");

        assertThat(cluster.node(1).requests()).hasSize(1);
        assertThat(cluster.node(2).requests()).hasSize(2);
    }

    @Test
    void put_interrupted_isIndefiniteAndTheThreadStaysInterrupted() throws Exception {
        cluster.node(1).failAlways(new Fault.Hang());
        CountDownLatch done = new CountDownLatch(1);
        List<Object> seen = new ArrayList<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                client.put("x", "A");
            } catch (HenceException e) {
                seen.add(e.code());
                seen.add(e.definite());
                seen.add(Thread.currentThread().isInterrupted());
            } finally {
                done.countDown();
            }
        });
        awaitRequests(cluster.node(1), 1);
        thread.interrupt();

        assertThat(done.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(seen).containsExactly("interrupted", false, true);
    }

    @Test
    void close_duringAWrite_endsItIndefinitely() throws Exception {
        cluster.node(1).failAlways(new Fault.Hang());
        FutureTask<HenceException> writing = new FutureTask<>(() -> {
            try {
                client.put("x", "A");
                throw new AssertionError("answered");
            } catch (HenceException e) {
                return e;
            }
        });
        Thread.ofVirtual().start(writing);
        awaitRequests(cluster.node(1), 1);
        client.close();

        assertThat(Eventually.outcome(writing))
                .isInstanceOf(IndefiniteException.class)
                .hasMessageStartingWith("closed: ");
    }

    private static void awaitRequests(FakeNode node, int count) {
        while (node.requests().size() < count) {
            Thread.onSpinWait();
        }
    }

    /** A port where connections are neither made nor refused, as behind a firewall: its queue is full. */
    private static final class NeverAccepting implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> queued = new ArrayList<>();

        NeverAccepting() throws IOException {
            boolean full = false;
            while (!full) {
                Socket socket = new Socket();
                queued.add(socket);
                try {
                    socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 300);
                } catch (SocketTimeoutException e) {
                    full = true;
                }
            }
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : queued) {
                socket.close();
            }
            server.close();
        }
    }
}
