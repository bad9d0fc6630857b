package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that accept connections and never send anything: the others are not affected. */
class SilentPeerIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void peer_acceptsAndNeverAnswers_theOthersAreNotDisturbed() throws Exception {
        Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
            Thread.ofVirtual().start(() -> acceptAll(silent, accepted));
            String peer = "silent=localhost:" + silent.getLocalPort();
            Cluster cluster = clusters.startChanged(3, prepared -> prepared.addPeer(peer));
            eventually("every node has connected to the silent peer", () -> accepted.size() >= 3);

            WriteLoad load = WriteLoad.start(cluster, 3, 1);
            load.awaitMoreAcknowledged(300);
            load.stop();

            NodeState state = cluster.awaitConverged();
            assertThat(load.violations(state, cluster.api(1))).isEmpty();
            assertThat(load.unknown()).isZero();
            for (NodeProcess node : cluster.nodes()) {
                assertThat(node.stop()).as("exit status").isZero();
            }
        } finally {
            for (Socket socket : accepted) {
                socket.close();
            }
        }
    }

    @Test
    void peer_freezesAndGoesOn_theOthersGoOnMeanwhileAndItCatchesUp() throws Exception {
        Cluster cluster = clusters.start(3);
        cluster.awaitLinked();
        NodeProcess frozen = cluster.node(3);

        frozen.freeze();
        for (int i = 0; i < 200; i++) {
            cluster.api(1 + i % 2).write("k" + i, "value " + i);
        }
        eventually(
                "the other two have each other's updates",
                () -> cluster.api(1).read("k199").ok()
                        && cluster.api(2).read("k198").ok());
        frozen.thaw();

        NodeState state = cluster.awaitConverged();
        assertThat(state.entries()).hasSize(200);
    }

    private static void acceptAll(ServerSocket server, Queue<Socket> accepted) {
        try {
            while (true) {
                accepted.add(server.accept());
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }
}
