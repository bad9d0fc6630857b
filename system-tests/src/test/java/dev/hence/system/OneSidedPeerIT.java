package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that was added on its own side only: the older nodes report that its updates do not reach them. */
class OneSidedPeerIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void status_ofANodeThatIsFollowedAndDoesNotFollowBack_saysSoUntilThePeerIsAdded() throws Exception {
        Cluster cluster = clusters.prepare(3);
        NodeProcess older = cluster.node(1);
        NodeProcess added = cluster.node(3);
        older.reconfigure(List.of("--peers", "localhost:" + cluster.node(2).port()));
        cluster.node(2).reconfigure(List.of("--peers", "localhost:" + older.port()));
        added.reconfigure(List.of("--peers", "localhost:" + older.port()));
        for (NodeProcess node : cluster.nodes()) {
            node.launch();
        }
        for (NodeProcess node : cluster.nodes()) {
            node.awaitReady();
        }
        older.api().write("old", "1");
        added.api().write("new", "1");

        eventuallyAsserted(() -> {
            JsonNode status = older.api().status();
            assertThat(codes(status)).containsExactly("not-followed-back");
            assertThat(status.path("issues").path(0).path("detail").asText()).contains("node3");
            assertThat(member(status, "node3").path("state").asText()).startsWith("follows this node");
        });
        assertThat(older.api().isReady()).isTrue();
        // The log follows the status: the node looks at its health once a second to log what changed.
        eventuallyAsserted(() -> assertThat(Files.readString(older.log()))
                .containsOnlyOnce("A node follows this one, but this node does not follow it"));
        assertThat(older.api().read("new").status()).isEqualTo(404);
        assertThat(codes(cluster.api(2).status())).isEmpty();

        older.stop();
        older.reconfigure(List.of("--peers", "localhost:" + cluster.node(2).port() + ",localhost:" + added.port()));
        older.start();
        eventually("its updates come", () -> cluster.api(2).read("new").ok());
        assertThat(member(older.api().status(), "node3").path("state").asText()).isEqualTo("connected");
        assertThat(codes(older.api().status())).isEmpty();
    }

    private static List<String> codes(JsonNode status) {
        return status.path("issues").findValuesAsText("code");
    }

    private static JsonNode member(JsonNode status, String name) {
        for (JsonNode member : status.path("members")) {
            if (member.path("node_id").asText().equals(name)) {
                return member;
            }
        }
        throw new AssertionError(name + ": no member of " + status);
    }
}
