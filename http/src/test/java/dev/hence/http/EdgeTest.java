package dev.hence.http;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.VersionVector;
import dev.hence.http.RawHttp.RawAnswer;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Route;
import dev.hence.node.config.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server around the API: malformed requests, limits, times and threads. */
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
            eventually(
                    "no connection is open",
                    () -> node.meters.get("hence.http.connections").gauge().value() == 0);
            assertThat(node.get("/health/live").statusCode()).isEqualTo(200);
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
}
