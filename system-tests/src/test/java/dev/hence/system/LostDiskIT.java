package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import dev.hence.system.cluster.WriteOutcome;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that returns without its disk writes under a new incarnation, and no writes are lost. */
class LostDiskIT {

    private static final int WRITES_EACH = 300;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void write_beforeAWipedNodeHasHeardOfAnybody_losesNobodysWrites() throws Exception {
        Cluster cluster = clusters.start(3);
        Map<String, String> written = writeAtAll(cluster);
        cluster.api(2).write("shared", "old");
        cluster.awaitConverged();
        NodeProcess lost = cluster.node(1);
        String before = lost.api().replica();
        String oldSession = lost.api().write("last", "before the loss").session();
        written.put("last", "before the loss");
        cluster.awaitConverged();

        lost.kill();
        lost.wipe();
        // The others keep their connections open and answer nothing, so the node cannot catch up.
        cluster.node(2).freeze();
        cluster.node(3).freeze();
        lost.start();
        lost.api().write("shared", "new");
        for (int i = 0; i < WRITES_EACH; i++) {
            // The dots of these would be used twice if the node had not taken a new incarnation.
            lost.api().write("after/" + i, "value " + i);
            written.put("after/" + i, "value " + i);
        }
        assertThat(lost.api().clock()).isEqualTo(Map.of("node1", WRITES_EACH + 1L));
        cluster.node(2).thaw();
        cluster.node(3).thaw();

        NodeState state = cluster.awaitConverged();
        written.forEach((key, value) -> assertThat(state.value(key)).as(key).contains(value));
        assertThat(NodeState.values(lost.api(), "shared")).containsExactlyInAnyOrder("old", "new");
        String after = lost.api().replica();
        assertThat(after).startsWith("node1~").isNotEqualTo(before);
        assertThat(state.clock())
                .containsEntry(shortened(before), WRITES_EACH + 1L)
                .containsEntry(shortened(after), WRITES_EACH + 1L);
        HttpAnswer continued = lost.api().read("last", "Hence-Session", oldSession);
        assertThat(continued.text())
                .as("the session of the lost incarnation goes on")
                .isEqualTo("before the loss");
    }

    @Test
    void write_whileAWipedNodeCatchesUp_losesNobodysWrites() throws Exception {
        Cluster cluster = clusters.start(3);
        Map<String, String> written = writeAtAll(cluster);
        cluster.awaitConverged();
        NodeProcess lost = cluster.node(1);

        lost.kill();
        lost.wipe();
        lost.launch();
        eventually(
                "the first write is taken",
                () -> lost.api().tryWrite("first", "1") instanceof WriteOutcome.Acknowledged);
        written.put("first", "1");
        for (int i = 0; i < WRITES_EACH; i++) {
            // The lost incarnation wrote these as well; the new one may have received them already.
            written.put("node1/" + i, "again " + i);
            lost.api().write("node1/" + i, "again " + i);
        }

        NodeState state = cluster.awaitConverged();
        written.forEach((key, value) -> assertThat(state.value(key)).as(key).contains(value));
    }

    private static Map<String, String> writeAtAll(Cluster cluster) throws IOException, InterruptedException {
        Map<String, String> written = new TreeMap<>();
        for (NodeProcess node : cluster.nodes()) {
            for (int i = 0; i < WRITES_EACH; i++) {
                String key = node.name() + "/" + i;
                node.api().write(key, "value " + i);
                written.put(key, "value " + i);
            }
        }
        return written;
    }

    /** A replica in the form that clocks use if its node has several. */
    private static String shortened(String replica) {
        return replica.substring(0, replica.indexOf('~') + 9);
    }
}
