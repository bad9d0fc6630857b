package dev.hence.http;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.memory.MemoryBudget;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Log data that feeds have read and not sent counts towards the memory of all clients. */
@Execution(ExecutionMode.CONCURRENT)
final class FeedMemoryTest {

    // More than the buffers of a connection take, so that an unread feed holds the rest.
    private static final int VALUE_BYTES = 8_000_000;
    private static final int UPDATES = 4;
    private static final int UNREAD_FEEDS = 12;

    private final MemoryBudget memory = new MemoryBudget(3 * VALUE_BYTES);

    @TempDir
    Path data;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.at(data).memory(memory).start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private void putLargeValues() throws Exception {
        String value = "v".repeat(VALUE_BYTES);
        for (int i = 0; i < UPDATES; i++) {
            assertThat(node.put("/kv/large" + i, value).statusCode()).isEqualTo(204);
        }
    }

    private Socket unreadFeed() throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.http.port()));
        socket.getOutputStream().write("GET /feed HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private double streams() {
        return node.meters.get("hence.http.streams.open").gauge().value();
    }

    @Test
    void feedsThatAreNotRead_holdNoMoreThanThereIsAndOneThatIsReadGetsAll() throws Exception {
        putLargeValues();
        List<Socket> unread = new ArrayList<>();
        try {
            for (int i = 0; i < UNREAD_FEEDS; i++) {
                unread.add(unreadFeed());
            }
            eventually("more feeds than there is memory for have asked", () -> memory.waiting() > 0);
            List<String> lines = node.get("/feed?follow=false")
                    .body()
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .toList();
            assertThat(lines).hasSize(UPDATES);
            for (int i = 0; i < UPDATES; i++) {
                assertThat(lines.get(i)).contains("\"key\":\"large" + i + "\"").hasSizeGreaterThan(VALUE_BYTES);
            }
        } finally {
            for (Socket socket : unread) {
                socket.close();
            }
        }
        eventually("what the feeds held is given back", () -> memory.heldBytes() == 0);
    }

    @Test
    void feedThatIsNotRead_othersWaitForWhatItHolds_isDisconnected() throws Exception {
        putLargeValues();
        try (Socket first = unreadFeed()) {
            eventually("the feed holds an update", () -> memory.heldBytes() > VALUE_BYTES);
            assertThat(first.isConnected()).isTrue();
            List<Socket> others = new ArrayList<>();
            try {
                for (int i = 1; i < UNREAD_FEEDS; i++) {
                    others.add(unreadFeed());
                }
                eventually("all are followed", () -> streams() == UNREAD_FEEDS);
                eventually(
                        "those that hold memory are ended for those that wait", () -> streams() < UNREAD_FEEDS / 2.0);
            } finally {
                for (Socket socket : others) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void feedThatIsNotRead_nobodyWaits_isNotDisconnected() throws Exception {
        putLargeValues();
        try (Socket slow = unreadFeed()) {
            eventually("the feed holds an update", () -> memory.heldBytes() > VALUE_BYTES);
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
            int updates = 0;
            while (updates < UPDATES) {
                updates += lines.readLine().contains("\"token\"") ? 1 : 0;
            }
            eventually("an idle follower holds nothing", () -> memory.heldBytes() == 0);
            assertThat(node.put("/kv/small", "s").statusCode()).isEqualTo(204);
            String line = lines.readLine();
            while (!line.contains("\"token\"")) {
                line = lines.readLine();
            }
            assertThat(line).contains("\"key\":\"small\"");
        }
    }

    @Test
    void updatesThatAreSmall_noMemoryIsLeft_areServedInSteps() throws Exception {
        for (int i = 0; i < 40; i++) {
            node.put("/kv/small" + i, "s".repeat(20_000));
        }
        try (var all = memory.holder(() -> {})) {
            assertThat(all.take(memory.bytesMax(), Duration.ZERO)).isTrue();
            assertThat(node.get("/feed?follow=false").body().lines().filter(line -> !line.isEmpty()))
                    .hasSize(40);
        }
    }
}
