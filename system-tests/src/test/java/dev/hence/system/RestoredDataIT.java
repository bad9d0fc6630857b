package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.DiskSnapshot;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Older data of a node: a node restored from it must not reuse the dots of its later updates. */
class RestoredDataIT {

    private static final int WRITES = 50;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void start_fromACopyOfItsData_takesANewIncarnation() throws Exception {
        Cluster cluster = clusters.start(2);
        NodeProcess node = cluster.node(1);
        String before = node.api().replica();
        write(node, "early");
        cluster.awaitConverged();
        Path backup = clusters.directory().resolve("backup");
        assertThat(node.stop()).isZero();
        DiskSnapshot.copy(node.data(), backup);
        node.start();
        write(node, "late");
        cluster.awaitConverged();

        node.kill();
        node.wipe();
        DiskSnapshot.copy(backup, node.data());
        node.start();
        write(node, "restored");

        requireAll(cluster.awaitConverged());
        assertThat(node.api().replica()).startsWith("node1~").isNotEqualTo(before);
    }

    @Test
    void start_rolledBackInPlace_peersNoticeAndItTakesANewIncarnation() throws Exception {
        Cluster cluster = clusters.start(2);
        NodeProcess node = cluster.node(1);
        String before = node.api().replica();
        write(node, "early");
        cluster.awaitConverged();
        assertThat(node.stop()).isZero();
        DiskSnapshot snapshot = DiskSnapshot.of(node, clusters.directory().resolve("snapshot"));
        node.start();
        write(node, "late");
        cluster.awaitConverged();

        node.kill();
        snapshot.restore(node);
        node.start();
        eventually(
                "a peer has told it what it has forgotten",
                () -> !node.api().replica().equals(before));
        write(node, "restored");

        requireAll(cluster.awaitConverged());
    }

    private static void write(NodeProcess node, String what) throws IOException, InterruptedException {
        for (int i = 0; i < WRITES; i++) {
            node.api().write(what + "/" + i, "value " + i);
        }
    }

    private static void requireAll(NodeState state) {
        for (int i = 0; i < WRITES; i++) {
            assertThat(state.entries()).containsKeys("early/" + i, "late/" + i, "restored/" + i);
        }
    }
}
