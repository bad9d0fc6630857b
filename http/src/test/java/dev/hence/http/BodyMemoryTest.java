package dev.hence.http;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Bounds;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.Route;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The memory that the bodies of requests take. */
@Timeout(120)
final class BodyMemoryTest {

    @TempDir
    Path data;

    @Test
    void request_answerIsStreamed_memoryOfItsBodyIsGivenBackBefore() throws Exception {
        MemoryBudget memory = new MemoryBudget(1 << 20);
        List<Long> held = new CopyOnWriteArrayList<>();
        Route following = Route.of(Route.Method.POST, "/test/follows", "Follow", exchange -> {
            exchange.body(new Bounds.BodyLimit(ErrorCode.BODY_TOO_LARGE, "body", 1 << 20));
            held.add(memory.heldBytes());
            return Answer.streamed(exchange.session(), "text/plain", output -> held.add(memory.heldBytes()));
        });
        try (TestNode node = TestNode.at(data).memory(memory).further(following).start()) {
            assertThat(node.post("/test/follows", "x".repeat(200_000)).statusCode())
                    .isEqualTo(200);
        }
        assertThat(held).hasSize(2).last().isEqualTo(0L);
        assertThat(held.getFirst()).isPositive();
    }

    @Test
    void request_bodyIsChunked_takesTheMostItMayBeAndThenWhatItIs() throws Exception {
        MemoryBudget memory = new MemoryBudget(4 << 20);
        List<Long> held = new CopyOnWriteArrayList<>();
        Route taking = Route.of(Route.Method.POST, "/test/takes", "Take", exchange -> {
            exchange.body(new Bounds.BodyLimit(ErrorCode.BODY_TOO_LARGE, "body", 1 << 20));
            held.add(memory.heldBytes());
            return Answer.empty(204, exchange.session());
        });
        String head = "POST /test/takes HTTP/1.1\r\nHost: node1\r\nTransfer-Encoding: chunked\r\n\r\n";
        String chunk = Integer.toHexString(200_000) + "\r\n" + "x".repeat(200_000) + "\r\n";
        try (TestNode node = TestNode.at(data).memory(memory).further(taking).start()) {
            try (RawHttp leaving = new RawHttp(node.http.port())) {
                leaving.send(head + chunk);
                eventually("it has taken its memory", () -> memory.heldBytes() >= 1 << 20);
            }
            eventually("its client has gone", () -> memory.heldBytes() == 0);
            try (RawHttp sending = new RawHttp(node.http.port())) {
                sending.send(head + chunk);
                eventually("it has taken its memory", () -> memory.heldBytes() >= 1 << 20);
                sending.send(chunk + "0\r\n\r\n");
                assertThat(sending.answer("POST").status()).isEqualTo(204);
            }
            eventually("it is answered", () -> memory.heldBytes() == 0);
        }
        assertThat(held)
                .singleElement()
                .satisfies(bytes -> assertThat(bytes % 400_000).isZero());
        assertThat(held.getFirst()).isPositive();
    }

    @Test
    void request_bodyIsChunkedAndThereIsNoMemory_waits() throws Exception {
        MemoryBudget memory = new MemoryBudget(4 << 20);
        String head = "PUT /kv/k HTTP/1.1\r\nHost: node1\r\nTransfer-Encoding: chunked\r\n\r\n";
        String chunk = Integer.toHexString(200_000) + "\r\n" + "x".repeat(200_000) + "\r\n";
        try (TestNode node = TestNode.at(data).memory(memory).start();
                RawHttp sending = new RawHttp(node.http.port())) {
            try (MemoryHolder other = memory.holder(() -> {})) {
                assertThat(other.tryTake(4 << 20)).isTrue();
                sending.send(head + chunk + "0\r\n\r\n");
                eventually("it waits", () -> memory.waiting() == 1);
            }
            assertThat(sending.answer("PUT").status()).isIn(200, 201, 204);
            eventually("it is answered", () -> memory.heldBytes() == 0);
        }
    }
}
