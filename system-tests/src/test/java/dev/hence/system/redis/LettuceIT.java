package dev.hence.system.redis;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.property.Eventually;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lettuce against nodes: RESP3, asynchronous requests, transactions, channels, automatic reconnection. */
final class LettuceIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    private static RedisClient client(NodeProcess node) {
        return RedisClient.create(RedisURI.builder()
                .withHost("localhost")
                .withPort(node.redisPort())
                .withTimeout(Eventually.LIMIT)
                .build());
    }

    @Test
    void requests_sentWithoutWaiting_areAnsweredInOrder() throws Exception {
        Cluster cluster = clusters.start(1);
        try (RedisClient client = client(cluster.node(1));
                StatefulRedisConnection<String, String> connection = client.connect()) {
            List<RedisFuture<Long>> counts = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                counts.add(connection.async().rpush("list", "element" + i));
            }
            for (int i = 0; i < counts.size(); i++) {
                assertThat(counts.get(i).get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(i + 1);
            }
            assertThat(connection.sync().lrange("list", 0, 2)).containsExactly("element0", "element1", "element2");
        }
    }

    @Test
    void transaction_ofSeveralTypes_isOneUpdateAtEveryNode() throws Exception {
        Cluster cluster = clusters.start(2);
        try (RedisClient client = client(cluster.node(1));
                RedisClient otherClient = client(cluster.node(2));
                StatefulRedisConnection<String, String> connection = client.connect();
                StatefulRedisConnection<String, String> other = otherClient.connect()) {
            RedisCommands<String, String> commands = connection.sync();
            commands.multi();
            commands.hset("user", Map.of("name", "Ada", "born", "1815"));
            commands.zadd("ranking", 12.5, "Ada");
            commands.sadd("names", "Ada");
            TransactionResult results = commands.exec();

            assertThat(results.wasDiscarded()).isFalse();
            eventually("the last of it is at node2", () -> other.sync().sismember("names", "Ada"));
            assertThat(other.sync().hgetall("user")).isEqualTo(Map.of("name", "Ada", "born", "1815"));
            assertThat(other.sync().zscore("ranking", "Ada")).isEqualTo(12.5);
        }
    }

    @Test
    void scan_manyKeysAndFields_findsEachOnce() throws Exception {
        Cluster cluster = clusters.start(1);
        try (RedisClient client = client(cluster.node(1));
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> commands = connection.sync();
            Set<String> expected = new HashSet<>();
            for (int i = 0; i < 1_000; i++) {
                commands.set("scanned:" + i, "x");
                commands.hset("hash", "scanned:" + i, "x");
                expected.add("scanned:" + i);
            }
            List<String> keys = new ArrayList<>();
            ScanIterator.scan(commands, ScanArgs.Builder.matches("scanned:*").limit(37))
                    .forEachRemaining(keys::add);
            List<String> fields = new ArrayList<>();
            ScanIterator.hscan(commands, "hash", ScanArgs.Builder.limit(37))
                    .forEachRemaining(pair -> fields.add(pair.getKey()));

            assertThat(keys).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(fields).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void subscription_byPattern_hearsTheOtherNode() throws Exception {
        Cluster cluster = clusters.start(2);
        cluster.awaitLinked();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (RedisClient client = client(cluster.node(1));
                RedisClient otherClient = client(cluster.node(2));
                StatefulRedisPubSubConnection<String, String> subscriber = otherClient.connectPubSub();
                StatefulRedisConnection<String, String> publisher = client.connect()) {
            subscriber.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String pattern, String channel, String message) {
                    heard.add(channel + ":" + message);
                }
            });
            subscriber.sync().psubscribe("news.*");
            publisher.sync().publish("news.weather", "rain");
            publisher.sync().publish("other", "nothing");
            publisher.sync().publish("news.sports", "won");

            assertThat(heard.poll(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("news.weather:rain");
            assertThat(heard.poll(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("news.sports:won");
        }
    }

    @Test
    void connection_nodeKilledAndStarted_comesBackByItself() throws Exception {
        Cluster cluster = clusters.start(1);
        NodeProcess node = cluster.node(1);
        try (RedisClient client = client(node);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().set("key", "before");
            node.kill();
            node.start();

            eventually(
                    "the connection is back",
                    () -> "before".equals(connection.sync().get("key")));
            assertThat(connection.sync().set("key", "after")).isEqualTo("OK");
        }
    }
}
