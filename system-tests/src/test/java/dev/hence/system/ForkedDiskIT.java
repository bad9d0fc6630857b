package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.property.Eventually;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.CommandRun;
import dev.hence.system.cluster.DiskSnapshot;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.NodeApi;
import dev.hence.system.cluster.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** A disk that is set back in place and written to before its node hears a peer: the same dots for other updates. */
class ForkedDiskIT {

    private static final int FORGOTTEN = 2_000;
    private static final Pattern SHOWN = Pattern.compile("hence_health_issues\\{code=\"peer-forked\"[^}]*} 1");

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @ParameterizedTest
    @ValueSource(ints = {300, 2_500})
    void write_afterTheDiskWasSetBack_forkIsShownAndRescuedWithoutLoss(int writes) throws Exception {
        Cluster cluster = clusters.start(3);
        NodeProcess node = cluster.node(1);
        setBack(cluster, node);
        for (int number : List.of(2, 3)) {
            assertThat(cluster.node(number).stop()).isZero();
        }
        node.start();
        write(node, "fork", writes);
        count(node, 30);
        cluster.node(2).start();
        cluster.node(3).start();

        awaitForkShown(cluster);
        requireApart(cluster, writes);
        assertThat(node.stop()).isZero();
        node.launch();
        node.awaitLive();
        assertThat(refusedWrite(node).code()).isEqualTo("forked");
        assertThat(node.stop()).isZero();

        CommandRun rescue =
                CommandRun.of(clusters.directory(), "rescue", node.data().toString());
        assertThat(rescue.status()).as(rescue.toString()).isZero();
        killWhileItWaits(cluster, node);
        killWhileItMakesAgain(cluster, node);
        node.start();
        awaitEqual(cluster);
        requireEverything(cluster, writes);
        assertThat(node.data().resolve("forked")).isDirectory();
        assertThat(node.data().resolve("RESCUE")).doesNotExist();
        eventually(
                "nobody shows a fork any more",
                () -> issues(cluster, 2).isEmpty()
                        && issues(cluster, 3).isEmpty()
                        && issues(cluster, 1).isEmpty());
    }

    /** One of its peers is down, so it can get no further. */
    private static void killWhileItWaits(Cluster cluster, NodeProcess node) throws Exception {
        assertThat(cluster.node(3).stop()).isZero();
        node.launch();
        node.awaitLive();
        eventually("it waits for node3", () -> rescuing(cluster).contains("is not followed"));
        node.kill();
        cluster.node(3).start();
    }

    /** Whether it is killed early, late or just after completion must make no difference. */
    private static void killWhileItMakesAgain(Cluster cluster, NodeProcess node) throws Exception {
        node.launch();
        node.awaitLive();
        eventually(
                "it has begun to make updates again, or is done",
                () -> !rescuing(cluster).contains("waits until"));
        node.kill();
    }

    private static String rescuing(Cluster cluster) throws IOException, InterruptedException {
        JsonNode issues = cluster.api(1).status().path("issues");
        return StreamSupport.stream(issues.spliterator(), false)
                .filter(issue -> issue.path("code").asText().equals("rescuing"))
                .map(issue -> issue.path("detail").asText())
                .findFirst()
                .orElse("");
    }

    /** Its last writes are at its peers and not on its disk. */
    private void setBack(Cluster cluster, NodeProcess node) throws Exception {
        write(node, "early", 50);
        count(node, 50);
        awaitEqual(cluster);
        assertThat(node.stop()).isZero();
        DiskSnapshot snapshot = DiskSnapshot.of(node, clusters.directory().resolve("snapshot"));
        node.start();
        write(node, "late", FORGOTTEN);
        count(node, 20);
        awaitEqual(cluster);
        assertThat(node.stop()).isZero();
        snapshot.restore(node);
    }

    private static void awaitForkShown(Cluster cluster) throws Exception {
        eventually(
                "the node that was set back says that it has forked",
                () -> issues(cluster, 1).contains("forked") && !cluster.api(1).isReady());
        for (int number : List.of(2, 3)) {
            eventually(
                    "node" + number + " says that node1 has forked",
                    () -> issues(cluster, number).contains("peer-forked")
                            && cluster.api(number).isReady()
                            && SHOWN.matcher(cluster.api(number).get("/metrics").text())
                                    .find());
        }
    }

    private static List<String> issues(Cluster cluster, int number) throws IOException, InterruptedException {
        JsonNode issues = cluster.api(number).status().path("issues");
        return StreamSupport.stream(issues.spliterator(), false)
                .map(issue -> issue.path("code").asText())
                .toList();
    }

    /** The writes of the forked node are nowhere else, and neither is anything that depends on them. */
    private static void requireApart(Cluster cluster, int writes) throws Exception {
        HttpAnswer refused = refusedWrite(cluster.node(1));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("forked");
        for (int number : List.of(2, 3)) {
            assertThat(cluster.api(number).write("goes/on/" + number, "x").ok()).isTrue();
            assertThat(cluster.api(number).read("fork/" + (writes - 1)).status())
                    .isEqualTo(404);
            assertThat(cluster.api(number).read("late/" + (FORGOTTEN - 1)).ok()).isTrue();
        }
        assertThat(cluster.api(1).read("fork/0").ok()).isTrue();
    }

    private static HttpAnswer refusedWrite(NodeProcess node) throws IOException, InterruptedException {
        return node.api().send("PUT", NodeApi.keyPath("after"), "x".getBytes(StandardCharsets.UTF_8));
    }

    private static void requireEverything(Cluster cluster, int writes) throws Exception {
        for (NodeProcess each : cluster.nodes()) {
            assertThat(each.api().scan("early/")).hasSize(50);
            assertThat(each.api().scan("late/")).hasSize(FORGOTTEN);
            assertThat(each.api().scan("fork/")).hasSize(writes);
            try (Jedis client = new Jedis("localhost", each.redisPort())) {
                assertThat(client.get("count")).isEqualTo("100");
                assertThat(client.lrange("list", 0, -1)).hasSize(100).doesNotHaveDuplicates();
            }
        }
    }

    /** Each write is an update of its own. */
    private static void write(NodeProcess node, String what, int writes) {
        try (Jedis client = new Jedis("localhost", node.redisPort(), (int) Eventually.LIMIT.toMillis());
                Pipeline pipeline = client.pipelined()) {
            for (int i = 0; i < writes; i++) {
                pipeline.set(what + "/" + i, "value " + i);
            }
            assertThat(pipeline.syncAndReturnAll()).hasSize(writes).containsOnly("OK");
        }
    }

    private static void awaitEqual(Cluster cluster) throws Exception {
        eventually(
                "all nodes have the same updates",
                () -> cluster.api(1).clock().equals(cluster.api(2).clock())
                        && cluster.api(1).clock().equals(cluster.api(3).clock()));
    }

    private static void count(NodeProcess node, int times) {
        try (Jedis client = new Jedis("localhost", node.redisPort())) {
            for (int i = 0; i < times; i++) {
                client.incr("count");
                client.rpush("list", "item " + i + " of " + times);
            }
        }
    }
}
