package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Update;
import dev.hence.http.TestNode.Peer;
import dev.hence.node.session.SessionTokens;
import dev.hence.property.Eventually;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionsTest {

    @TempDir
    Path data;

    private TestNode node;
    private final Peer peer = new Peer("node2", 0x00c0ffee00c0ffeeL);

    @BeforeEach
    void start() throws Exception {
        node = TestNode.at(data).start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void answer_anyRequest_carriesAToken() throws Exception {
        node.put("/kv/x", "A");
        for (String path : new String[] {
            "/",
            "/kv",
            "/kv/x",
            "/kv/y",
            "/read?key=x",
            "/status",
            "/health/live",
            "/health/ready",
            "/metrics",
            "/openapi.json",
            "/feed?follow=false",
            "/nowhere",
            "/kv/x?wrong=1"
        }) {
            assertThat(clock(node.get(path))).as(path).isNotNull();
        }
    }

    @Test
    void answer_toAWrite_standsForTheWrite() throws Exception {
        assertThat(clock(node.put("/kv/x", "A"))).isEqualTo(own(1));
        assertThat(clock(node.post("/write", "{\"key\":\"x\",\"value\":\"B\"}")))
                .isEqualTo(own(2));
        assertThat(clock(node.delete("/kv/x"))).isEqualTo(own(3));
    }

    @Test
    void answer_toAReadOrARefusal_standsForWhatItShowed() throws Exception {
        node.put("/kv/x", "A");
        assertThat(clock(node.get("/kv/x"))).isEqualTo(own(1));
        assertThat(clock(node.get("/kv/absent"))).isEqualTo(own(1));
        assertThat(clock(node.put("/kv/x", "B", "If-None-Match", "*"))).isEqualTo(own(1));
        assertThat(clock(node.delete("/kv/absent"))).isEqualTo(own(1));
    }

    @Test
    void answer_coversTheSessionOfTheRequest_errorsIncluded() throws Exception {
        node.receive(peer.put("x", "A"));
        String token = node.tokens.encode(peer.clock);
        for (String path :
                new String[] {"/health/live", "/metrics", "/openapi.json", "/nowhere", "/kv/x?wrong=1", "/kv/"}) {
            assertThat(clock(node.get(path, "Hence-Session", token)).descends(peer.clock))
                    .as(path)
                    .isTrue();
        }
        assertThat(clock(node.post("/status", "", "Hence-Session", token)).descends(peer.clock))
                .isTrue();
    }

    @Test
    void request_sessionThatIsHere_isAnsweredAtOnce() throws Exception {
        node.receive(peer.put("x", "A"));
        HttpResponse<String> get =
                node.get("/kv/x", "Hence-Session", node.tokens.encode(peer.clock), "Hence-Wait", "0");
        assertThat(get.body()).isEqualTo("A");
    }

    @Test
    void request_sessionThatIsBehind_waitsForIt() throws Exception {
        Update update = peer.put("x", "A");
        HttpRequest request = HttpRequest.newBuilder(node.uri("/kv/x"))
                .header("Hence-Session", node.tokens.encode(peer.clock))
                .header("Hence-Wait", "30s")
                .build();
        CompletableFuture<HttpResponse<String>> answer = node.client.sendAsync(request, BodyHandlers.ofString());
        // The response to another request shows that the node would have answered the first one, had it not waited.
        assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
        assertThat(answer).isNotDone();
        node.receive(update);
        assertThat(answer.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS).body())
                .isEqualTo("A");
    }

    @Test
    void request_sessionThatStaysBehind_isToldWhatIsMissing() throws Exception {
        Update first = peer.put("x", "A");
        peer.put("x", "B");
        node.receive(first);
        long startNanos = System.nanoTime();
        HttpResponse<String> refused =
                node.get("/kv/x", "Hence-Session", node.tokens.encode(peer.clock), "Hence-Wait", "50ms");
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        Problem.of(refused).is(503, "session-behind", true);
        assertThat(refused.body())
                .contains("\"missing\":[{\"replica\":\"node2~00c0ffee00c0ffee\",\"node_id\":\"node2\",\"counter\":2}]");
        assertThat(clock(refused)).isEqualTo(peer.clock);
    }

    @Test
    void request_severalTokens_areJoined() throws Exception {
        Peer third = new Peer("node3", 3);
        third.put("y", "C");
        peer.put("x", "A");
        String one = node.tokens.encode(peer.clock);
        String two = node.tokens.encode(third.clock);
        VersionVector both = peer.clock.join(third.clock);
        assertThat(clock(node.get("/kv/x", "Hence-Session", one + " , " + two, "Hence-Wait", "0")))
                .isEqualTo(both);
        assertThat(clock(node.get("/kv/x", "Hence-Session", one, "Hence-Session", two, "Hence-Wait", "0")))
                .isEqualTo(both);
        assertThat(clock(node.get("/kv/x", "hence-session", "," + one + ",,", "Hence-Wait", "0")))
                .isEqualTo(peer.clock);
    }

    @Test
    void request_malformedToken_isRefusedAtOnce() throws Exception {
        for (String token : new String[] {"x", "A", "AYagcsAA", "not a token", "%41", "eyJhbGciOiJIUzI1NiJ9.e30.abc"}) {
            Problem.of(node.put("/kv/x", "A", "Hence-Session", token))
                    .is(400, "session-token", true)
                    .hasDetail("session token: malformed or damaged (expected: one issued by a node of this cluster)");
        }
        assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
    }

    @Test
    void request_tokenOfAnotherCluster_isRefused() throws Exception {
        String foreign = new SessionTokens("other").encode(VersionVector.EMPTY);
        Problem.of(node.get("/kv/x", "Hence-Session", foreign))
                .is(400, "session-token", true)
                .hasDetail("session token: of another cluster (expected: one of test)");
    }

    @Test
    void request_tooLongToken_isRefused() throws Exception {
        Problem.of(node.get("/kv/x", "Hence-Session", "A".repeat(8_193)))
                .is(400, "session-token", true)
                .hasDetail("session token: 8193 characters (expected: at most 8192)");
    }

    @Test
    void request_malformedWait_isRefusedEvenWithoutASession() throws Exception {
        Problem.of(node.get("/kv/x", "Hence-Wait", "soon")).is(400, "bad-request", true);
    }

    private VersionVector clock(HttpResponse<?> answer) throws Exception {
        return node.tokens.decode(TestNode.session(answer));
    }

    private VersionVector own(long counter) {
        ReplicaId self = node.node.self();
        return VersionVector.of(Map.of(self, counter));
    }
}
