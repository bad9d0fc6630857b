package dev.hence.redis;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.config.RedisConfig;
import dev.hence.redis.connection.RespTiming;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits of a connection: sizes, numbers of clients, times and the password. */
final class ConnectionLimitsTest {

    @TempDir
    private Path data;

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
}
