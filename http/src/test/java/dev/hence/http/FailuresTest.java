package dev.hence.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.VersionVector;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Route;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteUncertainException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client is told when the node fails or refuses. */
@Timeout(120)
final class FailuresTest {

    @TempDir
    Path data;

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
        RefusingStore refusing = new RefusingStore();
        try (TestNode node = TestNode.at(data).seenThrough(refusing::over).start()) {
            refusing.failure =
                    refused(WriteRefusedException.Reason.DISK_FULL, "disk: 5 bytes free (expected: at least 9)");
            Problem.of(node.put("/kv/x", "A"))
                    .is(507, "disk-full", true)
                    .hasDetail("disk: 5 bytes free (expected: at least 9)");
            assertThat(node.get("/kv/x").statusCode()).isEqualTo(404);
            Problem.of(node.get("/health/ready"))
                    .is(503, "not-ready", true)
                    .hasDetail("The disk of the node is full: disk: 5 bytes free (expected: at least 9)");
            assertThat(node.get("/health/live").statusCode()).isEqualTo(200);

            refusing.failure = refused(WriteRefusedException.Reason.CLOSING, "the node is shutting down");
            HttpResponse<String> closing = node.delete("/kv/x");
            Problem.of(closing).is(503, "not-ready", true);
            assertThat(closing.headers().firstValue("Retry-After")).hasValue("1");

            refusing.failure = refused(WriteRefusedException.Reason.FAILED, "a commit failed earlier");
            Problem.of(node.post("/batch", "{\"operations\":[]}")).is(500, "node-failed", true);

            refusing.failure = new WriteUncertainException("commit failed", new IOException("disk"));
            Problem.of(node.put("/kv/x", "A")).is(500, "node-failed", false).hasDetail("commit failed");
        }
    }

    private static WriteRefusedException refused(WriteRefusedException.Reason reason, String message) {
        return new WriteRefusedException(reason, message);
    }
}
