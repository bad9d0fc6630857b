package dev.hence.system;

import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.CommandRun;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.NodeApi;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.SlowLink;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that starts without its data is not ready before it has what its peers had. */
class CatchUpIT {

    private static final int WRITES = 2_000;
    private static final String VALUE = "v".repeat(1_000);
    private static final int BYTES_PER_SECOND = 50_000;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void ready_ofAWipedNode_comesWhenItHasAllThatItsPeerHad() throws Exception {
        Cluster cluster = clusters.start(3, "--fsync", "never");
        for (int i = 0; i < WRITES; i++) {
            cluster.api(1).write("key/" + i, VALUE);
        }
        cluster.awaitConverged();
        NodeProcess wiped = cluster.node(3);
        wiped.kill();
        wiped.wipe();
        try (SlowLink link = new SlowLink(cluster.node(1), BYTES_PER_SECOND)) {
            wiped.reconfigure(List.of("--peers", "node1=" + link.address(), "--fsync", "never"));
            wiped.launch();
            NodeApi api = wiped.api();
            eventuallyAsserted(() -> {
                JsonNode progress = api.status().path("catching_up");
                assertThat(progress.path("percent").asInt()).isBetween(1, 99);
                assertThat(progress.path("updates_total").asLong()).isEqualTo(WRITES);
                assertThat(progress.path("seconds_left").isNumber()).isTrue();
            });

            HttpAnswer unready = api.get("/health/ready");
            assertThat(unready.status()).isEqualTo(503);
            assertThat(unready.code()).isEqualTo("not-ready");
            assertThat(unready.json().path("detail").asText())
                    .startsWith("The node is catching up with its peers: ")
                    .contains(" of 2,000 updates), about ");
            assertThat(api.get("/metrics").text()).contains("hence_health_issues{code=\"catching-up\"} 1");
            CommandRun shown =
                    CommandRun.of(clusters.directory(), "status", api.base().toString());
            assertThat(shown.output()).contains("node3 is not ready: The node is catching up with its peers: ");
            // It still answers.
            api.write("meanwhile", "1");
            assertThat(api.read("meanwhile").text()).isEqualTo("1");
            assertThat(api.isReady()).isFalse();

            link.makeFast();
            wiped.awaitReady();
            assertThat(api.scan("key/")).hasSize(WRITES);
            assertThat(api.status().path("catching_up").isNull()).isTrue();
        }
    }
}
