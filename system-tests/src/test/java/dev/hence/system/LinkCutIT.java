package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.LinkMode;
import dev.hence.system.cluster.NodeState;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Broken links: updates take any remaining route, and nothing is lost while there is no route. */
class LinkCutIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void cut_everyPairInTurn_updatesTravelThroughTheThirdNode() throws Exception {
        Cluster cluster = clusters.start(3);
        cluster.awaitLinked();
        int[][] pairs = {{1, 2}, {1, 3}, {2, 3}};
        for (int[] pair : pairs) {
            String round = "cut-" + pair[0] + "-" + pair[1];
            cut(cluster, pair[0], pair[1]);
            writeAtAll(cluster, round);
            writeConcurrently(cluster, round, pair[0], pair[1]);

            NodeState whileCut = cluster.awaitConverged();
            assertThat(isCut(cluster, pair[0], pair[1])).isTrue();
            assertThat(whileCut.entries()).containsKeys(round + "/1/19", round + "/2/19", round + "/3/19");
            assertThat(NodeState.values(cluster.api(1), round + "/both"))
                    .containsExactlyInAnyOrder("of " + pair[0], "of " + pair[1]);

            cluster.links(pair[0], pair[1], new LinkMode.Open());
            cluster.awaitLinked();
            writeAtAll(cluster, round + "-opened");
            cluster.awaitConverged();
        }
    }

    @Test
    void cut_allLinksOfANode_bothSidesGoOnAndComeTogetherAfterwards() throws Exception {
        Cluster cluster = clusters.start(3);
        cluster.awaitLinked();
        cluster.api(1).write("shared", "before");
        cluster.awaitConverged();
        cut(cluster, 1, 3);
        cut(cluster, 2, 3);

        writeAtAll(cluster, "apart");
        cluster.api(1).write("shared", "majority");
        cluster.api(3).write("shared", "alone");
        eventually(
                "the two that are connected have each other's updates",
                () -> cluster.api(2).read("apart/1/19").ok()
                        && cluster.api(1).read("apart/2/19").ok());
        assertThat(cluster.api(3).read("apart/1/0").code()).isEqualTo("key-absent");
        assertThat(cluster.api(1).read("apart/3/0").code()).isEqualTo("key-absent");

        cluster.links(1, 3, new LinkMode.Open());
        cluster.links(2, 3, new LinkMode.Open());
        NodeState together = cluster.awaitConverged();
        assertThat(together.entries()).containsKeys("apart/1/19", "apart/2/19", "apart/3/19");
        assertThat(NodeState.values(cluster.api(1), "shared")).containsExactlyInAnyOrder("majority", "alone");
    }

    private static void cut(Cluster cluster, int one, int other) throws Exception {
        cluster.links(one, other, new LinkMode.Cut());
        eventually(
                "the links between node" + one + " and node" + other + " are cut",
                () -> !isConnected(cluster, one, other) && !isConnected(cluster, other, one));
    }

    private static boolean isConnected(Cluster cluster, int node, int peer) throws IOException, InterruptedException {
        for (JsonNode member : cluster.api(node).status().path("members")) {
            if (member.path("node_id").asText().equals("node" + peer)) {
                return member.path("connected").asBoolean();
            }
        }
        throw new AssertionError("node" + node + " does not know node" + peer);
    }

    private static boolean isCut(Cluster cluster, int one, int other) throws IOException, InterruptedException {
        return !isConnected(cluster, one, other) && !isConnected(cluster, other, one);
    }

    private static void writeAtAll(Cluster cluster, String round) throws IOException, InterruptedException {
        for (int number = 1; number <= 3; number++) {
            for (int i = 0; i < 20; i++) {
                cluster.api(number).write(round + "/" + number + "/" + i, "value " + i);
            }
        }
    }

    /** Both nodes write the same key before either can know of the other's write. */
    private static void writeConcurrently(Cluster cluster, String round, int one, int other)
            throws IOException, InterruptedException {
        int third = 6 - one - other;
        cluster.link(one, third, new LinkMode.Hold());
        cluster.link(other, third, new LinkMode.Hold());
        cluster.api(one).write(round + "/both", "of " + one);
        cluster.api(other).write(round + "/both", "of " + other);
        cluster.link(one, third, new LinkMode.Open());
        cluster.link(other, third, new LinkMode.Open());
    }
}
