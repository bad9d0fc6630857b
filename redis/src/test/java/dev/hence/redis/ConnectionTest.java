package dev.hence.redis;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.VersionVector;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.session.SessionTokens;
import dev.hence.redis.commands.AllCommands;
import dev.hence.redis.connection.RespTiming;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectionTest {

    @TempDir
    private Path data;

    @Test
    void pipeline_readsAndWritesMixed_answeredInOrderAndEachSeesThoseBefore() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            StringBuilder pipeline = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int i = 1; i <= 3_000; i++) {
                pipeline.append(RedisClient.encoded("ADD", "n", "1")).append(RedisClient.encoded("FETCH", "n"));
                expected.addAll(List.of("" + i, "" + i));
                if (i % 7 == 0) {
                    pipeline.append(RedisClient.encoded("WALK", "n"));
                    expected.add("" + i);
                }
                if (i % 11 == 0) {
                    pipeline.append("PING\r\nNOSUCH x\r\n").append(RedisClient.encoded("CLIENT", "GETNAME"));
                    expected.addAll(
                            List.of("+PONG", "-ERR unknown command 'NOSUCH', with args beginning with: 'x' ", "nil"));
                }
            }
            client.send(pipeline.toString());

            assertThat(client.replies(expected.size())).isEqualTo(expected);
        }
    }

    @Test
    void pipeline_ofWrites_sharesFewCommits() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            long before = node.commits();
            client.send(RedisClient.encoded("PUT", "k", "v").repeat(100));

            assertThat(client.replies(100)).containsOnly("+OK");
            assertThat(node.updates()).hasSize(100);
            // One per part in which the bytes arrived; all parts together are 4 kB.
            assertThat(node.commits() - before).isBetween(1L, 10L);
        }
    }

    @Test
    void pipeline_ofWritesWithLargeReplies_isAnsweredPartByPart() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            String large = "x".repeat(1_000_000);
            StringBuilder pipeline = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                assertThat(client.ask("PUT", "k" + i, large + i)).isEqualTo("+OK");
                pipeline.append(RedisClient.encoded("ADD", "n", "1"))
                        .append(RedisClient.encoded("GETDEL", "k" + i))
                        .append(RedisClient.encoded("FETCH", "k" + i))
                        .append("NOSUCH\r\n");
                expected.addAll(
                        List.of("" + i, large + i, "nil", "-ERR unknown command 'NOSUCH', with args beginning with: "));
            }
            long before = node.commits();
            client.send(pipeline.toString());

            assertThat(client.replies(expected.size())).isEqualTo(expected);
            assertThat(node.commits() - before).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void pipeline_ofLargeReadsBehindAWrite_isAnsweredInOrder() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            String large = "x".repeat(1_000_000);
            client.ask("PUT", "k", large);
            client.send(RedisClient.encoded("ADD", "n", "1")
                    + (RedisClient.encoded("FETCH", "k") + RedisClient.encoded("ADD", "n", "1")).repeat(12));

            List<String> expected = new ArrayList<>(List.of("1"));
            for (int i = 2; i <= 13; i++) {
                expected.addAll(List.of(large, "" + i));
            }
            assertThat(client.replies(expected.size())).isEqualTo(expected);
        }
    }

    @Test
    void pipeline_ofLargeRepliesBehindAWrite_isNotGatheredWhole() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            long before = node.commits();
            String echo = RedisClient.encoded("ECHO", "x".repeat(1_000_000));
            client.send(RedisClient.encoded("ADD", "n", "1") + echo.repeat(6) + RedisClient.encoded("ADD", "n", "1"));

            assertThat(client.replies(8)).startsWith("1").endsWith("2");
            assertThat(node.commits() - before).isEqualTo(2);
        }
    }

    @Test
    void pipeline_readOfManyWordsBehindAWrite_isNotRunByTheWriter() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            String write = RedisClient.encoded("PUT", "k", "v");
            client.send(write
                    + RedisClient.encoded("WHERE", "k")
                    + write
                    + RedisClient.encoded(("WHERE" + " k".repeat(16)).split(" ")));

            List<String> replies = client.replies(4);
            assertThat(replies.get(1)).isEqualTo("hence-writer");
            assertThat(replies.get(3)).isNotEqualTo("hence-writer");
        }
    }

    @Test
    void clientNames_long_areRefused() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            String name = "x".repeat(1_025);

            assertThat(client.ask("CLIENT", "SETNAME", name))
                    .isEqualTo("-ERR name: 1025 bytes (expected: at most 1024)");
            assertThat(client.ask("HELLO", "2", "SETNAME", name))
                    .isEqualTo("-ERR name: 1025 bytes (expected: at most 1024)");
            assertThat(client.ask("CLIENT", "SETINFO", "LIB-NAME", name))
                    .isEqualTo("-ERR lib-name: 1025 bytes (expected: at most 1024)");
            assertThat(client.ask("CLIENT", "SETNAME", name.substring(1))).isEqualTo("+OK");
        }
    }

    @Test
    void request_cutIntoSingleBytes_answered() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            for (char each : RedisClient.encoded("PUT", "k", "v\r\n").toCharArray()) {
                client.send(String.valueOf(each));
            }

            assertThat(client.reply()).isEqualTo("+OK");
            assertThat(client.ask("FETCH", "k")).isEqualTo("v\r\n");
        }
    }

    @Test
    void replies_largeOnes_complete() throws Exception {
        String large = "x".repeat(5_000_000);
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            assertThat(client.ask("PUT", "k", large)).isEqualTo("+OK");
            client.send(RedisClient.encoded("FETCH", "k").repeat(4));

            assertThat(client.replies(4)).allMatch(large::equals);
        }
    }

    @Test
    void request_malformed_earlierOnesAnsweredThenErrorThenEnd() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.send(RedisClient.encoded("PUT", "k", "v") + "*1\r\n!bad\r\n" + RedisClient.encoded("PING"));

            assertThat(client.replies(2)).containsExactly("+OK", "-ERR Protocol error: expected '$', got '!'");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void quit_somethingMalformedBehindIt_isNotAnswered() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.send(RedisClient.encoded("QUIT") + "*1\r\n!bad\r\n");

            assertThat(client.reply()).isEqualTo("+OK");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void quit_commandsBehindIt_areNotRun() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client();
                RedisClient other = node.client()) {
            client.send(RedisClient.encoded("PUT", "a", "1")
                    + RedisClient.encoded("QUIT")
                    + RedisClient.encoded("PUT", "b", "2"));

            assertThat(client.replies(2)).containsExactly("+OK", "+OK");
            assertThat(client.isEnded()).isTrue();
            assertThat(other.ask("MGET", "a", "b")).isEqualTo("[1, nil]");
        }
    }

    @Test
    void request_keyOrValueTooLong_refusedAndConnectionGoesOn() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            assertThat(client.ask("FETCH", "k".repeat(65_536)))
                    .isEqualTo("-ERR key: 65536 bytes (expected: at most 65535)");
            assertThat(client.ask("PUT", "k", "v".repeat(9 << 20)))
                    .isEqualTo("-ERR argument: 9437184 bytes (expected: at most 8388608)");
            assertThat(client.ask("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void clients_oneTooMany_toldAndEnded() throws Exception {
        try (RedisNode node = RedisNode.start(data, RedisNode.redis(null, 2), RedisNode.PATIENT);
                RedisClient first = node.client()) {
            try (RedisClient second = node.client()) {
                assertThat(List.of(first.ask("PING"), second.ask("PING"))).containsOnly("+PONG");
                try (RedisClient third = node.client()) {
                    assertThat(third.reply()).isEqualTo("-ERR max number of clients reached");
                    assertThat(third.isEnded()).isTrue();
                }
            }
            eventually("there is room again", () -> node.clients().all().size() == 1);
            try (RedisClient fourth = node.client()) {
                assertThat(fourth.ask("PING")).isEqualTo("+PONG");
            }
        }
    }

    @Test
    void password_required_onlyThenCommands() throws Exception {
        try (RedisNode node = RedisNode.start(data, RedisNode.redis("secret", 10), RedisNode.PATIENT);
                RedisClient client = node.client()) {
            assertThat(client.ask("PING")).isEqualTo("-NOAUTH Authentication required.");
            assertThat(client.ask("HELLO", "3")).startsWith("-NOAUTH HELLO must be called");
            assertThat(client.ask("AUTH", "wrong")).startsWith("-WRONGPASS ");
            assertThat(client.ask("AUTH", "other", "secret")).startsWith("-WRONGPASS ");
            assertThat(client.ask("AUTH", "secret")).isEqualTo("+OK");
            assertThat(client.ask("PING")).isEqualTo("+PONG");
            assertThat(client.ask("RESET")).isEqualTo("+RESET");
            assertThat(client.ask("PING")).startsWith("-NOAUTH");
            assertThat(client.ask("HELLO", "3", "AUTH", "default", "secret", "SETNAME", "me"))
                    .startsWith("map[server, hence");
            assertThat(client.ask("CLIENT", "GETNAME")).isEqualTo("me");
        }
    }

    @Test
    void halfRequest_tooSlow_ended() throws Exception {
        RespTiming impatient = new RespTiming(
                Duration.ZERO,
                Duration.ofMillis(200),
                Duration.ofSeconds(60),
                Duration.ofMillis(20),
                Duration.ofSeconds(20));
        try (RedisNode node = RedisNode.start(data, RedisConfig.on(RedisConfig.ANY), impatient);
                RedisClient slow = node.client();
                RedisClient idle = node.client()) {
            slow.send("*2\r\n$4\r\nPI");

            assertThat(slow.isEnded()).isTrue();
            assertThat(idle.ask("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void idleClient_wherePatienceIsBounded_ended() throws Exception {
        RespTiming impatient = new RespTiming(
                Duration.ofMillis(200),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofMillis(20),
                Duration.ofSeconds(20));
        try (RedisNode node = RedisNode.start(data, RedisConfig.on(RedisConfig.ANY), impatient);
                RedisClient client = node.client()) {
            assertThat(client.ask("PING")).isEqualTo("+PONG");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void clientThatReadsNothing_ended() throws Exception {
        RespTiming impatient = new RespTiming(
                Duration.ZERO,
                Duration.ofSeconds(60),
                Duration.ofMillis(300),
                Duration.ofMillis(20),
                Duration.ofSeconds(20));
        try (RedisNode node = RedisNode.start(data, RedisConfig.on(RedisConfig.ANY), impatient);
                RedisClient client = node.client();
                RedisClient other = node.client()) {
            assertThat(client.ask("PUT", "k", "x".repeat(8 << 20))).isEqualTo("+OK");
            client.send(RedisClient.encoded("FETCH", "k").repeat(20));

            eventually("it is disconnected", () -> node.clients().all().size() == 1);
            assertThat(other.ask("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void push_whileACommandRuns_comesAfterItsReply() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            assertThat(client.ask("HELLO", "3")).startsWith("map[");
            client.send(RedisClient.encoded("TELL", "a") + RedisClient.encoded("PING"));

            assertThat(client.replies(3)).containsExactly("told", "+PONG", "push[message, a]");
        }
    }

    @Test
    void subscribed_inVersion2_takesOnlyWhatGoesWithIt() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("TELL", "a");
            assertThat(client.replies(2)).containsExactly("told", "[message, a]");
            assertThat(client.ask("FETCH", "k"))
                    .isEqualTo(
                            "-ERR Can't execute 'fetch': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
                                    + " are allowed in this context");
            assertThat(client.ask("PING", "hi")).isEqualTo("[pong, hi]");
        }
    }

    @Test
    void clientReply_offAndSkip_silent() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("CLIENT", "REPLY", "OFF");
            client.request("PING");
            assertThat(client.ask("CLIENT", "REPLY", "ON")).isEqualTo("+OK");
            client.request("CLIENT", "REPLY", "SKIP");
            client.request("PING");
            assertThat(client.ask("ECHO", "heard")).isEqualTo("heard");
        }
    }

    @Test
    void close_whileWritesRun_theyAreAnsweredFirst() throws Exception {
        RedisNode node = RedisNode.start(data);
        List<RedisClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(node.client());
        }
        long answered = 0;
        for (RedisClient client : clients) {
            client.send(RedisClient.encoded("PUT", "k", "v").repeat(500));
            assertThat(client.reply()).isEqualTo("+OK");
            answered++;
        }
        node.close();

        for (RedisClient client : clients) {
            answered += IntStream.range(0, 499).takeWhile(any -> isOk(client)).count();
            client.close();
        }
        try (RedisNode again = RedisNode.start(data)) {
            assertThat(VersionVector.EMPTY.missingCount(again.node.clock()))
                    .as("writes")
                    .isEqualTo(answered);
        }
    }

    private static boolean isOk(RedisClient client) {
        try {
            return client.reply().equals("+OK");
        } catch (IOException ended) {
            return false;
        }
    }

    @Test
    void start_portTaken_saysWhatToDo() throws Exception {
        try (RedisNode node = RedisNode.start(data.resolve("first"))) {
            NodeConfig second =
                    RedisNode.config("node2", data.resolve("second")).with(RedisConfig.on(node.server.port()));
            try (RespServer server = new RespServer(second, node.node, AllCommands.table(), MemoryBudget.ofHeap())) {
                assertThatThrownBy(server::start)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("redis-port: 127.0.0.1:" + node.server.port() + ": ")
                        .hasMessageContaining("choose a port with --redis-port");
            }
        }
    }

    @Test
    void clientKill_other_ended() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient victim = node.client();
                RedisClient client = node.client()) {
            String id = victim.ask("CLIENT", "ID");

            assertThat(client.ask("CLIENT", "LIST").lines()).hasSize(2).anyMatch(line -> line.startsWith("id=" + id));
            assertThat(client.ask("CLIENT", "KILL", "ID", id)).isEqualTo("1");
            assertThat(victim.isEnded()).isTrue();
            assertThat(client.ask("CLIENT", "KILL", "ID", id)).isEqualTo("0");
        }
    }

    @Test
    void endOfRequests_pipelineBeforeIt_answered() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.send(RedisClient.encoded("PUT", "k", "v").repeat(10));
            client.endOfRequests();

            assertThat(client.replies(10)).isEqualTo(Collections.nCopies(10, "+OK"));
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void clients_turnedAway_doNotCountAnotherOut() throws Exception {
        try (RedisNode node = RedisNode.start(data, RedisNode.redis(null, 1), RedisNode.PATIENT);
                RedisClient only = node.client()) {
            assertThat(only.ask("PING")).isEqualTo("+PONG");
            for (int i = 0; i < 3; i++) {
                try (RedisClient next = node.client()) {
                    assertThat(next.reply()).isEqualTo("-ERR max number of clients reached");
                }
            }

            assertThat(node.clients().all()).hasSize(1);
        }
    }

    @Test
    void token_afterAMessage_coversIt() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient listener = node.client();
                RedisClient other = node.client()) {
            listener.ask("HELLO", "3");
            listener.ask("SUBSCRIBE", "c");
            other.ask("PUT", "k", "v");
            other.ask("PUBLISH", "c", "m");

            assertThat(listener.reply()).isEqualTo("push[message, c, m]");
            String token = listener.ask("CAUSAL", "TOKEN");
            assertThat(new SessionTokens("hence").decodeAll(token)).isEqualTo(node.node.clock());
        }
    }

    @Test
    void webRequest_withCommandsAsItsBody_noneIsRunAndNothingAnswered() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client();
                RedisClient posting = node.client();
                RedisClient asking = node.client()) {
            client.ask("PUT", "k", "v");
            posting.send("POST / HTTP/1.1\r\nHost: localhost\r\n\r\nFLUSHALL\r\n");
            asking.send("OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\nFLUSHALL\r\n");

            assertThat(posting.isEnded()).isTrue();
            assertThat(asking.reply()).startsWith("-ERR ");
            assertThat(asking.isEnded()).isTrue();
            assertThat(client.ask("FETCH", "k")).isEqualTo("v");
        }
    }

    @Test
    void prepare_socketOfAClient_keptAliveSoThatADeadPeerIsNoticed() throws Exception {
        try (Socket socket = new Socket()) {
            RespServer.prepare(socket);

            assertThat(socket.getKeepAlive()).isTrue();
            if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(300);
            }
        }
    }

    @Test
    void clientReply_skipWhileOff_staysOff() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("CLIENT", "REPLY", "OFF");
            client.request("CLIENT", "REPLY", "SKIP");
            client.request("ECHO", "skipped");
            client.request("ECHO", "unheard");

            assertThat(client.ask("CLIENT", "REPLY", "ON")).isEqualTo("+OK");
        }
    }

    @Test
    void reset_whileRepliesAreOff_isAnswered() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("CLIENT", "REPLY", "OFF");

            assertThat(client.ask("RESET")).isEqualTo("+RESET");
        }
    }

    @Test
    void clientReply_offOrSkip_subscriptionsConfirmedNevertheless() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            client.request("CLIENT", "REPLY", "OFF");
            client.request("SUBSCRIBE", "a", "b");
            assertThat(client.replies(2)).containsExactly("[subscribe, a, 1]", "[subscribe, b, 2]");
            client.request("UNSUBSCRIBE");
            assertThat(client.replies(2)).containsExactly("[unsubscribe, a, 1]", "[unsubscribe, b, 0]");
            assertThat(client.ask("CLIENT", "REPLY", "ON")).isEqualTo("+OK");
            client.request("CLIENT", "REPLY", "SKIP");
            assertThat(client.ask("SUBSCRIBE", "c")).isEqualTo("[subscribe, c, 1]");
        }
    }

    @Test
    void reset_messageOnItsWay_comesBeforeTheReplyAndInTheOldVersion() throws Exception {
        try (RedisNode node = RedisNode.start(data);
                RedisClient client = node.client()) {
            assertThat(client.ask("HELLO", "3")).startsWith("map[");
            client.send(RedisClient.encoded("TELL", "a") + RedisClient.encoded("RESET"));

            assertThat(client.replies(3)).containsExactly("told", "push[message, a]", "+RESET");
        }
    }

    @Test
    void accept_unexpectedlyFails_laterClientsAreServed() throws Exception {
        Socket broken = new Socket() {
            @Override
            public void setTcpNoDelay(boolean on) {
                throw new IllegalStateException("this client's socket is broken");
            }
        };
        AtomicInteger accepted = new AtomicInteger();
        try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress()) {
                    @Override
                    public Socket accept() throws IOException {
                        return switch (accepted.getAndIncrement()) {
                            case 0 -> throw new IllegalStateException("nothing can be accepted now");
                            case 1 -> broken;
                            default -> super.accept();
                        };
                    }
                };
                RedisNode node = RedisNode.start(data)) {
            Thread.ofPlatform().daemon().start(() -> node.server.accept(listening));
            try (RedisClient client = RedisClient.to(listening.getLocalPort())) {
                assertThat(client.ask("PING")).isEqualTo("+PONG");
            }
            assertThat(broken.isClosed()).isTrue();
        }
    }
}
