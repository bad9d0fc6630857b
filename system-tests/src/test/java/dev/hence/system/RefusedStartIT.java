package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.CommandRun;
import dev.hence.system.cluster.FreePorts;
import dev.hence.system.cluster.NodeProcess;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that cannot start reports why in one clear line and in its exit status. */
class RefusedStartIT {

    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void serve_dataDirectoryOfARunningNode_refusedAndTheRunningOneUnharmed() throws Exception {
        NodeProcess running = clusters.start(1).node(1);
        running.api().write("x", "1");

        CommandRun second = serve(
                "--node-id", "node1", "--port", port(), "--data", running.data().toString());

        assertThat(second.status()).as("%s", second).isEqualTo(FAILED);
        assertThat(reason(second))
                .contains("node1 cannot start")
                .contains(running.data().toString());
        running.api().write("x", "2");
        running.kill();
        running.start();
        assertThat(running.api().read("x").text()).isEqualTo("2");
    }

    @Test
    void serve_dataDirectoryOfAnotherNodeOrCluster_refused() throws Exception {
        NodeProcess owner = clusters.start(1).node(1);
        owner.stop();
        String data = owner.data().toString();

        CommandRun otherNode = serve("--node-id", "node2", "--port", port(), "--data", data);
        CommandRun otherCluster =
                serve("--node-id", "node1", "--port", port(), "--data", data, "--cluster", "elsewhere");

        assertThat(otherNode.status()).isEqualTo(FAILED);
        assertThat(reason(otherNode)).contains("belongs to node \"node1\" (expected: \"node2\")");
        assertThat(otherCluster.status()).isEqualTo(FAILED);
        assertThat(reason(otherCluster)).contains("belongs to cluster \"hence\" (expected: \"elsewhere\")");
    }

    @Test
    void serve_portInUse_refusedWithThePort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            CommandRun refused = serve(
                    "--node-id",
                    "node1",
                    "--port",
                    Integer.toString(taken.getLocalPort()),
                    "--data",
                    clusters.directory().resolve("data").toString());

            assertThat(refused.status()).as("%s", refused).isEqualTo(FAILED);
            assertThat(reason(refused)).contains("node1 cannot start").contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void serve_wrongConfiguration_everythingWrongIsSaidWithWhatWasExpected() throws Exception {
        CommandRun refused =
                CommandRun.of(clusters.directory(), Map.of("PORT", "99999"), List.of("serve", "--fsync", "sometimes"));

        assertThat(refused.status()).as("%s", refused).isEqualTo(WRONG_CONFIGURATION);
        assertThat(refused.errors().lines()).hasSize(3);
        assertThat(refused.errors())
                .contains("invalid configuration")
                .contains("port: \"99999\"")
                .contains("PORT")
                .contains("0 to 65535")
                .contains("fsync: \"sometimes\"")
                .contains("always, everysec, never");
    }

    @Test
    void serve_afterARefusal_startsOnceTheReasonIsGone() throws Exception {
        Cluster cluster = clusters.prepare(1);
        NodeProcess node = cluster.node(1);
        try (ServerSocket taken = new ServerSocket(node.port())) {
            assertThat(taken.isBound()).isTrue();
            node.launch();
            assertThat(node.awaitExit()).isEqualTo(FAILED);
        }

        node.start();

        node.api().write("x", "1");
    }

    /** The line with the reason: the last one, after the log lines about opening and closing the data. */
    private static String reason(CommandRun refused) {
        List<String> lines = refused.errors().lines().toList();
        assertThat(lines).filteredOn(line -> line.startsWith("hence: ")).hasSize(1);
        assertThat(lines).noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
        return lines.getLast();
    }

    private CommandRun serve(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("serve", "--redis-port", "0"));
        all.addAll(List.of(arguments));
        return CommandRun.of(clusters.directory(), Map.of(), all);
    }

    private static String port() {
        return Integer.toString(FreePorts.pick(1).getFirst());
    }
}
