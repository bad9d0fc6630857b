package dev.hence.http;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.hence.http.RawHttp.RawAnswer;
import dev.hence.node.logging.RateLimitedLog;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Clients that send slowly or send nonsense, and the headers that protect browsers. */
@Timeout(180)
final class HostileClientsTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path data;

    @Test
    void everyAnswer_forbidsGuessingItsType() throws Exception {
        try (TestNode node = TestNode.at(data).start()) {
            node.put("/kv/x", "<script>alert(1)</script>");
            for (HttpResponse<String> answer : List.of(
                    node.get("/kv/x"),
                    node.get("/kv/absent"),
                    node.get("/nowhere"),
                    node.get("/metrics"),
                    node.delete("/kv/x"),
                    node.get("/", "Accept", "text/html"))) {
                assertThat(answer.headers().allValues("X-Content-Type-Options"))
                        .as("%s", answer)
                        .containsExactly("nosniff");
            }
            assertThat(RawHttp.exchange(node.http.port(), "NONSENSE\r\n\r\n").headers())
                    .containsEntry("x-content-type-options", "nosniff");
            HttpResponse<String> page = node.get("/", "Accept", "text/html");
            assertThat(page.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
            assertThat(page.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains("default-src 'none'", "base-uri 'none'", "form-action 'none'")
                            .doesNotContain("script"));
        }
    }

    @Test
    void head_trickles_isCutOffThoughBytesKeepComing() throws Exception {
        try (TestNode node = TestNode.at(data)
                        .timing(HttpTiming.DEFAULT.withRequest(SHORT, Duration.ofMinutes(2)))
                        .start();
                RawHttp slow = new RawHttp(node.http.port());
                RawHttp second = new RawHttp(node.http.port())) {
            second.send("GET /kv/x HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(second.answer("GET").status()).isEqualTo(404);
            slow.send("GET /kv/x HTTP/1.1\r\nHost: x\r\n");
            second.send("GET /kv/x HTTP/1.1\r\n");

            for (RawHttp trickling : List.of(slow, second)) {
                AtomicBoolean cut = new AtomicBoolean();
                Thread reader = Thread.ofVirtual().start(() -> {
                    try {
                        cut.set(trickling.closed());
                    } catch (java.io.IOException reset) {
                        cut.set(true);
                    }
                });
                eventually("the connection is closed although a byte comes all the time", () -> {
                    try {
                        trickling.send("A: b\r\n");
                        Thread.sleep(20);
                    } catch (java.io.IOException gone) {
                        cut.set(true);
                    }
                    return cut.get();
                });
                reader.join();
            }
        }
    }

    @Test
    void connection_betweenRequestsAndFeeds_outliveTheDeadlineOfHeads() throws Exception {
        try (TestNode node = TestNode.at(data)
                        .timing(HttpTiming.DEFAULT
                                .withFeedKeepAlive(Duration.ofMillis(50))
                                .withRequest(SHORT, SHORT))
                        .start();
                RawHttp kept = new RawHttp(node.http.port());
                RawHttp keptAfterBody = new RawHttp(node.http.port());
                RawHttp feed = new RawHttp(node.http.port())) {
            kept.send("GET /kv/x HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(kept.answer("GET").status()).isEqualTo(404);
            keptAfterBody.send("PUT /kv/y HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nY");
            assertThat(keptAfterBody.answer("PUT").status()).isEqualTo(204);
            feed.send("GET /feed HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(feed.line()).contains("200");

            // Opened after the others were answered and closed for inactivity: they were checked together with it.
            try (RawHttp never = new RawHttp(node.http.port())) {
                assertThat(never.closed()).isTrue();
            }
            kept.send("GET /kv/x HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(kept.answer("GET").status()).isEqualTo(404);
            keptAfterBody.send("GET /kv/y HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(keptAfterBody.answer("GET").status()).isEqualTo(200);
            node.put("/kv/late", "L");
            String line = feed.line();
            while (!line.contains("late")) {
                line = feed.line();
            }
        }
    }

    @Test
    void body_trickles_isRefusedWithTheMinimumRate() throws Exception {
        try (TestNode node = TestNode.at(data)
                        .timing(HttpTiming.DEFAULT.withRequest(Duration.ofMinutes(2), SHORT))
                        .start();
                RawHttp slow = new RawHttp(node.http.port())) {
            slow.send("PUT /kv/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
            AtomicBoolean answered = new AtomicBoolean();
            Thread trickle = Thread.ofVirtual().start(() -> {
                try {
                    while (!answered.get()) {
                        slow.send("a");
                        Thread.sleep(20);
                    }
                } catch (java.io.IOException | InterruptedException over) {
                    // The server has closed the connection.
                }
            });

            RawAnswer answer = slow.answer("PUT");
            answered.set(true);
            trickle.join();

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body())
                    .contains("\"code\":\"request-timeout\"", "expected: at least 1000 bytes a second");
            assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void malformedRequests_aThousand_fewLinesInTheLog() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> recorder = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage());
            }
        };
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        recorder.setContext(root.getLoggerContext());
        recorder.start();
        root.addAppender(recorder);
        try (TestNode node = TestNode.at(data).start()) {
            for (int i = 0; i < 500; i++) {
                assertThat(RawHttp.exchange(
                                        node.http.port(), "GET /kv/x HTTP/1.1\r\nHost: a\r\nHost: b" + i + "\r\n\r\n")
                                .status())
                        .isEqualTo(400);
                assertThat(RawHttp.exchange(node.http.port(), "NONSENSE\r\n\r\n")
                                .status())
                        .isEqualTo(400);
            }
        } finally {
            root.detachAppender(recorder);
        }
        assertThat(lines.stream().filter(line -> line.contains("Rejected a malformed request")))
                .hasSizeBetween(1, 5 * RateLimitedLog.LINES_PER_MINUTE_MAX);
        assertThat(lines).hasSizeLessThan(100);
    }
}
