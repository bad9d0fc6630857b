package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.update.Update;
import dev.hence.http.TestNode.Peer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists, batches, the original requests, and the state that a node exposes. */
final class ApiRoutesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.at(data).limits(TestNode.SMALL).start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void scan_pages_giveEveryKeyOnceInOrderOfUnsignedBytes() throws Exception {
        List<String> expected = List.of("a", "a%00", "a/b", "b", "c%7F", "c%80", "c%FF");
        for (String key : expected.reversed()) {
            node.put("/kv/" + key, key);
        }
        List<String> found = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = json(node.get("/kv?limit=2&after=" + next));
            assertThat(page.get("items").size()).isBetween(1, 2);
            page.get("items").forEach(item -> found.add(item.get("value").asText()));
            next = page.get("next").isNull() ? null : page.get("next").asText();
        } while (next != null);
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void scan_prefix_givesOnlyItsKeys() throws Exception {
        for (String key : new String[] {"a", "user:1", "user:2", "user", "v"}) {
            node.put("/kv/" + key, "V");
        }
        JsonNode page = json(node.get("/kv?prefix=user%3A"));
        assertThat(page.get("items")).hasSize(2);
        assertThat(page.get("next").isNull()).isTrue();
        assertThat(page.get("vector_clock").toString()).isEqualTo("{\"node1\":5,\"node2\":0}");
        JsonNode first = page.get("items").get(0);
        assertThat(first.get("key").asText()).isEqualTo("user:1");
        assertThat(first.get("etag").asText())
                .isEqualTo(node.get("/kv/user:1").headers().firstValue("ETag").orElseThrow());
    }

    @Test
    void scan_bytesThatAreNotText_areBase64() throws Exception {
        node.send("PUT", "/kv/%FF", new byte[] {(byte) 0xFE});
        assertThat(node.get("/kv").body()).contains("{\"key\":{\"base64\":\"/w==\"},\"value\":{\"base64\":\"/g==\"},");
    }

    @Test
    void scan_malformedParameters_areRefused() throws Exception {
        Problem.of(node.get("/kv?limit=0"))
                .is(400, "bad-request", true)
                .hasDetail("limit: \"0\" (expected: 1 to 1000)");
        Problem.of(node.get("/kv?limit=1001")).is(400, "bad-request", true);
        Problem.of(node.get("/kv?after=%3F%3F"))
                .is(400, "bad-request", true)
                .hasDetail("after: \"??\" (expected: the last \"next\")");
        Problem.of(node.get("/kv?clock=tree"))
                .is(400, "bad-request", true)
                .hasDetail("clock: \"tree\" (expected: list or object)");
    }

    @Test
    void batch_operations_becomeOneUpdate() throws Exception {
        node.put("/kv/old", "V");
        HttpResponse<String> batch = node.post(
                "/batch",
                "{\"operations\":[{\"op\":\"put\",\"key\":\"x\",\"value\":\"A\"},"
                        + "{\"key\":{\"base64\":\"/w==\"},\"value\":{\"base64\":\"/g==\"},\"op\":\"put\"},"
                        + "{\"op\":\"delete\",\"key\":\"old\"},{\"op\":\"delete\",\"key\":\"never\"}]}");
        assertThat(batch.body())
                .isEqualTo("{\"written\":3,\"vector_clock\":{\"node1\":2,\"node2\":0},\"node_id\":\"node1\"}");
        assertThat(node.get("/kv/x").body()).isEqualTo("A");
        assertThat(node.get("/kv/old").statusCode()).isEqualTo(404);
        assertThat(node.node.read(Bytes.wrap(new byte[] {(byte) 0xFF})).value().isEmpty())
                .isFalse();
    }

    @Test
    void batch_nothingToDo_writesNothing() throws Exception {
        for (String operations : new String[] {"", "{\"op\":\"delete\",\"key\":\"x\"}"}) {
            assertThat(node.post("/batch", "{\"operations\":[" + operations + "]}")
                            .body())
                    .isEqualTo("{\"written\":0,\"vector_clock\":{\"node1\":0,\"node2\":0},\"node_id\":\"node1\"}");
        }
    }

    @Test
    void batch_oneWrongOperation_writesNothing() throws Exception {
        String good = "{\"op\":\"put\",\"key\":\"x\",\"value\":\"A\"}";
        assertBatchRefused(
                good + ",{\"op\":\"set\",\"key\":\"y\",\"value\":\"B\"}",
                "operations[1].op: \"set\" (expected: put or delete)");
        assertBatchRefused(
                good + ",{\"op\":\"put\",\"key\":\"\",\"value\":\"B\"}",
                "operations[1].key: 0 bytes (expected: 1 to 64)");
        assertBatchRefused(
                good + ",{\"op\":\"put\",\"key\":\"y\"}", "operations[1].value: missing (expected: a value)");
        assertBatchRefused(
                good + ",{\"op\":\"put\",\"value\":\"y\"}", "operations[1].key: missing (expected: a value)");
        assertBatchRefused(good + ",{\"key\":\"y\"}", "operations[1].op: missing (expected: a value)");
        assertBatchRefused(
                good + ",{\"op\":\"delete\",\"key\":\"y\",\"value\":\"\"}",
                "operations[1].value: present (expected: none with \"op\":\"delete\")");
        assertBatchRefused(
                good + ",{\"op\":\"put\",\"key\":\"y\",\"val\":1}",
                "operations[1].val: unknown member (expected: op, key and, to put, value)");
        Problem.of(node.post("/batch", "{}"))
                .is(400, "bad-request", true)
                .hasDetail("operations: missing (expected: a value)");
        assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
    }

    private void assertBatchRefused(String operations, String detail) throws Exception {
        Problem.of(node.post("/batch", "{\"operations\":[" + operations + "]}"))
                .is(400, "bad-request", true)
                .hasDetail(detail);
    }

    @Test
    void batch_overTheLimits_isRefusedWithTheLimit() throws Exception {
        String four = "v".repeat(900);
        StringBuilder operations = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            operations
                    .append(i > 0 ? "," : "")
                    .append("{\"op\":\"put\",\"key\":\"k")
                    .append(i)
                    .append("\",\"value\":\"")
                    .append(four)
                    .append("\"}");
        }
        Problem.of(node.post("/batch", "{\"operations\":[" + operations + "]}"))
                .is(413, "update-too-large", true)
                .hasLimit(3_000);
        Problem.of(node.post("/batch", " ".repeat(4_001)))
                .is(413, "body-too-large", true)
                .hasDetail("body: 4001 bytes (expected: at most 4000)")
                .hasLimit(4_000);
        Problem.of(node.post("/write", "{\"key\":\"x\",\"value\":\"" + "v".repeat(1_001) + "\"}"))
                .is(413, "value-too-large", true)
                .hasDetail("value: 1001 bytes (expected: at most 1000)");
        Problem.of(node.post("/write", "{\"key\":\"" + "k".repeat(65) + "\",\"value\":\"\"}"))
                .is(413, "key-too-large", true);
    }

    @Test
    void original_requests_answerAsTheyDid() throws Exception {
        assertThat(node.post("/write", "{\"key\":\"x\",\"value\":\"A\"}").body())
                .isEqualTo(
                        "{\"status\":\"ok\",\"key\":\"x\",\"value\":\"A\",\"node_id\":\"node1\",\"store\":{\"x\":\"A\"},"
                                + "\"vector_clock\":{\"node1\":1,\"node2\":0}}");
        assertThat(node.get("/read?key=x").body())
                .isEqualTo("{\"key\":\"x\",\"value\":\"A\",\"vector_clock\":{\"node1\":1,\"node2\":0}}");
        assertThat(node.get("/read?key=x&clock=list").body())
                .isEqualTo("{\"key\":\"x\",\"value\":\"A\",\"vector_clock\":[1,0]}");
        assertThat(node.get("/").body())
                .isEqualTo("{\"node_id\":\"node1\",\"store\":{\"x\":\"A\"},\"vector_clock\":{\"node1\":1,\"node2\":0},"
                        + "\"buffered\":[],\"next\":null}");
        Problem.of(node.get("/read?key=y")).is(404, "key-absent", true);
        Problem.of(node.get("/read")).is(400, "bad-request", true).hasDetail("key: missing (expected: a value)");
        Problem.of(node.get("/read?key=")).is(400, "bad-request", true).hasDetail("key: 0 bytes (expected: 1 to 64)");
        Problem.of(node.post("/write", "{\"key\":\"x\"}"))
                .is(400, "bad-request", true)
                .hasDetail("value: missing (expected: a value)");
        Problem.of(node.post("/write", "x=1")).is(400, "bad-request", true);
    }

    @Test
    void root_binaryKeys_areNamedInBase64() throws Exception {
        node.put("/kv/%FF", "A");
        node.put("/kv/b", "B");
        JsonNode first = json(node.get("/?limit=1"));
        assertThat(first.get("store").toString()).isEqualTo("{\"b\":\"B\"}");
        JsonNode second = json(node.get("/?after=" + first.get("next").asText()));
        assertThat(second.get("store").toString()).isEqualTo("{\"base64:/w==\":\"A\"}");
    }

    @Test
    void root_forABrowser_isAPageThatEscapesEverything() throws Exception {
        node.put("/kv/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "<img src=x onerror='alert(2)'>&\"");
        HttpResponse<String> page =
                node.get("/", "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Vary")).hasValue("Accept");
        assertThat(page.body())
                .contains(
                        "node1 - Hence",
                        "&lt;script&gt;alert(1)&lt;/script&gt;",
                        "&lt;img src=x onerror=&#39;alert(2)&#39;&gt;")
                .contains("node2:5000", "connecting")
                .doesNotContain("<script", "<img");
        assertThat(node.get("/", "Accept", "application/json, text/html;q=0.5").body())
                .startsWith("{");
        assertThat(node.get("/", "Accept", "*/*").body()).startsWith("{");
        assertThat(node.get("/", "Accept", "text/html;q=0").body()).startsWith("{");
    }

    @Test
    void root_forABrowser_showsSiblingsOnlyWhereThereAreSome() throws Exception {
        Peer peer = new Peer("node2", 0x00c0ffee00c0ffeeL);
        node.put("/kv/alone", "A");
        node.put("/kv/both", "ours");
        node.receive(peer.put("both", "theirs"));

        String page = node.get("/", "Accept", "text/html").body();

        assertThat(page)
                .contains("<td data-column=\"Key\">alone</td><td data-column=\"Value\">A</td>"
                        + "<td data-column=\"Siblings\">-</td>")
                .containsPattern("<td data-column=\"Key\">both</td><td data-column=\"Value\">(ours|theirs)</td>"
                        + "<td data-column=\"Siblings\">1</td>");
    }

    @Test
    void fingerprints_stringsAndCollections_ofWhatShows() throws Exception {
        node.put("/kv/a", "A");
        node.node.write(transaction -> {
            transaction.assign(Bytes.utf8("s"), DataType.SET, Bytes.utf8("one"), Bytes.EMPTY);
            transaction.set(Bytes.utf8("gone"), Bytes.utf8("G"), 1);
            return 0;
        });

        JsonNode items = json(node.get("/fingerprints")).get("items");

        assertThat(items.findValuesAsText("key")).containsExactly("a", "s");
        assertThat(items.findValuesAsText("type")).containsExactly("string", "set");
    }

    @Test
    void metrics_routesNeverAskedFor_haveNoSeries() throws Exception {
        node.put("/kv/x", "A");

        String metrics = node.get("/metrics").body();

        assertThat(metrics.lines().filter(line -> line.startsWith("hence_http_requests_seconds_count")))
                .singleElement()
                .asString()
                .contains("method=\"PUT\",route=\"/kv/{key}\",status=\"2xx\"");
    }

    @Test
    void status_memory_showsWhatTakesHowMuch() throws Exception {
        JsonNode before = json(node.get("/status")).get("memory");
        String value = "v".repeat(40);
        assertThat(node.put("/kv/large", value).statusCode()).isEqualTo(204);
        JsonNode after = json(node.get("/status")).get("memory");

        assertThat(after.get("rows").asLong()).isGreaterThanOrEqualTo(value.length());
        assertThat(after.get("rows_max").asLong())
                .isGreaterThan(after.get("rows").asLong());
        assertThat(after.get("rows_dirty").asLong() + after.get("memtables").asLong())
                .isGreaterThan(before.get("rows_dirty").asLong());
        assertThat(after.get("log_tail").asLong())
                .isGreaterThan(before.get("log_tail").asLong() + value.length());
        assertThat(after.get("heap").asLong())
                .isBetween(1L, after.get("heap_max").asLong());
        assertThat(after.get("blocks").asLong()).isNotNegative();
    }

    @Test
    void status_bufferedUpdate_saysWhatItWaitsFor() throws Exception {
        Peer peer = new Peer("node2", 0x00c0ffee00c0ffeeL);
        Update photo = peer.put("photo", "P");
        Update comment = peer.put("comment", "C");
        node.receive(comment);
        JsonNode status = json(node.get("/status"));
        assertThat(status.get("node_id").asText()).isEqualTo("node1");
        assertThat(status.get("replica").asText()).isEqualTo(node.node.self().toString());
        assertThat(status.get("cluster").asText()).isEqualTo("test");
        assertThat(status.get("fsync").asText()).isEqualTo("never");
        assertThat(status.get("buffered_count").asInt()).isEqualTo(1);
        JsonNode waiting = status.get("buffered").get(0);
        assertThat(waiting.get("dot").toString()).isEqualTo("{\"replica\":\"node2~00c0ffee00c0ffee\",\"counter\":2}");
        assertThat(waiting.get("waiting_for").toString())
                .isEqualTo("{\"replica\":\"node2~00c0ffee00c0ffee\",\"node_id\":\"node2\",\"counter\":1}");
        assertThat(waiting.get("operations").toString()).isEqualTo("[{\"op\":\"put\",\"key\":\"comment\"}]");
        assertThat(waiting.get("since_millis").asLong()).isPositive();
        assertThat(json(node.get("/")).get("buffered")).isEqualTo(status.get("buffered"));

        node.receive(photo);
        JsonNode after = json(node.get("/status?clock=list"));
        assertThat(after.get("buffered_count").asInt()).isZero();
        assertThat(after.get("vector_clock").toString()).isEqualTo("[0,2]");
        assertThat(after.get("stable").toString()).isEqualTo("[0,0]");
        assertThat(after.get("members").get(1).toString())
                .isEqualTo("{\"node_id\":\"node2\",\"replica\":null,\"address\":\"node2:5000\",\"self\":false,"
                        + "\"connected\":false,\"state\":\"connecting\",\"applied\":[0,0],\"durable\":[0,0],"
                        + "\"updates_behind\":0,\"heard_millis_ago\":null}");
    }

    @Test
    void status_stable_isAClockLikeTheOthers() throws Exception {
        Peer peer = new Peer("node2", 0x00c0ffee00c0ffeeL);
        node.receive(peer.put("x", "A"));
        node.receive(peer.put("x", "B"));
        node.stable = VersionVector.EMPTY.with(peer.self, 1);
        assertThat(json(node.get("/status")).get("stable").toString()).isEqualTo("{\"node1\":0,\"node2\":1}");
        assertThat(json(node.get("/status?clock=list")).get("stable").toString())
                .isEqualTo("[0,1]");
    }

    @Test
    void health_readyNode_saysSo() throws Exception {
        assertThat(node.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
        assertThat(node.get("/health/ready").body()).isEqualTo("{\"status\":\"ready\",\"issues\":[]}");
    }

    @Test
    void metrics_afterRequests_countsThemByRoute() throws Exception {
        node.put("/kv/x", "A");
        node.get("/kv/y");
        node.get("/nowhere");
        String metrics = node.get("/metrics").body();
        assertThat(metrics)
                .contains("hence_http_requests_seconds_count{method=\"PUT\",route=\"/kv/{key}\",status=\"2xx\"} 1")
                .contains("hence_http_requests_seconds_count{method=\"GET\",route=\"/kv/{key}\",status=\"4xx\"} 1")
                .contains("hence_http_requests_seconds_count{method=\"-\",route=\"-\",status=\"4xx\"} 1")
                .contains("hence_http_connections ", "hence_http_requests_open 1", "jvm_memory_used_bytes");
    }

    @Test
    void lab_withoutLab_isNoPath() throws Exception {
        Problem.of(node.get("/lab/links")).is(404, "not-found", true);
        Problem.of(node.put("/lab/links/node2", "{\"mode\":\"hold\"}")).is(404, "not-found", true);
    }

    @Test
    void request_wrongMethod_isToldTheRightOnes() throws Exception {
        HttpResponse<String> refused = node.post("/kv/x", "A");
        Problem.of(refused)
                .is(405, "method-not-allowed", true)
                .hasDetail("POST /kv/x (expected: GET, HEAD, PUT, DELETE)");
        assertThat(refused.headers().firstValue("Allow")).hasValue("GET, HEAD, PUT, DELETE");
        assertThat(node.get("/batch").headers().firstValue("Allow")).hasValue("POST");
        assertThat(node.send("OPTIONS", "/status", "").statusCode()).isEqualTo(405);
    }

    @Test
    void request_unknownPath_isNotFound() throws Exception {
        for (String path : new String[] {"/nope", "/kvx", "/status/", "/health", "/Status", "//status", "/lab"}) {
            Problem.of(node.get(path)).is(404, "not-found", true);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        return JSON.readTree(answer.body());
    }
}
