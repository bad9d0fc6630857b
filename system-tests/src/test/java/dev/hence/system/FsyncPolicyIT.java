package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With any fsync policy, the end of a process loses nothing: the operating system still has its writes, and the
 * unchanged boot id tells the node so.
 */
class FsyncPolicyIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @ParameterizedTest
    @ValueSource(strings = {"everysec", "never"})
    void kill_underLoad_losesNoAcknowledgedWriteAndKeepsTheIncarnation(String policy) throws Exception {
        Cluster cluster = clusters.start(2, "--fsync", policy);
        NodeProcess victim = cluster.node(1);
        String replica = victim.api().replica();
        assertThat(victim.api().status().path("fsync").asText()).isEqualTo(policy);
        WriteLoad load = WriteLoad.start(cluster, 4, 1);
        try {
            for (int kill = 0; kill < 3; kill++) {
                load.awaitMoreAcknowledged(200);
                victim.kill();
                victim.start();
            }
        } finally {
            load.stop();
        }

        NodeState state = cluster.awaitConverged();
        assertThat(load.violations(state, victim.api())).isEmpty();
        assertThat(victim.api().replica()).isEqualTo(replica);
    }
}
