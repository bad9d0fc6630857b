package dev.hence.redis;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.node.config.Limits;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.session.SessionTokens;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.RequestBudget;
import dev.hence.redis.connection.Wait;
import dev.hence.redis.execution.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockingTest {

    /** Longer than it takes to take one element. */
    private static final long WAITED_MICROS = 5_000_000;

    @TempDir
    private Path data;

    private RedisNode node;
    private RedisClient client;

    @BeforeEach
    void start() throws Exception {
        node = RedisNode.start(data);
        client = node.client();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        node.close();
    }

    private void eventuallyBlocked(long clients) throws Exception {
        eventually(
                clients + " clients wait",
                () -> node.clients().all().stream().filter(Client::isBlocked).count() == clients);
    }

    @Test
    void take_somethingThere_atOnce() throws Exception {
        client.ask("PUT", "k", "v");

        assertThat(client.ask("TAKE", "k", "0")).isEqualTo("[k, v]");
    }

    @Test
    void wait_moreComesBehindItThanMayWait_isTheClientsProtocolError() throws Exception {
        VersionVector ahead = VersionVector.EMPTY.with(new Dot(new ReplicaId("node2", 2), 1));
        client.request("CAUSAL", "WAIT", new SessionTokens("hence").encode(ahead), "60000");
        eventuallyBlocked(1);
        Thread sender = Thread.ofVirtual().start(() -> {
            String much = "PING\r\n".repeat(10_000);
            try {
                while (true) {
                    client.send(much);
                }
            } catch (IOException refused) {
                // The node has closed the connection.
            }
        });

        assertThat(client.reply()).contains("Protocol error: too many bytes behind a blocking command");
        sender.join();
    }

    @Test
    void take_holdsMuchMemoryAndWaits_givesWayToOthers() throws Exception {
        try (RedisNode small = RedisNode.start(data.resolve("small"), new MemoryBudget(2 << 20));
                RedisClient waiting = small.client();
                RedisClient writing = small.client()) {
            String[] take = new String[1_000];
            Arrays.fill(take, "k".repeat(1_800));
            take[0] = "TAKE";
            take[take.length - 1] = "0";
            waiting.request(take);
            eventually("it waits", () -> small.clients().all().stream().anyMatch(Client::isBlocked));
            assertThat(small.memory.heldBytes()).isPositive();

            assertThat(writing.ask("PUT", "large", "v".repeat(1_500_000))).isEqualTo("+OK");
            assertThat(waiting.isEnded()).isTrue();
        }
    }

    @Test
    void take_nothingInTime_answersSo() throws Exception {
        assertThat(client.ask("TAKE", "k", "50")).isEqualTo("nil");
        assertThat(client.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void take_laterWriteHere_getsIt() throws Exception {
        try (RedisClient waiting = node.client()) {
            waiting.request("TAKE", "a", "b", "0");
            eventuallyBlocked(1);
            client.ask("PUT", "b", "v");

            assertThat(waiting.reply()).isEqualTo("[b, v]");
            assertThat(client.ask("FETCH", "b")).isEqualTo("nil");
        }
    }

    @Test
    void take_writeOfAnotherNode_getsIt() throws Exception {
        client.request("TAKE", "k", "0");
        eventuallyBlocked(1);
        node.receive("k", "remote");

        assertThat(client.reply()).isEqualTo("[k, remote]");
    }

    @Test
    void take_severalWaiting_servedInTheOrderTheyCame() throws Exception {
        List<RedisClient> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            RedisClient next = node.client();
            next.request("TAKE", "k", "0");
            waiting.add(next);
            eventuallyBlocked(waiting.size());
        }
        for (int i = 0; i < 10; i++) {
            client.ask("PUT", "k", "v" + i);
            assertThat(waiting.get(i).reply()).isEqualTo("[k, v" + i + "]");
        }
        for (RedisClient each : waiting) {
            each.close();
        }
    }

    @Test
    void take_manyConsumersAndProducers_everythingTakenOnce() throws Exception {
        int each = 200;
        List<RedisClient> consumers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            RedisClient consumer = node.client();
            consumer.send(RedisClient.encoded("TAKE", "a", "b", "0").repeat(each));
            consumers.add(consumer);
        }
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 2 * each; i++) {
            // One value per key at a time: the next is put when both were taken.
            client.send(RedisClient.encoded("PUT", "a", "a" + i) + RedisClient.encoded("PUT", "b", "b" + i));
            assertThat(client.replies(2)).containsOnly("+OK");
            eventually(
                    "both are taken",
                    () -> client.ask("FETCH", "a").equals("nil")
                            && client.ask("FETCH", "b").equals("nil"));
        }
        for (RedisClient consumer : consumers) {
            taken.addAll(consumer.replies(each));
            consumer.close();
        }
        assertThat(taken).hasSize(4 * each).doesNotHaveDuplicates();
    }

    @Test
    void take_repliesBeforeIt_comeAtOnceAndCommandsAfterItLater() throws Exception {
        try (RedisClient waiting = node.client()) {
            waiting.send(RedisClient.encoded("ECHO", "before")
                    + RedisClient.encoded("TAKE", "k", "0")
                    + RedisClient.encoded("ECHO", "after"));
            assertThat(waiting.reply()).isEqualTo("before");
            eventuallyBlocked(1);
            waiting.request("ECHO", "later");
            client.ask("PUT", "k", "v");

            assertThat(waiting.replies(3)).containsExactly("[k, v]", "after", "later");
            waiting.request("TAKE", "k", "0");
            eventuallyBlocked(1);
            client.ask("PUT", "k", "w");
            assertThat(waiting.reply()).isEqualTo("[k, w]");
            assertThat(waiting.ask("ECHO", "end")).isEqualTo("end");
        }
    }

    @Test
    void take_clientGone_takesNothing() throws Exception {
        try (RedisClient gone = node.client()) {
            gone.request("TAKE", "k", "0");
            eventuallyBlocked(1);
        }
        eventually("it is noticed", () -> node.clients().all().size() == 1);
        client.ask("PUT", "k", "v");

        assertThat(client.ask("FETCH", "k")).isEqualTo("v");
    }

    @Test
    void take_clientGoneBehindMegabytesPipelined_takesNothing() throws Exception {
        String mebibyte = RedisClient.encoded("ECHO", "x".repeat(1 << 20));
        RequestBudget behindWaits = node.server.shared().memory().behindWaits();
        long leftBytes = behindWaits.leftBytes();
        try (RedisClient gone = node.client()) {
            gone.request("TAKE", "k", "0");
            eventuallyBlocked(1);
            // On another thread: if the node does not read, this never ends.
            CompletableFuture.runAsync(sending(gone, mebibyte.repeat(3))).get(60, TimeUnit.SECONDS);
            eventually("memory is claimed for it", () -> behindWaits.leftBytes() < leftBytes);
        }
        eventually("it is noticed", () -> node.clients().all().size() == 1);
        client.ask("PUT", "k", "v");

        assertThat(client.ask("FETCH", "k")).isEqualTo("v");
        eventually("the memory is released", () -> behindWaits.leftBytes() == leftBytes);
    }

    @Test
    void take_megabytesPipelinedBehind_areAnsweredInOrderAfterIt() throws Exception {
        int commands = 3_000;
        StringBuilder pipelined = new StringBuilder();
        for (int i = 0; i < commands; i++) {
            pipelined.append(RedisClient.encoded("ECHO", i + "x".repeat(1_000)));
        }
        try (RedisClient waiting = node.client()) {
            waiting.request("TAKE", "k", "0");
            eventuallyBlocked(1);
            CompletableFuture.runAsync(sending(waiting, pipelined.toString())).get(60, TimeUnit.SECONDS);
            client.ask("PUT", "k", "v");

            assertThat(waiting.reply()).isEqualTo("[k, v]");
            for (int i = 0; i < commands; i++) {
                assertThat(waiting.reply()).isEqualTo(i + "x".repeat(1_000));
            }
            assertThat(waiting.ask("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void take_moreBehindItThanMayWait_endsTheConnectionAndTakesNothing() throws Exception {
        String mebibyte = RedisClient.encoded("ECHO", "x".repeat(1 << 20));
        try (RedisClient flooding = node.client()) {
            flooding.request("TAKE", "k", "0");
            eventuallyBlocked(1);
            int mebibytes = (Limits.DEFAULT.bodyBytesMax() >> 20) + 1;
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < mebibytes; i++) {
                    sending(flooding, mebibyte).run();
                }
            });
            eventually("it is disconnected", () -> node.clients().all().size() == 1);
            sent.handle((nothing, reset) -> true).get(60, TimeUnit.SECONDS);
        }
        client.ask("PUT", "k", "v");

        assertThat(client.ask("FETCH", "k")).isEqualTo("v");
    }

    private static Runnable sending(RedisClient to, String raw) {
        return () -> {
            try {
                to.send(raw);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        };
    }

    @Test
    void slowlog_blockedCommand_isKeptWithTheTimeItTookButNotThatItWaited() throws Exception {
        client.ask("CONFIG", "SET", "slowlog-log-slower-than", "0");
        try (RedisClient waiting = node.client();
                RedisClient unblocked = node.client()) {
            String id = unblocked.ask("CLIENT", "ID");
            waiting.request("TAKE", "k", "0");
            unblocked.request("TAKE", "none", "0");
            eventuallyBlocked(2);
            long sinceNanos = System.nanoTime();
            eventually("it waits for a while", () -> System.nanoTime() - sinceNanos > WAITED_MICROS * 1_000);
            client.ask("PUT", "k", "v");
            assertThat(waiting.reply()).isEqualTo("[k, v]");
            assertThat(client.ask("CLIENT", "UNBLOCK", id, "ERROR")).isEqualTo("1");
            assertThat(unblocked.reply()).startsWith("-UNBLOCKED");
        }
        for (String key : List.of("k", "none")) {
            String words = "[TAKE, " + key + ", 0]";
            eventually("it is kept", () -> client.ask("SLOWLOG", "GET", "-1").contains(words));
            Matcher entry =
                    Pattern.compile("(\\d+), " + Pattern.quote(words)).matcher(client.ask("SLOWLOG", "GET", "-1"));
            assertThat(entry.find()).isTrue();
            assertThat(Long.parseLong(entry.group(1))).as(words).isLessThan(WAITED_MICROS);
        }
    }

    @Test
    void take_wokenButItsWaitEndsBeforeTheWriterRunsIt_takesNothing() throws Exception {
        CompletableFuture<String> reply = new CompletableFuture<>();
        try (DirectClient waiting = node.direct()) {
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    reply.complete(waiting.ask("TAKE", "k", "0"));
                } catch (IOException failed) {
                    reply.completeExceptionally(failed);
                }
            });
            Client waitingClient = waiting.session().client();
            eventually("it waits", waitingClient::isBlocked);
            AtomicBoolean ended = new AtomicBoolean();
            // Called by the thread that commits; nothing else runs meanwhile.
            node.node.listen(changes -> {
                if (!ended.getAndSet(true)) {
                    while (!isWriting(thread) && !reply.isDone()) {
                        Thread.onSpinWait();
                    }
                    waitingClient.unblock(Wait.End.TIME_IS_UP);
                }
            });
            client.ask("PUT", "k", "v");

            assertThat(reply.get(60, TimeUnit.SECONDS)).isEqualTo("nil");
            assertThat(client.ask("FETCH", "k")).isEqualTo("v");
        }
    }

    private static boolean isWriting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(Session.class.getName())
                        && frame.getMethodName().equals("write"));
    }

    @Test
    void commandStats_refusedCommandAfterOneThatWaited_doesNotSubtractThatWait() throws Exception {
        assertThat(client.ask("TAKE", "k", "1000")).isEqualTo("nil");
        assertThat(client.ask("TAKE", "k", "soon")).startsWith("-ERR value is not an integer");

        assertThat(client.ask("INFO", "commandstats")).containsPattern("cmdstat_take:calls=2,usec=\\d+,");
    }

    @Test
    void unblock_byAnother_endsTheWait() throws Exception {
        try (RedisClient waiting = node.client()) {
            String id = waiting.ask("CLIENT", "ID");
            for (String how : List.of("TIMEOUT", "ERROR")) {
                waiting.request("TAKE", "k", "0");
                eventuallyBlocked(1);
                assertThat(client.ask("CLIENT", "UNBLOCK", id, how)).isEqualTo("1");
                assertThat(waiting.reply())
                        .isEqualTo(how.equals("ERROR") ? "-UNBLOCKED client unblocked via CLIENT UNBLOCK" : "nil");
                assertThat(client.ask("CLIENT", "UNBLOCK", id)).isEqualTo("0");
            }
        }
    }

    @Test
    void close_whileWaiting_endsTheConnection() throws Exception {
        client.request("TAKE", "k", "0");
        eventuallyBlocked(1);
        node.close();

        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void wrongType_ofAnUpdateFromAnotherNode_tokenCoversIt() throws Exception {
        node.receive("k", "remote");

        assertThat(client.ask("BLPOP", "k", "0")).startsWith("-WRONGTYPE");
        assertThat(new SessionTokens("hence").decodeAll(client.ask("CAUSAL", "TOKEN")))
                .isEqualTo(node.node.clock());
    }

    @Test
    void wrongType_ofARequestWithAnId_tokenCoversIt() throws Exception {
        node.receive("k", "remote");

        assertThat(client.ask("CAUSAL", "ONCE", "id", "LPUSH", "k", "x")).startsWith("-WRONGTYPE");
        assertThat(new SessionTokens("hence").decodeAll(client.ask("CAUSAL", "TOKEN")))
                .isEqualTo(node.node.clock());
    }

    @Test
    void blockingCommands_ofDifferentTypes_doNotStandInEachOthersWay() throws Exception {
        try (RedisClient ofList = node.client();
                RedisClient ofSet = node.client()) {
            ofList.request("BLPOP", "k", "0");
            eventuallyBlocked(1);
            client.ask("ZADD", "k", "1", "m");
            assertThat(ofSet.ask("BZPOPMIN", "k", "0")).isEqualTo("[k, m, 1]");

            ofSet.request("BZPOPMIN", "k", "0");
            eventuallyBlocked(2);
            client.ask("ZADD", "k", "2", "n");
            assertThat(ofSet.reply()).isEqualTo("[k, n, 2]");
            client.ask("RPUSH", "k", "x");
            assertThat(ofList.reply()).isEqualTo("[k, x]");
        }
    }

    @Test
    void blmove_elementComesButDestinationIsNoList_toldSoAndTheNextIsServed() throws Exception {
        client.ask("SET", "dst", "x");
        try (RedisClient mover = node.client();
                RedisClient popper = node.client();
                RedisClient late = node.client()) {
            mover.request("BLMOVE", "src", "dst", "LEFT", "RIGHT", "0");
            eventuallyBlocked(1);
            popper.request("BLPOP", "src", "0");
            eventuallyBlocked(2);
            client.ask("RPUSH", "src", "1", "2");

            assertThat(mover.reply()).startsWith("-WRONGTYPE");
            assertThat(popper.reply()).isEqualTo("[src, 1]");
            assertThat(late.ask("BLPOP", "src", "0")).isEqualTo("[src, 2]");
        }
    }

    @Test
    void blpop_keyOfAnotherTypeThatOthersWaitForToo_toldSoAtOnce() throws Exception {
        try (RedisClient waiting = node.client();
                RedisClient late = node.client()) {
            waiting.request("BLPOP", "k", "0");
            eventuallyBlocked(1);
            client.ask("SET", "k", "x");

            assertThat(late.ask("BLPOP", "k", "0")).startsWith("-WRONGTYPE");
            client.ask("DEL", "k");
            client.ask("RPUSH", "k", "1");
            assertThat(waiting.reply()).isEqualTo("[k, 1]");
        }
    }

    @Test
    void blpop_sameKeyTwice_servedOnceAndForgotten() throws Exception {
        try (RedisClient waiting = node.client()) {
            waiting.request("BLPOP", "k", "k", "0");
            eventuallyBlocked(1);
            client.ask("RPUSH", "k", "1", "2");

            assertThat(waiting.reply()).isEqualTo("[k, 1]");
            assertThat(waiting.ask("BLPOP", "k", "0")).isEqualTo("[k, 2]");
        }
    }
}
