package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Update;
import dev.hence.http.TestNode.Peer;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.Store;
import dev.hence.node.store.UpdatesGoneException;
import dev.hence.property.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FeedRoutesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.at(data).start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void feed_fromTheBeginning_tellsEveryUpdateInTheOrderOfDelivery() throws Exception {
        Peer peer = new Peer("node2", 0x00c0ffee00c0ffeeL);
        Update first = peer.put("photo", "P");
        Update second = peer.put("comment", "C");
        node.put("/kv/x", "A");
        node.receive(second);
        node.receive(first);
        node.delete("/kv/x");
        List<String> lines = present("");
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1))
                .matches(
                        "\\{\"dot\":\\{\"replica\":\"node2~00c0ffee00c0ffee\",\"counter\":1\\},\"node_id\":\"node2\","
                                + "\"vector_clock\":\\{\"node1\":0,\"node2\":1\\},\"timestamp_millis\":\\d+,"
                                + "\"operations\":\\[\\{\"op\":\"put\",\"key\":\"photo\",\"value\":\"P\"\\}\\],\"token\":\"[^\"]+\"\\}");
        assertThat(lines.get(2)).contains("\"counter\":2", "comment");
        assertThat(lines.get(3))
                .contains(
                        "\"operations\":[{\"op\":\"delete\",\"key\":\"x\"}]",
                        "\"vector_clock\":{\"node1\":2,\"node2\":2}");
        assertThat(token(lines.get(3))).isEqualTo(node.node.clock());
    }

    @Test
    void feed_afterToken_goesOnBehindIt() throws Exception {
        node.put("/kv/x", "A");
        node.put("/kv/x", "B");
        List<String> all = present("");
        String token = JSON.readTree(all.getFirst()).get("token").asText();
        assertThat(present("&after=" + token)).isEqualTo(all.subList(1, 2));
        assertThat(present("&after=" + JSON.readTree(all.get(1)).get("token").asText()))
                .isEmpty();
        assertThat(present("&clock=list").getFirst()).contains("\"vector_clock\":[1,0]");
    }

    @Test
    void feed_afterSeveralTokens_goesOnBehindAllOfThem() throws Exception {
        Peer peer = new Peer("node2", 7);
        node.receive(peer.put("photo", "P"));
        String theirs = JSON.readTree(present("").getFirst()).get("token").asText();
        node.put("/kv/x", "A");
        List<String> all = present("");
        String ours = JSON.readTree(all.get(1)).get("token").asText();
        assertThat(present("&after=" + theirs + "," + ours)).isEmpty();
        assertThat(present("&after=" + theirs + ",")).isEqualTo(all.subList(1, 2));
    }

    @Test
    void feed_updateThatCarriesOutAClientsRequest_doesNotShowTheRequestInItsOldFormEither() throws Exception {
        node.node.write(transaction -> {
            transaction.request(Bytes.utf8("secret"));
            transaction.set(Bytes.utf8("x"), Bytes.utf8("A"));
            return "done";
        });
        node.node.write(transaction -> {
            transaction.set(Bytes.utf8("y"), Bytes.utf8("B"));
            transaction.publish(Bytes.utf8("\0hence:once"), Bytes.utf8("secret"));
            return "done";
        });
        List<String> lines = present("");
        assertThat(lines).hasSize(2).noneMatch(line -> line.contains("secret") || line.contains("once"));
        assertThat(lines.get(0)).contains("\"operations\":[{\"op\":\"put\",\"key\":\"x\",\"value\":\"A\"}]");
        assertThat(lines.get(1)).contains("\"operations\":[{\"op\":\"put\",\"key\":\"y\",\"value\":\"B\"}]");
    }

    @Test
    void feed_followed_tellsUpdatesAsTheyCome() throws Exception {
        try (Follower follower = new Follower("")) {
            assertThat(follower.answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
            for (int i = 1; i <= 3; i++) {
                node.put("/kv/x", "A" + i);
                assertThat(follower.update()).contains("\"counter\":" + i, "\"value\":\"A" + i + "\"");
            }
        }
    }

    @Test
    void feed_idle_carriesEmptyLines() throws Exception {
        try (Follower follower = new Follower("")) {
            assertThat(follower.lines.readLine()).isEmpty();
            assertThat(follower.lines.readLine()).isEmpty();
        }
    }

    @Test
    void feed_readerGoneWhileIdle_isNoticed() throws Exception {
        try (RawHttp connection = new RawHttp(node.http.port())) {
            connection.send("GET /feed HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(connection.line()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(streams()).isEqualTo(1);
        }
        long deadlineNanos = System.nanoTime() + Eventually.LIMIT.toNanos();
        while (streams() > 0 && System.nanoTime() < deadlineNanos) {
            Thread.onSpinWait();
        }
        assertThat(streams()).isZero();
    }

    @Test
    void feed_nodeCloses_endsCleanly() throws Exception {
        try (Follower follower = new Follower("")) {
            node.put("/kv/x", "A");
            assertThat(follower.update()).contains("\"value\":\"A\"");
            Thread closing = Thread.startVirtualThread(node.http::close);
            String line = follower.lines.readLine();
            while (line != null) {
                assertThat(line).isEmpty();
                line = follower.lines.readLine();
            }
            assertThat(closing.join(Eventually.LIMIT)).isTrue();
        }
    }

    @Test
    void feed_updatesAreDeleted_isAnsweredWithGone() throws Exception {
        node.close();
        UpdatesGoneException gone = new UpdatesGoneException(new Dot(new ReplicaId("node2", 2), 3), 9);
        node = TestNode.at(data)
                .seenThrough(store -> (Store) Proxy.newProxyInstance(
                        Store.class.getClassLoader(),
                        new Class<?>[] {Store.class},
                        (proxy, method, arguments) ->
                                method.getName().equals("gone") ? Optional.of(gone) : method.invoke(store, arguments)))
                .start();
        Problem.of(node.get("/feed")).is(410, "updates-gone", true);
    }

    @Test
    void feed_malformedToken_isRefused() throws Exception {
        Problem.of(node.get("/feed?after=x")).is(400, "session-token", true);
        Problem.of(node.get("/feed?after=" + new SessionTokens("other").encode(VersionVector.EMPTY)))
                .is(400, "session-token", true)
                .hasDetail("after: session token: of another cluster (expected: one of test)");
        Problem.of(node.get("/feed?follow=maybe")).is(400, "bad-request", true);
    }

    @Test
    void feed_head_doesNotFollow() throws Exception {
        assertThat(node.send("HEAD", "/feed", "").statusCode()).isEqualTo(200);
    }

    private double streams() {
        return node.meters.get("hence.http.streams.open").gauge().value();
    }

    private List<String> present(String parameters) throws Exception {
        HttpResponse<String> answer = node.get("/feed?follow=false" + parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().lines().toList();
    }

    private VersionVector token(String line) throws Exception {
        JsonNode token = JSON.readTree(line).get("token");
        return node.tokens.decode(token.asText());
    }

    /** Follows the node's feed line by line. */
    private final class Follower implements AutoCloseable {
        private final HttpResponse<InputStream> answer;
        private final BufferedReader lines;

        Follower(String query) throws Exception {
            HttpRequest request =
                    HttpRequest.newBuilder(node.uri("/feed" + query)).build();
            answer = node.client.send(request, BodyHandlers.ofInputStream());
            lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /** The next line that is not a keep-alive. */
        @Nullable
        String update() throws Exception {
            String line = lines.readLine();
            while (line != null && line.isEmpty()) {
                line = lines.readLine();
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
