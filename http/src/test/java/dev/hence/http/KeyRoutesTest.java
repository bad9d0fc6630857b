package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.replica.Transaction;
import dev.hence.http.TestNode.Peer;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyRoutesTest {

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
    void get_afterPut_returnsBytesAndTag() throws Exception {
        HttpResponse<String> put = node.put("/kv/x", "A");
        assertThat(put.statusCode()).isEqualTo(204);
        assertThat(put.body()).isEmpty();

        HttpResponse<String> get = node.get("/kv/x");
        assertThat(get.statusCode()).isEqualTo(200);
        assertThat(get.body()).isEqualTo("A");
        assertThat(get.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(tag(get)).isEqualTo(tag(put)).matches("\"[^\"]+\"");
    }

    @Test
    void get_binaryValue_returnsEveryByte() throws Exception {
        byte[] value = new byte[256];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) i;
        }
        node.send("PUT", "/kv/x", value);
        assertThat(node.node.read(Bytes.utf8("x")).value().string().value()).isEqualTo(Bytes.wrap(value));
        assertThat(node.get("/kv/x", "Accept", "*/*").headers().firstValueAsLong("Content-Length"))
                .hasValue(256);
    }

    @Test
    void get_emptyValue_isNotAbsent() throws Exception {
        node.put("/kv/x", "");
        assertThat(node.get("/kv/x").statusCode()).isEqualTo(200);
    }

    @Test
    void get_absentKey_is404() throws Exception {
        HttpResponse<String> get = node.get("/kv/x");
        Problem.of(get).is(404, "key-absent", true).hasDetail("key: \"x\" has no value");
    }

    @Test
    void head_presentKey_hasHeadersOfGetWithoutBody() throws Exception {
        node.put("/kv/x", "ABC");
        HttpResponse<String> head = node.send("HEAD", "/kv/x", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(3);
        assertThat(tag(head)).isEqualTo(tag(node.get("/kv/x")));
        assertThat(node.send("HEAD", "/kv/y", "").statusCode()).isEqualTo(404);
    }

    @Test
    void put_anyKey_isWrittenUnderItsBytes() throws Exception {
        for (String[] example : new String[][] {
            {"/kv/a/b", "a/b"},
            {"/kv/a%2Fb", "a/b"},
            {"/kv//", "/"},
            {"/kv/..", ".."},
            {"/kv/../../etc/passwd", "../../etc/passwd"},
            {"/kv/%2E%2E", ".."},
            {"/kv/./a", "./a"},
            {"/kv/a%00b", "a\0b"},
            {"/kv/%25", "%"},
            {"/kv/%2500", "%00"},
            {"/kv/a+b", "a+b"},
            {"/kv/a;b=c", "a;b=c"},
            {"/kv/a%3Fb%23c", "a?b#c"},
            {"/kv/%C3%A9", "\u00E9"},
            {"/kv/%7Bkey%7D", "{key}"},
        }) {
            String value = "V" + example[0];
            String put = "PUT " + example[0] + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + value.length() + "\r\n\r\n";
            assertThat(RawHttp.exchange(node.http.port(), put + value).status())
                    .as(example[0])
                    .isEqualTo(204);
            KeyHead written = node.node.read(Bytes.utf8(example[1])).value();
            assertThat(written.string().value()).isEqualTo(Bytes.utf8(value));
            String get = "GET " + example[0] + " HTTP/1.1\r\nHost: x\r\n\r\n";
            assertThat(RawHttp.exchange(node.http.port(), get).body()).isEqualTo(value);
        }
    }

    @Test
    void put_keyThatIsNotUtf8_isWritten() throws Exception {
        node.put("/kv/%FF%00", "V");
        assertThat(node.node
                        .read(Bytes.wrap(new byte[] {(byte) 0xFF, 0}))
                        .value()
                        .isEmpty())
                .isFalse();
    }

    @Test
    void request_emptyKey_isRefused() throws Exception {
        for (String method : new String[] {"GET", "PUT", "DELETE"}) {
            Problem.of(node.send(method, "/kv/", ""))
                    .is(400, "bad-request", true)
                    .hasDetail("key: 0 bytes (expected: 1 to 64)");
        }
    }

    @Test
    void put_keyOverTheLimit_isRefusedWithTheLimit() throws Exception {
        assertThat(node.put("/kv/" + "%41".repeat(64), "V").statusCode()).isEqualTo(204);
        Problem.of(node.put("/kv/" + "%41".repeat(65), "V"))
                .is(413, "key-too-large", true)
                .hasDetail("key: 65 bytes (expected: at most 64)")
                .hasLimit(64);
    }

    @Test
    void put_valueOverTheLimit_isRefusedWithTheLimit() throws Exception {
        assertThat(node.put("/kv/x", "v".repeat(1_000)).statusCode()).isEqualTo(204);
        Problem.of(node.put("/kv/x", "v".repeat(1_001)))
                .is(413, "value-too-large", true)
                .hasDetail("value: 1001 bytes (expected: at most 1000)")
                .hasLimit(1_000);
    }

    @Test
    void put_chunkedValueOverTheLimit_isRefusedAndTheConnectionGoesOn() throws Exception {
        try (RawHttp connection = new RawHttp(node.http.port())) {
            connection.send("PUT /kv/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            connection.send("5dc\r\n" + "v".repeat(1_500) + "\r\n0\r\n\r\n");
            RawHttp.RawAnswer refused = connection.answer("PUT");
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.body()).contains("value: more than 1000 bytes (expected: at most 1000)");
            connection.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(connection.answer("GET").status()).isEqualTo(200);
        }
    }

    @Test
    void put_announcedTooLargeWithExpectContinue_isRefusedWithoutItsBody() throws Exception {
        String request = "PUT /kv/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n";
        RawHttp.RawAnswer refused = RawHttp.exchange(node.http.port(), request);
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.headers()).containsEntry("connection", "close");
    }

    @Test
    void put_withExpectContinue_isToldToGoOn() throws Exception {
        try (RawHttp connection = new RawHttp(node.http.port())) {
            connection.send("PUT /kv/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
            assertThat(connection.answer("PUT").status()).isEqualTo(100);
            connection.send("V");
            assertThat(connection.answer("PUT").status()).isEqualTo(204);
        }
    }

    @Test
    void put_bodyShorterThanAnnounced_writesNothing() throws Exception {
        try (RawHttp connection = new RawHttp(node.http.port())) {
            connection.send("PUT /kv/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
            connection.socket.shutdownOutput();
            RawHttp.RawAnswer refused = connection.answer("PUT");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.headers()).containsKey("hence-session");
        }
        assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
    }

    @Test
    void delete_presentKey_removesIt() throws Exception {
        node.put("/kv/x", "A");
        assertThat(node.delete("/kv/x").statusCode()).isEqualTo(204);
        assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
        Problem.of(node.delete("/kv/x")).is(404, "key-absent", true);
    }

    @Test
    void get_ifNoneMatchPresentTag_is304() throws Exception {
        String tag = tag(node.put("/kv/x", "A"));
        for (String header : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
            HttpResponse<String> get = node.get("/kv/x", "If-None-Match", header);
            assertThat(get.statusCode()).as(header).isEqualTo(304);
            assertThat(get.body()).isEmpty();
            assertThat(tag(get)).isEqualTo(tag);
        }
        assertThat(node.get("/kv/x", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
        node.put("/kv/x", "B");
        assertThat(node.get("/kv/x", "If-None-Match", tag).statusCode()).isEqualTo(200);
    }

    @Test
    void put_ifMatch_isDecidedByTheTag() throws Exception {
        Problem.of(node.put("/kv/x", "A", "If-Match", "*")).is(412, "precondition-failed", true);
        String first = tag(node.put("/kv/x", "A"));
        String second = tag(node.put("/kv/x", "B", "If-Match", first));
        HttpResponse<String> late = node.put("/kv/x", "C", "If-Match", first);
        Problem.of(late).is(412, "precondition-failed", true).hasDetail("the current tag is " + second);
        assertThat(tag(late)).isEqualTo(second);
        assertThat(node.put("/kv/x", "C", "If-Match", "W/" + second).statusCode())
                .isEqualTo(412);
        assertThat(node.get("/kv/x").body()).isEqualTo("B");
        assertThat(node.put("/kv/x", "C", "If-Match", "\"other\", " + second).statusCode())
                .isEqualTo(204);
        assertThat(node.put("/kv/x", "D", "If-Match", "*").statusCode()).isEqualTo(204);
    }

    @Test
    void put_ifNoneMatchAny_writesOnlyWhereNothingIs() throws Exception {
        assertThat(node.put("/kv/x", "A", "If-None-Match", "*").statusCode()).isEqualTo(204);
        Problem.of(node.put("/kv/x", "B", "If-None-Match", "*")).is(412, "precondition-failed", true);
        assertThat(node.get("/kv/x").body()).isEqualTo("A");
    }

    @Test
    void put_malformedCondition_isRefused() throws Exception {
        Problem.of(node.put("/kv/x", "A", "If-Match", "abc"))
                .is(400, "bad-request", true)
                .hasDetail("If-Match: abc (expected: \"TAG\", a list of these, or *)");
        assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
    }

    @Test
    void delete_ifMatch_isDecidedByTheTag() throws Exception {
        Problem.of(node.delete("/kv/x", "If-Match", "\"a\""))
                .is(412, "precondition-failed", true)
                .hasDetail("the key has no value");
        String tag = tag(node.put("/kv/x", "A"));
        Problem.of(node.delete("/kv/x", "If-Match", "\"a\"")).is(412, "precondition-failed", true);
        assertThat(node.delete("/kv/x", "If-Match", tag).statusCode()).isEqualTo(204);
    }

    @Test
    void get_siblings_showsConcurrentValuesWinnerFirst() throws Exception {
        node.put("/kv/x", "mine");
        Peer peer = new Peer("node2", 0x00c0ffee00c0ffeeL);
        node.receive(peer.put("x", "theirs"));
        HttpResponse<String> plain = node.get("/kv/x");
        assertThat(plain.body()).isEqualTo("mine");
        HttpResponse<String> siblings = node.get("/kv/x?siblings");
        assertThat(siblings.statusCode()).isEqualTo(200);
        assertThat(siblings.body())
                .matches("\\{\"key\":\"x\",\"etag\":\""
                        + Pattern.quote(tag(plain).replace("\"", "\\\"")) + "\",\"values\":\\["
                        + "\\{\"value\":\"mine\",\"node_id\":\"node1\",\"dot\":\\{\"replica\":\"" + node.node.self()
                        + "\",\"counter\":1\\},\"timestamp_millis\":\\d+,\"winner\":true\\},"
                        + "\\{\"value\":\"theirs\",\"node_id\":\"node2\",\"dot\":\\{\"replica\":\"node2~00c0ffee00c0ffee\""
                        + ",\"counter\":1\\},\"timestamp_millis\":\\d+,\"winner\":false\\}\\],"
                        + "\"vector_clock\":\\{\"node1\":1,\"node2\":1\\}\\}");
        assertThat(node.get("/kv/x?siblings&clock=list").body()).endsWith("\"vector_clock\":[1,1]}");
        Problem.of(node.get("/kv/y?siblings")).is(404, "key-absent", true);
    }

    @Test
    void put_conditionOnTagBeforeASibling_fails() throws Exception {
        String tag = tag(node.put("/kv/x", "mine"));
        node.receive(new Peer("node2", 1).put("x", "theirs"));
        assertThat(node.put("/kv/x", "C", "If-Match", tag).statusCode()).isEqualTo(412);
        assertThat(node.put("/kv/x", "C", "If-Match", tag(node.get("/kv/x"))).statusCode())
                .isEqualTo(204);
        assertThat(node.get("/kv/x?siblings").body()).doesNotContain("theirs");
    }

    @Test
    void request_unknownParameter_isRefused() throws Exception {
        Problem.of(node.get("/kv/x?sibling"))
                .is(400, "bad-request", true)
                .hasDetail("parameter sibling: unknown (expected: clock, siblings)");
        Problem.of(node.put("/kv/x?ttl=5", "A"))
                .is(400, "bad-request", true)
                .hasDetail("parameter ttl: unknown (expected: none)");
    }

    @Test
    void put_largeValueWithinTheLimits_roundTrips() throws Exception {
        byte[] value = "0123456789abcdef".repeat(62).getBytes(StandardCharsets.UTF_8);
        node.send("PUT", "/kv/x", value);
        assertThat(node.get("/kv/x").body()).isEqualTo(new String(value, StandardCharsets.UTF_8));
    }

    private static String tag(HttpResponse<?> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    // Other types, and keys that have expired

    private void write(Consumer<Transaction> what) throws InterruptedException {
        node.node.write(transaction -> {
            what.accept(transaction);
            return "done";
        });
    }

    @Test
    void key_ofAnotherType_isRefusedToReadersAndReplacedByWriters() throws Exception {
        Bytes hash = Bytes.utf8("h");
        write(transaction -> transaction.assign(hash, DataType.HASH, Bytes.utf8("f"), Bytes.utf8("v")));
        Problem.of(node.get("/kv/h"))
                .is(409, "wrong-type", true)
                .hasDetail("key: \"h\" holds a hash (expected: string)");
        Problem.of(node.get("/read?key=h")).is(409, "wrong-type", true);
        Problem.of(node.send("PUT", "/kv/h", "A", "If-None-Match", "*")).is(409, "wrong-type", true);
        Problem.of(node.send("DELETE", "/kv/h", "", "If-Match", "*")).is(409, "wrong-type", true);
        assertThat(node.get("/kv").body())
                .contains("{\"key\":\"h\",\"value\":null,\"type\":\"hash\",\"etag\":\"\\\"\\\"\"}");
        assertThat(node.get("/").body()).contains("\"store\":{\"h\":null}");
        node.put("/kv/h", "A");
        assertThat(node.get("/kv/h").body()).isEqualTo("A");
        assertThat(node.node.read(hash).value().collections()).isEmpty();
    }

    @Test
    void delete_ofAnotherType_removesIt() throws Exception {
        write(transaction -> transaction.assign(Bytes.utf8("s"), DataType.SET, Bytes.utf8("m"), Bytes.EMPTY));
        assertThat(node.send("DELETE", "/kv/s", "").statusCode()).isEqualTo(204);
        assertThat(node.node.keys()).isZero();
    }

    @Test
    void key_thatHasExpired_isAbsentToReadersConditionsAndDeletes() throws Exception {
        Bytes x = Bytes.utf8("x");
        write(transaction -> transaction.set(x, Bytes.utf8("A"), 1));
        Problem.of(node.get("/kv/x")).is(404, "key-absent", true);
        Problem.of(node.send("PUT", "/kv/x", "B", "If-Match", "*")).is(412, "precondition-failed", true);
        Problem.of(node.send("DELETE", "/kv/x", "")).is(404, "key-absent", true);
        write(transaction -> transaction.set(x, Bytes.utf8("A"), 1));
        assertThat(node.send("PUT", "/kv/x", "B", "If-None-Match", "*").statusCode())
                .isEqualTo(204);
        assertThat(node.get("/kv/x").body()).isEqualTo("B");
    }

    @Test
    void get_valueWithIncrements_countsThemInAndChangesTheTag() throws Exception {
        node.put("/kv/n", "5");
        String before = tag(node.get("/kv/n"));
        write(transaction ->
                transaction.increment(Bytes.utf8("n"), DataType.STRING, Bytes.EMPTY, BigDecimal.valueOf(2)));
        assertThat(node.get("/kv/n").body()).isEqualTo("7");
        assertThat(tag(node.get("/kv/n"))).isNotEqualTo(before);
        assertThat(node.get("/kv/n?siblings").body()).contains("\"value\":\"7\"");
        write(transaction ->
                transaction.increment(Bytes.utf8("m"), DataType.STRING, Bytes.EMPTY, BigDecimal.valueOf(2)));
        assertThat(node.get("/kv/m?siblings").body()).contains("\"value\":\"2\"", "\"winner\":true");
    }
}
