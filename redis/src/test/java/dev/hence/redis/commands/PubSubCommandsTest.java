package dev.hence.redis.commands;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.redis.RedisClient;
import dev.hence.redis.RedisNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PubSubCommandsTest {

    @TempDir
    private Path directory;

    private RedisNode here;
    private RedisNode there;
    private RedisClient subscriber;
    private RedisClient client;
    private RedisClient other;

    @BeforeEach
    void start() throws IOException {
        here = RedisNode.start("node1", directory.resolve("1"));
        there = RedisNode.start("node2", directory.resolve("2"));
        subscriber = here.client();
        client = here.client();
        other = there.client();
    }

    @AfterEach
    void stop() throws IOException {
        subscriber.close();
        client.close();
        other.close();
        here.close();
        there.close();
    }

    @Test
    void publish_toSubscribers_isCountedAndArrives() throws Exception {
        assertThat(subscriber.value("SUBSCRIBE", "a", "b")).isEqualTo(List.of("subscribe", "a", 1L));
        assertThat(subscriber.value()).isEqualTo(List.of("subscribe", "b", 2L));

        assertThat(client.value("PUBLISH", "a", "hello")).isEqualTo(1L);
        assertThat(client.value("PUBLISH", "c", "nobody")).isEqualTo(0L);

        assertThat(subscriber.value()).isEqualTo(List.of("message", "a", "hello"));
    }

    @Test
    void publish_toPattern_arrivesWithIt() throws Exception {
        subscriber.value("PSUBSCRIBE", "news.[st]*");

        assertThat(client.value("PUBLISH", "news.sport", "goal")).isEqualTo(1L);
        assertThat(client.value("PUBLISH", "news.weather", "rain")).isEqualTo(0L);

        assertThat(subscriber.value()).isEqualTo(List.of("pmessage", "news.[st]*", "news.sport", "goal"));
    }

    @Test
    void message_fromAnotherNode_comesAfterTheDataBeforeIt() throws Exception {
        subscriber.value("SUBSCRIBE", "a");
        other.value("SET", "k", "before");
        assertThat(other.value("PUBLISH", "a", "look"))
                .as("subscribers of another node are not counted")
                .isEqualTo(0L);
        there.node().clock();

        here.followLast(there);
        assertThat(client.value("GET", "k")).isNull();
        here.follow(there);

        assertThat(subscriber.value()).isEqualTo(List.of("message", "a", "look"));
        assertThat(client.value("GET", "k")).isEqualTo("before");
    }

    @Test
    void publish_inTransaction_isPartOfItsUpdate() throws Exception {
        subscriber.value("SUBSCRIBE", "a");
        client.value("MULTI");
        assertThat(client.value("PUBLISH", "a", "1")).isEqualTo("QUEUED");
        client.value("SET", "k", "v");
        client.value("PUBLISH", "a", "2");

        assertThat(client.value("EXEC")).isEqualTo(Arrays.asList(1L, "OK", 1L));
        assertThat(here.node().clock().get(here.node().self())).isEqualTo(1);
        assertThat(subscriber.value()).isEqualTo(List.of("message", "a", "1"));
        assertThat(subscriber.value()).isEqualTo(List.of("message", "a", "2"));
    }

    @Test
    void publish_inTransactionThatIsNotRun_reachesNobody() throws Exception {
        subscriber.value("SUBSCRIBE", "a");
        client.value("WATCH", "k");
        client.value("MULTI");
        client.value("PUBLISH", "a", "1");
        other.value("SET", "k", "v");
        here.follow(there);

        assertThat(client.value("EXEC")).isNull();
        client.value("PUBLISH", "a", "2");

        assertThat(subscriber.value()).isEqualTo(List.of("message", "a", "2"));
    }

    @Test
    void unsubscribe_fromAll_confirmsEachAndLetsCommandsPass() throws Exception {
        subscriber.value("SUBSCRIBE", "a", "b");
        subscriber.value();
        assertThat(((RedisClient.Failed) subscriber.value("GET", "k")).text()).contains("only (P|S)SUBSCRIBE");

        assertThat(subscriber.value("UNSUBSCRIBE")).isEqualTo(List.of("unsubscribe", "a", 1L));
        assertThat(subscriber.value()).isEqualTo(List.of("unsubscribe", "b", 0L));
        assertThat(subscriber.value("UNSUBSCRIBE")).isEqualTo(Arrays.asList("unsubscribe", null, 0L));
        assertThat(subscriber.value("GET", "k")).isNull();
        assertThat(client.value("PUBLISH", "a", "nobody")).isEqualTo(0L);
    }

    @Test
    void unsubscribe_underMessages_isTheLastThatComes() throws Exception {
        subscriber.value("SUBSCRIBE", "a");
        for (int i = 0; i < 100; i++) {
            client.value("PUBLISH", "a", Integer.toString(i));
        }

        subscriber.request("UNSUBSCRIBE", "a");
        for (int i = 0; i < 100; i++) {
            assertThat(subscriber.value()).isEqualTo(List.of("message", "a", Integer.toString(i)));
        }
        assertThat(subscriber.value()).isEqualTo(List.of("unsubscribe", "a", 0L));
        assertThat(subscriber.value("PING")).isEqualTo("PONG");
    }

    @Test
    void subscribe_withinMulti_isQueuedAndHappensWithExec() throws Exception {
        subscriber.value("MULTI");
        assertThat(subscriber.value("SUBSCRIBE", "a")).isEqualTo("QUEUED");
        assertThat(subscriber.value("PUBLISH", "a", "too early")).isEqualTo("QUEUED");
        assertThat(client.value("PUBLISH", "a", "too early")).isEqualTo(0L);
        assertThat(subscriber.value("EXEC")).isEqualTo(List.of(List.of("subscribe", "a", 1L), 0L));

        assertThat(client.value("PUBLISH", "a", "now")).isEqualTo(1L);
        assertThat(subscriber.value()).isEqualTo(List.of("message", "a", "now"));
    }

    @Test
    void subscribe_inVersion3_stillTakesCommands() throws Exception {
        subscriber.value("HELLO", "3");
        assertThat(subscriber.value("SUBSCRIBE", "a")).isEqualTo(List.of("subscribe", "a", 1L));

        assertThat(subscriber.value("SET", "k", "v")).isEqualTo("OK");
        client.value("PUBLISH", "a", "hello");
        assertThat(subscriber.value()).isEqualTo(List.of("message", "a", "hello"));
    }

    @Test
    void disconnect_ofSubscriber_endsItsSubscriptions() throws Exception {
        subscriber.value("SUBSCRIBE", "a");
        subscriber.value("PSUBSCRIBE", "*");
        assertThat(client.value("PUBSUB", "NUMPAT")).isEqualTo(1L);

        subscriber.close();

        eventually(
                "the subscriptions end",
                () -> client.value("PUBLISH", "a", "anybody").equals(0L));
        assertThat(client.value("PUBSUB", "NUMPAT")).isEqualTo(0L);
    }

    @Test
    void reset_ofSubscriber_endsItsSubscriptions() throws Exception {
        subscriber.value("SUBSCRIBE", "a");

        assertThat(subscriber.value("RESET")).isEqualTo("RESET");

        assertThat(client.value("PUBLISH", "a", "anybody")).isEqualTo(0L);
        assertThat(subscriber.value("PING")).isEqualTo("PONG");
    }

    @Test
    void pubsub_ofThisNode_tellsWhoListens() throws Exception {
        subscriber.value("SUBSCRIBE", "a", "b");
        subscriber.value();
        try (RedisClient second = here.client()) {
            second.value("SUBSCRIBE", "b");

            assertThat(client.value("PUBSUB", "CHANNELS")).isEqualTo(List.of("a", "b"));
            assertThat(client.value("PUBSUB", "CHANNELS", "b*")).isEqualTo(List.of("b"));
            assertThat(client.value("PUBSUB", "NUMSUB", "a", "b", "c")).isEqualTo(List.of("a", 1L, "b", 2L, "c", 0L));
        }
        assertThat(client.refusal("PUBSUB", "SHARDCHANNELS")).contains("no hash slots");
    }

    @Test
    void publish_toAChannelOfTheNode_isRefused() throws Exception {
        assertThat(client.refusal("PUBLISH", "\0hence:once", "forged")).startsWith("ERR channel");
    }

    @Test
    void subscribe_toNamesThatTakeMuchMemoryOrTime_isRefused() throws Exception {
        assertThat(subscriber.refusal("SUBSCRIBE", "short", "c".repeat(65_536)))
                .isEqualTo("ERR channel: 65536 bytes (expected: at most 65535)");
        assertThat(subscriber.refusal("PSUBSCRIBE", "*a".repeat(128) + "b"))
                .isEqualTo("ERR pattern: 257 bytes (expected: at most 256)");
        String[] words = new String[18];
        Arrays.setAll(words, i -> i == 0 ? "SUBSCRIBE" : "c".repeat(65_000) + i);
        assertThat(subscriber.refusal(words)).startsWith("ERR subscriptions: too many");

        assertThat(client.value("PUBSUB", "CHANNELS")).isEqualTo(List.of());
        assertThat(subscriber.value("PSUBSCRIBE", "*a".repeat(128)))
                .isEqualTo(List.of("psubscribe", "*a".repeat(128), 1L));
    }

    @Test
    void subscribe_toTooMany_isRefusedWhole() throws Exception {
        String[] words = new String[8_194];
        Arrays.setAll(words, i -> i == 0 ? "SUBSCRIBE" : "c" + i);

        assertThat(subscriber.refusal(words)).startsWith("ERR subscriptions: too many");
        assertThat(client.value("PUBSUB", "CHANNELS")).isEqualTo(List.of());
    }
}
