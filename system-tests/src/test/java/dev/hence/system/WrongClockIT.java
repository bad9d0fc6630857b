package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.property.Eventually;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.CommandRun;
import dev.hence.system.cluster.NodeApi;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import dev.hence.system.cluster.NodeState.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/**
 * Three processes, one with a wall clock that is ahead. Node3 is the wrong one; it writes while it is alone, before the
 * others have reported that its clock is wrong.
 */
@Execution(ExecutionMode.CONCURRENT)
final class WrongClockIT {

    private static final int WRONG = 3;
    private static final List<Integer> HEALTHY = List.of(1, 2);
    private static final Duration SEVENTY_YEARS = Duration.ofDays(70 * 365);

    /** How often the wrong node must have checked for expired keys before a key counts as kept. */
    private static final int LOOKS = 5;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void keyOfADay_peerTwoDaysAhead_staysAtTheHealthyNodes() throws Exception {
        Cluster cluster = startWithAWrongUpdate(Duration.ofDays(2));
        assertHeldAtTheHealthyNodes(cluster, Duration.ofDays(2));
        assertKeyStays(cluster, Duration.ofDays(1));
    }

    @Test
    void keyOfFiftyMinutes_peerOneHourAhead_staysAtTheHealthyNodes() throws Exception {
        Cluster cluster = startWithAWrongUpdate(Duration.ofHours(1));
        assertHeldAtTheHealthyNodes(cluster, Duration.ofHours(1));
        assertKeyStays(cluster, Duration.ofMinutes(50));

        NodeProcess mended = restartedWithTheRightClock(cluster);
        eventually("node3 shows it again", () -> "v".equals(textAt(mended.api(), "k")));
    }

    @Test
    void peerSeventyYearsAhead_dragsNobodyAlongAndIsTakenBackOnceItsDataIsWiped() throws Exception {
        Cluster cluster = startWithAWrongUpdate(SEVENTY_YEARS);
        assertHeldAtTheHealthyNodes(cluster, SEVENTY_YEARS);
        assertWritesOfThePresent(cluster, "before");

        NodeProcess mended = restartedWithTheRightClock(cluster);
        eventuallyAsserted(() -> {
            assertThat(codes(mended.api())).contains("clock-ahead");
            assertThat(mended.api().send("PUT", "/kv/y", new byte[] {'1'}).code())
                    .isEqualTo("clock-ahead");
        });
        assertHeldAtTheHealthyNodes(cluster, SEVENTY_YEARS);
        assertWritesOfThePresent(cluster, "mended");

        mended.stop();
        mended.wipe();
        mended.start();
        mended.api().write("early", "again");
        NodeState state = cluster.awaitConverged();
        assertThat(state.value("early")).contains("again");
        for (int node : HEALTHY) {
            eventually(
                    "nothing is held at node" + node,
                    () -> codes(cluster.api(node)).isEmpty());
        }
        assertWritesOfThePresent(cluster, "wiped");
    }

    private Cluster startWithAWrongUpdate(Duration ahead) throws Exception {
        Cluster cluster = clusters.prepare(WRONG);
        NodeProcess wrong = cluster.node(WRONG);
        wrong.reconfigureClock(ahead);
        wrong.start();
        wrong.api().write("early", "from the future");
        for (int node : HEALTHY) {
            cluster.node(node).launch();
        }
        for (int node : HEALTHY) {
            cluster.node(node).awaitReady();
        }
        return cluster;
    }

    private static NodeProcess restartedWithTheRightClock(Cluster cluster) throws Exception {
        NodeProcess node = cluster.node(WRONG);
        node.stop();
        node.reconfigureClock(Duration.ZERO);
        node.launch();
        node.awaitLive();
        return node;
    }

    /** Status, metrics, log and {@code hence status} of the healthy nodes report it, and these nodes are ready. */
    private void assertHeldAtTheHealthyNodes(Cluster cluster, Duration ahead) throws Exception {
        for (int number : HEALTHY) {
            NodeApi api = cluster.api(number);
            eventuallyAsserted(() -> {
                JsonNode held = api.status().path("held");
                assertThat(held.findValuesAsText("node_id")).containsOnly("node3");
                assertThat(held.path(0).path("ahead_millis").asLong())
                        .isBetween(ahead.minusMinutes(30).toMillis(), ahead.toMillis());
                assertThat(codes(api)).contains("updates-held").doesNotContain("clock-disagrees");
                assertThat(metric(api, "hence_streams_held")).isEqualTo(1);
                assertThat(metric(api, "hence_health_issues{code=\"updates-held\"}"))
                        .isEqualTo(1);
            });
            assertThat(api.isReady()).isTrue();
            assertThat(api.read("early").status()).isEqualTo(404);
            assertThat(Files.readString(cluster.node(number).log())).contains("Updates of node3 from node3 are held: ");
        }
        CommandRun status = CommandRun.of(
                clusters.directory(),
                "status",
                cluster.api(1).base().toString(),
                cluster.api(2).base().toString());
        assertThat(status.output())
                .contains("node1: Updates that are too far ahead of this node's wall clock are held: update node3")
                .contains("node2: Updates that are too far ahead of this node's wall clock are held: update node3");
    }

    /** A key whose lifetime is over by the wrong clock. */
    private void assertKeyStays(Cluster cluster, Duration lifetime) throws Exception {
        NodeApi wrong = cluster.api(WRONG);
        eventuallyAsserted(() -> {
            assertThat(wrong.status().path("clock").path("verdict").asText()).isEqualTo("disagrees");
            assertThat(codes(wrong)).contains("clock-ahead", "clock-disagrees");
        });
        try (Jedis redis = new Jedis("localhost", cluster.node(1).redisPort(), (int) Eventually.LIMIT.toMillis())) {
            redis.set("k", "v", new SetParams().ex(lifetime.toSeconds()));
        }
        eventually("node2 has the key", () -> "v".equals(textAt(cluster.api(2), "k")));
        eventually("node3 has applied it", () -> wrong.clock().getOrDefault("node1", 0L) == 1L);
        assertThat(wrong.read("k").status())
                .as("the key where it looks expired")
                .isEqualTo(404);

        double looked = metric(wrong, "hence_expiry_looks_total");
        eventuallyAsserted(() -> {
            assertThat(metric(wrong, "hence_expiry_looks_total")).isGreaterThan(looked + LOOKS);
        });
        assertThat(metric(wrong, "hence_keys_expired_total")).isZero();
        for (int node : HEALTHY) {
            assertThat(textAt(cluster.api(node), "k")).as("at node%d", node).isEqualTo("v");
            assertThat(metric(cluster.api(node), "hence_clock_skew_seconds"))
                    .isGreaterThan((double) lifetime.toSeconds());
        }
        CommandRun status =
                CommandRun.of(clusters.directory(), "status", wrong.base().toString());
        assertThat(status.output()).contains("The wall clock of the node disagrees with most members");
    }

    /** Writes of healthy nodes are visible at both, and have current timestamps. */
    private static void assertWritesOfThePresent(Cluster cluster, String value) throws Exception {
        cluster.api(1).write("first", value);
        eventually("node2 has it", () -> value.equals(textAt(cluster.api(2), "first")));
        cluster.api(2).write("second", value);
        eventually("node1 has it", () -> value.equals(textAt(cluster.api(1), "second")));
        for (int node : HEALTHY) {
            for (String key : List.of("first", "second")) {
                Candidate written = NodeState.candidates(cluster.api(node), key).getFirst();
                assertThat(written.timestampMillis())
                        .isLessThan(System.currentTimeMillis()
                                + Duration.ofMinutes(5).toMillis());
            }
            assertThat(cluster.api(node).isReady()).isTrue();
            assertThat(cluster.api(node)
                            .status()
                            .path("clock")
                            .path("hybrid_ahead_millis")
                            .asLong())
                    .isLessThan(Duration.ofMinutes(5).toMillis());
        }
    }

    private static String textAt(NodeApi api, String key) throws IOException, InterruptedException {
        return api.read(key).text();
    }

    private static List<String> codes(NodeApi api) throws IOException, InterruptedException {
        return api.status().path("issues").findValuesAsText("code");
    }

    private static double metric(NodeApi api, String series) throws IOException, InterruptedException {
        return api.get("/metrics")
                .orFail()
                .text()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(series + ": not among the metrics"));
    }
}
