package dev.hence.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.cli.demo.DemoPlan.PlannedNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DemoPlanTest {

    @Test
    void choose_anotherDemoLivesAndItsNodesAreDown_noPortInCommonUntilItEnds() throws Exception {
        int first;
        try (ClaimedPorts row = ClaimedPorts.anywhere(3)) {
            first = row.ports().getFirst();
        }
        DemoPlan one = DemoPlan.choose(first);
        DemoPlan other = DemoPlan.choose(first);
        assertThat(ports(other)).doesNotContainAnyElementsOf(ports(one));
        one.releasePorts();
        DemoPlan later = DemoPlan.choose(first);
        assertThat(later.nodes().getFirst().port())
                .isEqualTo(one.nodes().getFirst().port());
        for (DemoPlan plan : List.of(one, other, later)) {
            plan.releasePorts();
            plan.removeDirectory();
        }
    }

    private static List<Integer> ports(DemoPlan plan) {
        return plan.nodes().stream()
                .flatMap(node -> Stream.of(node.port(), node.redisPort()))
                .toList();
    }

    @Test
    void choose_portTaken_anotherRow() throws Exception {
        int first;
        try (ClaimedPorts row = ClaimedPorts.anywhere(3)) {
            first = row.ports().getFirst();
        }
        try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            DemoPlan plan = DemoPlan.choose(taken.getLocalPort());

            assertThat(plan.nodes()).extracting(PlannedNode::name).containsExactly("node1", "node2", "node3");
            assertThat(plan.nodes())
                    .extracting(PlannedNode::port)
                    .doesNotHaveDuplicates()
                    .doesNotContain(taken.getLocalPort());
            List<String> peers = plan.nodes().stream().map(PlannedNode::peers).toList();
            assertThat(peers.getFirst())
                    .contains("node3=127.0.0.1:" + plan.nodes().get(2).port());
            assertThat(peers).containsOnly(peers.getFirst());
            plan.releasePorts();
            plan.removeDirectory();
        }
    }

    @Test
    void removeDirectory_withContent_gone() throws Exception {
        DemoPlan plan = DemoPlan.choose(0);
        Files.createDirectories(plan.directory().resolve("node1").resolve("db"));
        Files.writeString(plan.directory().resolve("node1").resolve("db").resolve("LOCK"), "");

        plan.releasePorts();
        plan.removeDirectory();
        plan.removeDirectory();

        assertThat(plan.directory()).doesNotExist();
    }
}
