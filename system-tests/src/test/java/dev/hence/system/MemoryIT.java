package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Clients that together request more than the available memory: they wait or are rejected, and the node continues. */
@Execution(ExecutionMode.CONCURRENT)
class MemoryIT {

    private static final int VALUE_BYTES = 8 << 20;
    private static final String CHUNK = "x".repeat(64 << 10);

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void readersThatDoNotRead_holdNoMoreThanTheirShareAndLetTheOthersGoOn() throws Exception {
        NodeProcess node = clusters.start(1).node(1);
        node.api().send("PUT", "/kv/large", new byte[VALUE_BYTES]);
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int number = 0; number < 100; number++) {
                Socket socket = redis(node);
                socket.getOutputStream().write("GET large\r\n".getBytes(StandardCharsets.US_ASCII));
                stalled.add(socket);
            }
            assertThat(node.api().send("PUT", "/kv/small", new byte[] {'1'}).ok())
                    .isTrue();
            eventually("a client that reads gets the value", () -> {
                HttpAnswer answer = node.api().get("/kv/large");
                assertThat(answer.status()).isIn(200, 503);
                return answer.status() == 200 && answer.body().length == VALUE_BYTES;
            });
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
        assertUnharmed(node);
    }

    @Test
    void feedsThatAreNotRead_holdNoMoreThanTheirShareAndOneThatIsReadGetsEveryUpdate() throws Exception {
        NodeProcess node = clusters.startChanged(1, prepared -> prepared.node(1).reconfigureJava("-Xmx512m"))
                .node(1);
        for (int number = 0; number < 8; number++) {
            node.api().send("PUT", "/kv/large" + number, new byte[VALUE_BYTES]);
        }
        List<Socket> stalled = new ArrayList<>();
        try {
            // Twice as many as fit into a heap without a budget.
            for (int number = 0; number < 120; number++) {
                Socket socket = socket(node.port());
                socket.getOutputStream()
                        .write("GET /feed HTTP/1.1\r\nHost: node1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                stalled.add(socket);
            }
            HttpAnswer answer = node.api().get("/feed?follow=false");
            assertThat(answer.body().length).isGreaterThan(8 * VALUE_BYTES);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
        assertUnharmed(node);
    }

    @Test
    void largeBodiesThatComeSlowly_areTakenOrRefusedWithTheLimit() throws Exception {
        NodeProcess node = clusters.start(1).node(1);
        List<RawConnection> senders = new ArrayList<>();
        try {
            for (int number = 0; number < 60; number++) {
                RawConnection sender = RawConnection.to(node);
                sender.send("PUT /kv/slow" + number + " HTTP/1.1\r\nHost: node1\r\nContent-Length: " + VALUE_BYTES
                        + "\r\n\r\n");
                senders.add(sender);
            }
            assertThat(node.api().send("PUT", "/kv/small", new byte[] {'1'}).ok())
                    .isTrue();
            int taken = 0;
            for (RawConnection sender : senders) {
                taken += finished(sender) ? 1 : 0;
            }
            assertThat(taken).as("bodies that were taken").isPositive();
        } finally {
            for (RawConnection sender : senders) {
                sender.close();
            }
        }
        assertUnharmed(node);
    }

    /** Whether the body was accepted; it was not if it was rejected, or cut off because others waited. */
    private static boolean finished(RawConnection sender) {
        try {
            for (int sent = 0; sent < VALUE_BYTES; sent += CHUNK.length()) {
                sender.send(CHUNK);
            }
            HttpAnswer answer = sender.answer();
            if (answer.status() != 204) {
                assertThat(answer.code()).isEqualTo("too-many-large-requests");
                assertThat(answer.json().path("limit").asLong()).isPositive();
                assertThat(answer.header("retry-after")).isPresent();
            }
            return answer.status() == 204;
        } catch (IOException cutOff) {
            return false;
        }
    }

    @Test
    void heapThatIsTooSmall_isSaidAtTheStartAndLeavesNoNodeThatOnlyLooksAlive() throws Exception {
        Cluster cluster = clusters.startChanged(1, prepared -> prepared.node(1).reconfigureJava("-Xmx64m"));
        NodeProcess node = cluster.node(1);
        assertThat(node.logTail()).contains("heap: ").contains("expected: at least 240");
        List<Thread> writers = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            String path = "/kv/large" + number;
            writers.add(Thread.ofVirtual().start(() -> {
                try {
                    node.api().send("PUT", path, new byte[1 << 20]);
                } catch (IOException | InterruptedException ended) {
                    // The node may end; the test checks what that looks like.
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        eventually("it has ended or takes writes", () -> {
            if (!node.isRunning()) {
                return true;
            }
            try {
                return node.api().send("PUT", "/kv/small", new byte[] {'1'}).ok();
            } catch (IOException ending) {
                return false;
            }
        });
        if (!node.isRunning()) {
            assertThat(node.awaitExit()).isIn(3, 6);
        }
    }

    private static Socket redis(NodeProcess node) throws IOException {
        return socket(node.redisPort());
    }

    private static Socket socket(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        return socket;
    }

    private static void assertUnharmed(NodeProcess node) throws Exception {
        assertThat(node.api().get("/health/ready").status()).isEqualTo(200);
        assertThat(Files.readString(node.log())).doesNotContain("OutOfMemoryError");
        assertThat(node.stop()).as("exit status").isZero();
    }
}
