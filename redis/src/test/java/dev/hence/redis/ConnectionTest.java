package dev.hence.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.VersionVector;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.redis.commands.AllCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection over a socket: requests, replies and the end of either. */
final class ConnectionTest {

    @TempDir
    private Path data;

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
    void prepare_channelOfAClient_keptAliveSoThatADeadPeerIsNoticed() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            RespServer.prepare(channel);

            assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE))
                        .isEqualTo(300);
            }
        }
    }

    @Test
    void accept_unexpectedlyFails_laterClientsAreServed() throws Exception {
        SocketChannel broken = SocketChannel.open();
        AtomicInteger accepted = new AtomicInteger();
        try (ServerSocketChannel listening =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                RedisNode node = RedisNode.start(data)) {
            RespServer.Acceptor acceptor = () -> switch (accepted.getAndIncrement()) {
                case 0 -> throw new IllegalStateException("nothing can be accepted now");
                // It is not connected, so it has no address.
                case 1 -> broken;
                default -> listening.accept();
            };
            Thread.ofPlatform().daemon().start(() -> node.server.accept(acceptor));
            try (RedisClient client = RedisClient.to(listening.socket().getLocalPort())) {
                assertThat(client.ask("PING")).isEqualTo("+PONG");
            }
            assertThat(broken.isOpen()).isFalse();
        }
    }
}
