package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code kill -9} at any moment: the node restarts without help, and no acknowledged write is lost. */
class NodeCrashIT {

    private static final int KILLS = 20;
    private static final int WRITERS = 6;
    private static final long SEED = 20_260_101;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void kill_inTheMiddleOfAWriteLoadTwentyTimes_losesNoAcknowledgedWrite() throws Exception {
        Cluster cluster = clusters.start(3);
        WriteLoad load = WriteLoad.start(cluster, WRITERS, SEED);
        List<PairReader> readers = cluster.nodes().stream()
                .map(node -> PairReader.start(node.api()))
                .toList();
        List<String> replicas = replicas(cluster);

        try {
            for (int kill = 0; kill < KILLS; kill++) {
                NodeProcess victim = cluster.node(1 + kill % 3);
                load.awaitMoreAcknowledged(60);
                victim.kill();
                load.awaitMoreAcknowledged(30);
                victim.start();
            }
            load.awaitMoreAcknowledged(60);
        } finally {
            List<Repetition> all = new ArrayList<>(load.repetitions());
            readers.forEach(reader -> all.add(reader.repetition()));
            Repetition.stopAll(all);
        }

        NodeState state = cluster.awaitConverged();
        assertThat(load.violations(state, cluster.api(1))).isEmpty();
        assertThat(load.unknown()).as("kills that hit a write under way").isPositive();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.pairsSeen()).isPositive());
        assertThat(replicas(cluster))
                .as("every write was forced to the disk, so every node keeps its incarnation")
                .isEqualTo(replicas);
    }

    @Test
    void kill_allNodesAtOnce_losesNoAcknowledgedWrite() throws Exception {
        Cluster cluster = clusters.start(3);
        WriteLoad load = WriteLoad.start(cluster, WRITERS, SEED);
        try {
            load.awaitMoreAcknowledged(300);
            for (NodeProcess node : cluster.nodes()) {
                node.running().destroyForcibly();
            }
        } finally {
            load.stop();
        }
        for (NodeProcess node : cluster.nodes()) {
            node.awaitExit();
            node.launch();
        }
        for (NodeProcess node : cluster.nodes()) {
            node.awaitReady();
        }

        NodeState state = cluster.awaitConverged();
        assertThat(load.violations(state, cluster.api(1))).isEmpty();
    }

    private static List<String> replicas(Cluster cluster) throws Exception {
        List<String> replicas = new ArrayList<>();
        for (NodeProcess node : cluster.nodes()) {
            replicas.add(node.api().replica());
        }
        return replicas;
    }
}
