package dev.hence.redis;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.memory.MemoryBudget;
import dev.hence.property.Property;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the event loops do by themselves, and what they leave to threads that may wait. */
final class LoopTest {

    private static final String LOOP = "hence-resp-loop-";
    private static final int LARGE_BYTES = 4 << 20;

    @TempDir
    private Path data;

    /**
     * A step of a pipeline.
     *
     * @param pause whether the client reads everything that it has not read yet before it goes on
     */
    private record Step(List<String> words, boolean pause) {
        @Override
        public String toString() {
            return String.join(" ", words).replaceAll("v{9,}", "vv..") + (pause ? " (pause)" : "");
        }
    }

    /** The loop answers as the general path does, which a client without a socket takes. */
    @Test
    void pipeline_anyCommandsInAnyParts_answeredAsWithoutALoop() throws Exception {
        try (RedisNode looped = RedisNode.start(data.resolve("looped"));
                RedisNode plain = RedisNode.start(data.resolve("plain"))) {
            new Property<>(
                            "A pipeline is answered by a loop as without one",
                            Property.steps(60, LoopTest::step),
                            trace -> {
                                try (RedisClient client = looped.client();
                                        RedisClient direct = plain.direct()) {
                                    direct.ask("FLUSHALL");
                                    client.ask("FLUSHALL");
                                    assertThat(replies(client, trace)).isEqualTo(replies(direct, trace));
                                } catch (IOException failed) {
                                    throw new UncheckedIOException(failed);
                                }
                            })
                    .holdsFor(150);
        }
    }

    private static Step step(RandomGenerator random) {
        String key = "k" + random.nextInt(3);
        String value = random.nextInt(20) == 0 ? "v".repeat(random.nextInt(100_000)) : "" + random.nextInt(10);
        List<String> words = switch (random.nextInt(18)) {
            case 0, 1, 2 -> List.of("SET", key, value);
            case 3, 4, 5 -> List.of("GET", key);
            case 6, 7 -> List.of("INCR", key);
            case 8 -> List.of("PING");
            case 9 -> List.of("LPUSH", "l" + key, value);
            case 10 -> List.of("LRANGE", "l" + key, "0", "-1");
            case 11 -> List.of("LLEN", "l" + key);
            case 12 -> List.of("MULTI");
            case 13, 14 -> List.of("EXEC");
            case 15 -> List.of("NOSUCH", key);
            case 16 -> List.of("CLIENT", "GETNAME");
            default -> List.of("WATCH", key);
        };
        return new Step(words, random.nextInt(4) == 0);
    }

    private static List<String> replies(RedisClient client, List<Step> trace) throws IOException {
        List<String> replies = new ArrayList<>();
        StringBuilder unsent = new StringBuilder();
        int open = 0;
        for (Step step : trace) {
            unsent.append(RedisClient.encoded(step.words().toArray(String[]::new)));
            open++;
            if (step.pause() || open == trace.size() - replies.size()) {
                client.send(unsent.toString());
                replies.addAll(client.replies(open));
                unsent.setLength(0);
                open = 0;
            }
        }
        return replies;
    }

    @Test
    void read_inMemory_runByTheLoop() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.ask("SET", "k", "v");

            // Not while a commit is becoming visible, such as one that the node makes by itself.
            eventually("the loop runs it", () -> client.ask("WHERE", "k").startsWith(LOOP));
        }
    }

    @Test
    void read_walks_notRunByTheLoop() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.ask("RPUSH", "l", "a");

            assertThat(client.ask("WHEREWALK", "l")).doesNotStartWith(LOOP);
            assertThat(client.ask("WHERE", "l")).as("afterwards").startsWith(LOOP);
        }
    }

    /** Replies that the loop makes by itself, from several megabytes of requests that arrive before one of them is read. */
    @Test
    void client_readsNothing_othersOfTheSameLoopAreServedAndItGetsAllInOrder() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.ask("SET", "k", "v".repeat(20_000));
            List<RedisClient> greedy = new ArrayList<>();
            List<Thread> senders = new ArrayList<>();
            // At least one for each loop.
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                RedisClient next = node.client();
                greedy.add(next);
                senders.add(Thread.ofVirtual().start(() -> sendMuch(next)));
            }
            for (int i = 0; i < 300; i++) {
                assertThat(client.ask("GET", "k")).hasSize(20_000);
            }
            for (RedisClient each : greedy) {
                for (int i = 0; i < 1_000; i++) {
                    assertThat(each.reply()).isEqualTo("" + i);
                    assertThat(each.reply()).hasSize(20_000);
                    assertThat(each.reply()).isEqualTo("e" + i);
                    assertThat(Integer.parseInt(each.reply())).isPositive();
                }
            }
            for (Thread sender : senders) {
                sender.join();
            }
            for (RedisClient each : greedy) {
                each.close();
            }
        }
    }

    private static void sendMuch(RedisClient client) {
        try {
            for (int i = 0; i < 1_000; i++) {
                client.send(RedisClient.encoded("ECHO", "" + i)
                        + RedisClient.encoded("GET", "k")
                        + RedisClient.encoded("ECHO", "e" + i)
                        + RedisClient.encoded("INCR", "n"));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The loop leaves a round with large replies to another thread; requests behind it are not mixed up with it. */
    @Test
    void pipeline_moreRequestsBehindWritesWithLargeReplies_allAreRun() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.ask("SET", "k", "v".repeat(4_000));
            String burst = RedisClient.encoded("SET", "a", "1")
                    + RedisClient.encoded("GET", "k").repeat(100)
                    + RedisClient.encoded("INCR", "n").repeat(2_000);
            for (int round = 0; round < 5; round++) {
                client.send(burst);
                assertThat(client.reply()).isEqualTo("+OK");
                for (int i = 0; i < 100; i++) {
                    assertThat(client.reply()).hasSize(4_000);
                }
                for (int i = 1; i <= 2_000; i++) {
                    assertThat(client.reply()).isEqualTo("" + (2_000 * round + i));
                }
            }
        }
    }

    @Test
    void replies_clientReadsNone_boundedMemory() throws Exception {
        int each = 1 << 20;
        try (RedisNode node = RedisNode.start(data, new MemoryBudget(8 << 20))) {
            List<RedisClient> silent = new ArrayList<>();
            try {
                for (int i = 0; i < 40; i++) {
                    RedisClient next = node.client();
                    silent.add(next);
                    Thread.ofVirtual().start(() -> {
                        try {
                            next.send(RedisClient.encoded("ECHO", "v".repeat(each))
                                    .repeat(8));
                        } catch (IOException cutOff) {
                            // Expected for most of them.
                        }
                    });
                }
                eventually("no memory is left", () -> node.memory.heldBytes() > (6 << 20));
                // Those that hold memory and do not go on are disconnected, so others have their turn.
                eventually("some are disconnected", () -> node.clients().size() < 40);
                assertThat(node.memory.heldBytes()).isLessThanOrEqualTo(8 << 20);
            } finally {
                for (RedisClient next : silent) {
                    next.close();
                }
            }
        }
    }

    @Test
    void request_largerThanWhatIsReadAtOnce_answered() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            String value = "v".repeat(LARGE_BYTES);

            assertThat(client.ask("SET", "k", value)).isEqualTo("+OK");
            assertThat(client.ask("GET", "k")).isEqualTo(value);
            assertThat(client.ask("STRLEN", "k")).isEqualTo("" + LARGE_BYTES);
        }
    }

    @Test
    void kill_clientWaitsForNothingOrForAnElement_bothAreEnded() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient killer = node.client();
                RedisClient idle = node.client();
                RedisClient blocked = node.client()) {
            String idleId = idle.ask("CLIENT", "ID");
            String blockedId = blocked.ask("CLIENT", "ID");
            blocked.request("BLPOP", "l", "0");
            eventually("it waits", () -> killer.ask("INFO", "clients").contains("blocked_clients:1"));

            killer.ask("CLIENT", "KILL", "ID", idleId);
            killer.ask("CLIENT", "KILL", "ID", blockedId);

            assertThat(idle.isEnded()).isTrue();
            assertThat(blocked.isEnded()).isTrue();
            eventually("only the killer is left", () -> node.clients().size() == 1);
        }
    }

    @Test
    void blockingCommand_followedByOthers_loopServesThemWhenNothingIsReadAhead() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client();
                RedisClient other = node.client()) {
            client.request("BLPOP", "l", "0");
            eventually("it waits", () -> other.ask("INFO", "clients").contains("blocked_clients:1"));
            other.ask("LPUSH", "l", "a");

            assertThat(client.reply()).isEqualTo("[l, a]");
            assertThat(client.ask("PING")).isEqualTo("+PONG");
            eventually("the loop has it again", () -> client.ask("WHERE", "l").startsWith(LOOP));
        }
    }
}
