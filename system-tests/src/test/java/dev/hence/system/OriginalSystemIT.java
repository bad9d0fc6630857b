package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.CommandRun;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.Json;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.RawConnection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The behaviour of the teaching system that Hence grew from, row by row of the README's table, byte by byte. */
class OriginalSystemIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    private Cluster cluster;

    @BeforeEach
    void startAsItWasStarted() throws Exception {
        cluster = clusters.startChanged(3, OriginalSystemIT::configureAsItWas);
        cluster.awaitLinked();
    }

    private static void configureAsItWas(Cluster cluster) {
        for (NodeProcess node : cluster.nodes()) {
            String peers = cluster.nodes().stream()
                    .filter(other -> other != node)
                    .map(other -> "localhost:" + other.port())
                    .collect(Collectors.joining(","));
            node.configureByEnvironment(Map.of(
                    "NODE_ID",
                    node.name(),
                    "PEERS",
                    peers,
                    "PORT",
                    Integer.toString(node.port()),
                    "REDIS_PORT",
                    Integer.toString(node.redisPort()),
                    "DATA_DIR",
                    node.data().toString()));
        }
    }

    @Test
    void write_asThePythonClientSendsIt_answersStatusStoreAndClock() throws Exception {
        HttpAnswer written = exchange(1, """
                POST /write HTTP/1.1
                Host: localhost:5001
                User-Agent: python-requests/2.31.0
                Accept-Encoding: gzip, deflate
                Accept: */*
                Connection: keep-alive
                Content-Length: 26
                Content-Type: application/json

                {"key": "x", "value": "A"}""");

        assertThat(written.status()).isEqualTo(200);
        assertThat(written.header("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        JsonNode json = written.json();
        assertThat(json.path("status").asText()).isEqualTo("ok");
        assertThat(json.path("key").asText()).isEqualTo("x");
        assertThat(json.path("value").asText()).isEqualTo("A");
        assertThat(json.path("node_id").asText()).isEqualTo("node1");
        assertThat(json.path("store").toString()).isEqualTo("{\"x\":\"A\"}");
        assertThat(json.path("vector_clock").toString()).isEqualTo("{\"node1\":1,\"node2\":0,\"node3\":0}");
    }

    @Test
    void story_asTheScenarioClientTellsIt_clocksAndStoresAreThoseOfTheOriginal() throws Exception {
        write(1, "x", "A");
        eventually("node2 has A", () -> read(2, "x").path("value").asText().equals("A"));
        write(2, "x", "B");
        eventually("node3 has B", () -> read(3, "x").path("value").asText().equals("B"));

        assertThat(read(3, "x").toString())
                .isEqualTo("{\"key\":\"x\",\"value\":\"B\",\"vector_clock\":{\"node1\":1,\"node2\":1,\"node3\":0}}");
        JsonNode listed = get(3, "/read?key=x&clock=list").json();
        assertThat(listed.path("vector_clock").toString()).isEqualTo("[1,1,0]");
        JsonNode whole = get(3, "/").json();
        assertThat(whole.path("node_id").asText()).isEqualTo("node3");
        assertThat(whole.path("store").toString()).isEqualTo("{\"x\":\"B\"}");
        assertThat(Json.clock(whole.path("vector_clock"))).isEqualTo(Map.of("node1", 1L, "node2", 1L));
        assertThat(whole.path("buffered").isArray()).isTrue();
        assertThat(whole.path("buffered")).isEmpty();
        assertThat(get(3, "/?clock=list").json().path("vector_clock").toString())
                .isEqualTo("[1,1,0]");
    }

    @Test
    void read_missingKey_404() throws Exception {
        HttpAnswer missing = get(1, "/read?key=nothing");

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.code()).isEqualTo("key-absent");
    }

    @Test
    void root_forABrowser_isAPage() throws Exception {
        HttpAnswer page = exchange(1, """
                GET / HTTP/1.1
                Host: localhost:5001
                Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8

                """);

        assertThat(page.header("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(page.text()).contains("node1");
    }

    @Test
    void client_writeAndRead_asTheOriginalClient() throws Exception {
        CommandRun written = CommandRun.of(
                clusters.directory(),
                "client",
                "http://localhost:" + cluster.node(1).port(),
                "write",
                "x",
                "A");
        assertThat(written.status()).as("%s", written).isZero();
        eventually("node2 has A", () -> read(2, "x").path("value").asText().equals("A"));
        CommandRun read = CommandRun.of(
                clusters.directory(),
                "client",
                "http://localhost:" + cluster.node(2).port(),
                "read",
                "x");

        assertThat(read.status()).as("%s", read).isZero();
        assertThat(read.output()).contains("A");
    }

    @Test
    void lab_notAskedFor_isNotThere() throws Exception {
        assertThat(get(1, "/lab/links").status()).isEqualTo(404);
    }

    /** As {@code curl -X POST -d} sends it, which declares everything as a form. */
    private void write(int number, String key, String value) throws Exception {
        String body = "{\"key\":\"" + key + "\",\"value\":\"" + value + "\"}";
        HttpAnswer answer = exchange(
                number,
                "POST /write HTTP/1.1\nHost: localhost\nUser-Agent: curl/8.5.0\nAccept: */*\nContent-Length: "
                        + body.getBytes(StandardCharsets.UTF_8).length
                        + "\nContent-Type: application/x-www-form-urlencoded\n\n" + body);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    }

    private JsonNode read(int number, String key) throws Exception {
        return get(number, "/read?key=" + key).json();
    }

    private HttpAnswer get(int number, String path) throws Exception {
        return exchange(number, "GET " + path + " HTTP/1.1\nHost: localhost\nUser-Agent: curl/8.5.0\nAccept: */*\n\n");
    }

    private HttpAnswer exchange(int number, String request) throws Exception {
        int head = request.indexOf("\n\n") + 2;
        try (RawConnection connection = RawConnection.to(cluster.node(number))) {
            connection.send(request.substring(0, head).replace("\n", "\r\n") + request.substring(head));
            return connection.answer();
        }
    }
}
