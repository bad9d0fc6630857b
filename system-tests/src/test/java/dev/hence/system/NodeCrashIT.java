package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code kill -9} at any moment, with the policies {@code always} and {@code everysec}: the node restarts without help,
 * and no acknowledged write is lost. {@code -Dhence.crash.kills=300} makes it longer, {@code -Dhence.seed=} repeats a
 * run's choices, though not its timing.
 */
class NodeCrashIT {

    private static final int KILLS = Integer.getInteger("hence.crash.kills", 5);
    private static final int WRITERS = 6;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void kill_inTheMiddleOfAWriteLoadAgainAndAgain_losesNoAcknowledgedWrite() throws Exception {
        long seed = Long.getLong("hence.seed", System.nanoTime());
        List<String> told = new ArrayList<>();
        try {
            killAgainAndAgain(new Random(seed), told);
        } catch (Exception | AssertionError lost) {
            throw new AssertionError("with -Dhence.seed=" + seed + ", after " + told, lost);
        }
    }

    private void killAgainAndAgain(Random random, List<String> told) throws Exception {
        Cluster cluster = clusters.start(3);
        WriteLoad load = WriteLoad.start(cluster, WRITERS, random.nextLong());
        List<Repetition> running = new ArrayList<>(load.repetitions());
        List<PairReader> readers = new ArrayList<>();
        List<PipelinedWrites> pipelines = new ArrayList<>();
        for (NodeProcess node : cluster.nodes()) {
            readers.add(PairReader.start(node.api()));
            pipelines.add(PipelinedWrites.start(node));
        }
        readers.forEach(reader -> running.add(reader.repetition()));
        pipelines.forEach(pipeline -> running.add(pipeline.repetition()));
        List<String> replicas = replicas(cluster);

        try {
            for (int kill = 1; kill <= KILLS; kill++) {
                int victim = 1 + random.nextInt(3);
                PipelinedWrites pipeline = pipelines.get(victim - 1);
                String policy = kill % 2 == 0 ? "always" : "everysec";
                told.add("kill of node" + victim + ", then " + policy);
                awaitMore(pipeline, random.nextInt(500));
                load.awaitMoreAcknowledged(random.nextInt(60));
                cluster.node(victim).kill();
                reconfigurePolicy(cluster.node(victim), policy);
                restartAlone(cluster, victim, pipeline, random.nextInt(4) == 0);
            }
            load.awaitMoreAcknowledged(60);
        } finally {
            Repetition.stopAll(running);
        }

        NodeState state = cluster.awaitConverged();
        assertThat(load.violations(state, cluster.api(1))).isEmpty();
        for (PipelinedWrites pipeline : pipelines) {
            assertThat(pipeline.missingAt(cluster.node(1))).isEmpty();
        }
        assertThat(load.unknown()).as("kills that hit a write under way").isPositive();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.pairsSeen()).isPositive());
        assertThat(replicas(cluster))
                .as("no update was lost, so every node keeps its incarnation")
                .isEqualTo(replicas);
    }

    private static void awaitMore(PipelinedWrites pipeline, long writes) throws Exception {
        long enough = pipeline.count() + writes;
        eventually(writes + " more pipelined writes are acknowledged", () -> pipeline.count() >= enough);
    }

    private static void reconfigurePolicy(NodeProcess node, String policy) {
        List<String> flags = new ArrayList<>(node.flags());
        int fsync = flags.indexOf("--fsync");
        if (fsync >= 0) {
            flags.subList(fsync, fsync + 2).clear();
        }
        flags.addAll(List.of("--fsync", policy));
        node.reconfigure(flags);
    }

    /**
     * Starts the node while the others stand still, so that what it shows comes from its own disk: otherwise they would
     * give it back what it had lost, before a client can see that.
     *
     * @param again whether it is killed once more before anyone has used it, as far as its start has got
     */
    private static void restartAlone(Cluster cluster, int victim, PipelinedWrites pipeline, boolean again)
            throws Exception {
        NodeProcess node = cluster.node(victim);
        List<NodeProcess> others =
                cluster.nodes().stream().filter(other -> other != node).toList();
        for (NodeProcess other : others) {
            other.freeze();
        }
        if (again) {
            node.launch();
            node.awaitLive();
            node.kill();
        }
        node.launch();
        node.awaitLive();
        List<String> missing = pipeline.missingAt(node);
        for (NodeProcess other : others) {
            other.thaw();
        }
        assertThat(missing).as("lost by node" + victim).isEmpty();
        node.awaitReady();
    }

    @Test
    void kill_allNodesAtOnce_losesNoAcknowledgedWrite() throws Exception {
        Cluster cluster = clusters.start(3);
        WriteLoad load = WriteLoad.start(cluster, WRITERS, 1);
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
