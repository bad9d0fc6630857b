package dev.hence.http;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.VersionVector;
import dev.hence.http.RawHttp.RawAnswer;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Route;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.property.Eventually;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The start and the end of the server. */
@Timeout(120)
final class StartAndCloseTest {

    @TempDir
    Path data;

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
            eventually("it is closing", node.http::closing);
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
}
