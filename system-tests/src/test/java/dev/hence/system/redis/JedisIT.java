package dev.hence.system.redis;

import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.property.Eventually;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.resps.Tuple;
import redis.clients.jedis.util.SafeEncoder;

/** Jedis against nodes: every type, pipelines, transactions, channels, sessions that move, both versions of the protocol. */
final class JedisIT {

    private static final ProtocolCommand CAUSAL = () -> SafeEncoder.encode("CAUSAL");

    private static final int TIMEOUT_MILLIS = (int) Eventually.LIMIT.toMillis();

    /** The maximum time that a node waits for a session. */
    private static final int WAIT_MILLIS = 60_000;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    private static Jedis connect(NodeProcess node) {
        return new Jedis("localhost", node.redisPort(), TIMEOUT_MILLIS);
    }

    private static Jedis connectResp3(NodeProcess node) {
        return new Jedis(
                new HostAndPort("localhost", node.redisPort()),
                DefaultJedisClientConfig.builder()
                        .timeoutMillis(TIMEOUT_MILLIS)
                        .resp3()
                        .build());
    }

    /** Makes one session continue from the state of the other. */
    private static void follow(Jedis from, Jedis to) {
        String token = SafeEncoder.encode((byte[]) from.sendCommand(CAUSAL, "TOKEN"));
        to.sendCommand(CAUSAL, "WAIT", token, String.valueOf(WAIT_MILLIS));
    }

    @Test
    void everyType_writtenAtOneNode_isThereForTheSessionAtAnother() throws Exception {
        Cluster cluster = clusters.start(3);
        try (Jedis here = connectResp3(cluster.node(1));
                Jedis there = connect(cluster.node(2));
                Jedis rich = connectResp3(cluster.node(3))) {
            here.set("string", "value");
            here.incrBy("counter", 41);
            here.hset("hash", Map.of("a", "1", "b", "2"));
            here.sadd("set", "x", "y");
            here.zadd("zset", Map.of("low", 1.5, "high", 2.5));
            here.rpush("list", "1", "2", "3");
            here.expire("hash", 1_000);

            for (Jedis other : List.of(there, rich)) {
                follow(here, other);
                assertThat(other.get("string")).isEqualTo("value");
                assertThat(other.get("counter")).isEqualTo("41");
                assertThat(other.hgetAll("hash")).isEqualTo(Map.of("a", "1", "b", "2"));
                assertThat(other.ttl("hash")).isBetween(900L, 1_000L);
                assertThat(other.smembers("set")).containsExactlyInAnyOrder("x", "y");
                assertThat(other.zrangeWithScores("zset", 0, -1))
                        .containsExactly(new Tuple("low", 1.5), new Tuple("high", 2.5));
                assertThat(other.lrange("list", 0, -1)).containsExactly("1", "2", "3");
                assertThat(other.type("zset")).isEqualTo("zset");
            }
            assertThat(there.incr("counter")).isEqualTo(42);
        }
    }

    @Test
    void pipeline_manyCommands_areAnsweredInOrder() throws Exception {
        Cluster cluster = clusters.start(1);
        try (Jedis jedis = connect(cluster.node(1))) {
            Pipeline pipeline = jedis.pipelined();
            List<Response<Long>> counts = new ArrayList<>();
            List<Response<String>> values = new ArrayList<>();
            for (int i = 1; i <= 2_000; i++) {
                counts.add(pipeline.incr("count"));
                pipeline.set("key" + i, "value" + i);
                values.add(pipeline.get("key" + i));
            }
            pipeline.sync();

            for (int i = 1; i <= 2_000; i++) {
                assertThat(counts.get(i - 1).get()).isEqualTo(i);
                assertThat(values.get(i - 1).get()).isEqualTo("value" + i);
            }
        }
    }

    @Test
    void transaction_watchedKeyChanged_isNotRun() throws Exception {
        Cluster cluster = clusters.start(1);
        try (Jedis one = connectResp3(cluster.node(1));
                Jedis other = connect(cluster.node(1))) {
            one.hset("account", "balance", "10");
            one.watch("account");
            other.hset("account", "balance", "20");
            Transaction lost = one.multi();
            lost.hset("account", "balance", "11");
            assertThat(lost.exec()).isNull();

            one.watch("account");
            Transaction won = one.multi();
            won.hincrBy("account", "balance", 5);
            won.lpush("log", "deposit");
            assertThat(won.exec()).containsExactly(25L, 1L);
            assertThat(other.hget("account", "balance")).isEqualTo("25");
        }
    }

    @Test
    void message_atAnotherNode_comesAfterWhatWasWrittenBeforeIt() throws Exception {
        Cluster cluster = clusters.start(2);
        cluster.awaitLinked();
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        CountDownLatch subscribed = new CountDownLatch(1);
        JedisPubSub listener = new JedisPubSub() {
            @Override
            public void onSubscribe(String channel, int subscribedChannels) {
                subscribed.countDown();
            }

            @Override
            public void onMessage(String channel, String message) {
                try (Jedis reader = connect(cluster.node(2))) {
                    seen.add(message + "=" + reader.get(message));
                }
            }
        };
        try (Jedis subscriber = connect(cluster.node(2));
                Jedis publisher = connect(cluster.node(1))) {
            Thread listening = Thread.ofVirtual().start(() -> subscriber.subscribe(listener, "changed"));
            assertThat(subscribed.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            for (int i = 0; i < 50; i++) {
                publisher.set("key" + i, "value" + i);
                publisher.publish("changed", "key" + i);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(seen.poll(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo("key" + i + "=value" + i);
            }
            listener.unsubscribe();
            listening.join();
        }
    }

    @Test
    void connection_nodeKilledAndStarted_newOneHasEveryAcknowledgedWrite() throws Exception {
        Cluster cluster = clusters.start(1);
        NodeProcess node = cluster.node(1);
        int acknowledged = 0;
        try (Jedis jedis = connect(node)) {
            for (; acknowledged < 500; acknowledged++) {
                jedis.rpush("list", "element" + acknowledged);
            }
            node.kill();
            assertThat(fails(jedis)).isTrue();
        }
        node.start();
        try (Jedis jedis = connect(node)) {
            assertThat(jedis.llen("list")).isEqualTo(acknowledged);
            assertThat(jedis.lindex("list", -1)).isEqualTo("element499");
        }
    }

    private static boolean fails(Jedis jedis) {
        try {
            jedis.ping();
            return false;
        } catch (JedisConnectionException expected) {
            return true;
        }
    }

    @Test
    void counter_incrementedEverywhereAtOnce_losesNothing() throws Exception {
        Cluster cluster = clusters.start(3);
        List<Thread> threads = new ArrayList<>();
        for (NodeProcess node : cluster.nodes()) {
            threads.add(Thread.ofVirtual().start(() -> {
                try (Jedis jedis = connect(node)) {
                    for (int i = 0; i < 500; i++) {
                        jedis.incr("string");
                        jedis.hincrBy("hash", "field", 2);
                        jedis.zincrby("zset", 0.1, "member");
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (NodeProcess node : cluster.nodes()) {
            try (Jedis jedis = connect(node)) {
                eventuallyAsserted(() -> {
                    assertThat(jedis.get("string")).isEqualTo("1500");
                    assertThat(jedis.hget("hash", "field")).isEqualTo("3000");
                    assertThat(jedis.zscore("zset", "member")).isEqualTo(150.0);
                });
            }
        }
    }
}
