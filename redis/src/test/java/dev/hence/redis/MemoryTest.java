package dev.hence.redis;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The use of shared memory by the clients of one node. */
final class MemoryTest {

    private static final int ALL = 1 << 20;

    @TempDir
    private Path data;

    private final MemoryBudget memory = new MemoryBudget(ALL);
    private RedisNode node;
    private RedisClient client;

    @BeforeEach
    void start() throws Exception {
        node = RedisNode.start(data, memory);
        client = node.client();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        node.close();
    }

    private static String text(int bytes) {
        return "x".repeat(bytes);
    }

    @Test
    void transactions_moreThanThereIsMemoryFor_areRefusedAndAbortedAndTheOthersRun() throws Exception {
        List<RedisClient> clients = new ArrayList<>();
        List<RedisClient> queued = new ArrayList<>();
        try {
            for (int number = 0; number < 10; number++) {
                RedisClient each = node.client();
                clients.add(each);
                assertThat(each.ask("MULTI")).isEqualTo("+OK");
                String first = each.ask("PUT", "k" + number, text(150_000));
                String second = each.ask("PUT", "l" + number, text(150_000));
                if (first.equals("+QUEUED") && second.equals("+QUEUED")) {
                    queued.add(each);
                } else {
                    assertThat(List.of(first, second))
                            .anyMatch(reply -> reply.startsWith("-OOM transaction: ")
                                    && reply.contains("expected: ")
                                    && reply.contains(" at most " + ALL + " bytes"));
                    assertThat(each.ask("EXEC"))
                            .isEqualTo("-EXECABORT Transaction discarded because of previous errors.");
                }
            }
            assertThat(queued).hasSizeBetween(2, 4);
            assertThat(memory.heldBytes()).isBetween(400_000L, (long) ALL);
            for (RedisClient each : queued) {
                assertThat(each.ask("EXEC")).isEqualTo("[+OK, +OK]");
            }
            eventually("all is given back", () -> memory.heldBytes() == 0);
        } finally {
            for (RedisClient each : clients) {
                each.close();
            }
        }
    }

    @Test
    void transaction_discardedOrItsClientGone_givesItsMemoryBack() throws Exception {
        client.ask("MULTI");
        client.ask("PUT", "k", text(200_000));
        assertThat(memory.heldBytes()).isPositive();
        assertThat(client.ask("DISCARD")).isEqualTo("+OK");
        eventually("all is given back", () -> memory.heldBytes() == 0);

        client.ask("MULTI");
        client.ask("PUT", "k", text(200_000));
        assertThat(memory.heldBytes()).isPositive();
        client.close();
        eventually("all is given back", () -> memory.heldBytes() == 0);
    }

    @Test
    void transaction_clientDoesNotGoOnWhileOthersWait_isDisconnected() throws Exception {
        client.ask("MULTI");
        client.ask("PUT", "k", text(200_000));
        try (MemoryHolder other = memory.holder(() -> {})) {
            assertThat(other.take(ALL, Duration.ofMinutes(5))).isTrue();
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void watchedKeys_moreThanThereIsMemoryFor_areRefused() throws Exception {
        try (MemoryHolder other = memory.holder(() -> {})) {
            assertThat(other.tryTake(ALL)).isTrue();
            String[] words = new String[3];
            words[0] = "WATCH";
            words[1] = text(60_000);
            words[2] = "y" + text(60_000);
            assertThat(client.ask(words)).startsWith("-OOM transaction: ");
        }
        assertThat(client.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void reply_neverFitsBesideItsRequest_isRefusedWithBothSizesAndTheLimit() throws Exception {
        assertThat(client.ask("SET", "k", text(700_000))).isEqualTo("+OK");
        assertThat(client.ask("SET", "k", text(900_000), "GET"))
                .matches("-OOM reply: 7\\d{5} bytes, beside a request of \\d{6,7} \\(expected: at most " + ALL
                        + " together, .*\\)");
        assertThat(client.ask("FETCH", "k")).as("nothing happened").isEqualTo(text(700_000));
    }

    @Test
    void sessionEnd_cleanupThrows_memoryAndSubscriptionAreGivenBack() throws Exception {
        try (RedisClient leaving = node.client()) {
            leaving.ask("SPOIL");
            leaving.ask("MULTI");
            leaving.ask("PUT", "k", text(200_000));
            assertThat(memory.heldBytes()).isPositive();
        }
        eventually("the memory is given back", () -> memory.heldBytes() == 0);

        try (RedisClient leaving = node.client()) {
            leaving.ask("SPOIL");
            leaving.ask("SUBSCRIBE", "c");
            assertThat(client.ask("PUBSUB", "CHANNELS")).isEqualTo("[c]");
        }
        eventually("nobody listens", () -> client.ask("PUBSUB", "CHANNELS").equals("[]"));
    }

    @Test
    void messages_subscribersLeaveTooManyUnreadTogether_furthestBehindIsDisconnected() throws Exception {
        try (RedisClient slow = node.client();
                RedisClient reading = node.client()) {
            slow.ask("SUBSCRIBE", "slow");
            reading.ask("SUBSCRIBE", "read");
            // Less than one client may leave unread while there is memory.
            String reached = "1";
            for (int number = 0; number < 60 && reached.equals("1"); number++) {
                reached = client.ask("PUBLISH", "slow", text(400_000));
                assertThat(client.ask("PUBLISH", "read", text(200_000))).isEqualTo("1");
                assertThat(reading.reply()).hasSize(200_000 + "[message, read, ]".length());
            }
            eventually(
                    "it is disconnected",
                    () -> client.ask("PUBSUB", "NUMSUB", "slow").equals("[slow, 0]"));
            assertThat(client.ask("PUBSUB", "NUMSUB", "read")).isEqualTo("[read, 1]");
        }
    }

    @Test
    void message_severalSubscribers_takesItsMemoryOnce() throws Exception {
        List<RedisClient> subscribers = new ArrayList<>();
        try {
            for (int number = 0; number < 5; number++) {
                RedisClient subscriber = node.client();
                subscribers.add(subscriber);
                subscriber.ask("SUBSCRIBE", "c");
            }
            assertThat(client.ask("PUBLISH", "c", text(400_000))).isEqualTo("5");
            for (RedisClient subscriber : subscribers) {
                assertThat(subscriber.reply()).hasSize(400_000 + "[message, c, ]".length());
            }
        } finally {
            for (RedisClient subscriber : subscribers) {
                subscriber.close();
            }
        }
    }

    @Test
    void request_noMemoryForIt_thoseBeforeItAreAnsweredMeanwhile() throws Exception {
        String pipeline = RedisClient.encoded("PUT", "a", "1") + RedisClient.encoded("PUT", "k", text(500_000));
        CompletableFuture<Void> sent;
        try (MemoryHolder other = memory.holder(() -> {})) {
            assertThat(other.tryTake(ALL)).isTrue();
            // On another thread, because the node does not read all of it yet.
            sent = CompletableFuture.runAsync(() -> {
                try {
                    client.send(pipeline);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
            eventually("it waits", () -> memory.waiting() == 1);
            assertThat(client.reply()).isEqualTo("+OK");
        }
        sent.join();
        assertThat(client.reply()).isEqualTo("+OK");
        assertThat(client.ask("STRLEN", "k")).isEqualTo("500000");
    }

    @Test
    void exists_keysWithMoreValuesThanThereIsMemoryFor_areCounted() throws Exception {
        for (String key : List.of("a", "b", "c", "d")) {
            client.ask("PUT", key, text(400_000));
        }
        assertThat(client.ask("EXISTS", "a", "b", "c", "d")).isEqualTo("4");
        assertThat(client.ask("TOUCH", "a", "b", "c", "d")).isEqualTo("4");
        assertThat(client.ask("MGET", "a", "b", "c", "d")).startsWith("-OOM reply: ");
        eventually("all is given back", () -> memory.heldBytes() == 0);
    }

    @Test
    void watch_keyThatIsWatchedAlready_takesNoMoreMemory() throws Exception {
        client.send(RedisClient.encoded("WATCH", "k", "k", "k").repeat(1_000));

        assertThat(client.replies(1_000)).containsOnly("+OK");
        assertThat(memory.heldBytes()).isZero();
    }

    @Test
    void read_noMemoryForALargeRow_waitsAndIsAnsweredWhenThereIs() throws Exception {
        client.ask("PUT", "k", text(500_000));
        try (MemoryHolder other = memory.holder(() -> {})) {
            assertThat(other.tryTake(ALL)).isTrue();
            client.request("FETCH", "k");
            eventually("it waits", () -> memory.waiting() == 1);
            assertThat(memory.heldBytes()).isEqualTo(ALL);
        }
        assertThat(client.reply()).isEqualTo(text(500_000));
        eventually("all is given back", () -> memory.heldBytes() == 0);
    }
}
