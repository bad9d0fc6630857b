package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.FeedFollower;
import dev.hence.system.cluster.LinkMode;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import dev.hence.system.history.CausalOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random faults, one after another and several at a time, under load: after recovery every guarantee has been kept.
 * {@code -Dhence.seed=} repeats a run's faults, though not its timing, and {@code -Dhence.faults=} makes it longer.
 */
class RandomFaultsIT {

    private static final int FAULTS = Integer.getInteger("hence.faults", 15);

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    private final List<String> told = new ArrayList<>();

    @Test
    void faults_anyUnderLoad_everyPromiseIsKept() throws Exception {
        long seed = Long.getLong("hence.seed", System.nanoTime());
        try {
            tell(seed);
        } catch (Exception | AssertionError broken) {
            throw new AssertionError(
                    "with -Dhence.seed=" + seed + " -Dhence.faults=" + FAULTS + ", after " + told, broken);
        }
    }

    private void tell(long seed) throws Exception {
        Random random = new Random(seed);
        Cluster cluster = clusters.start(3);
        WriteLoad load = WriteLoad.start(cluster, 6, seed);
        List<Repetition> running = new ArrayList<>(load.repetitions());
        for (NodeProcess node : cluster.nodes()) {
            running.add(PairReader.start(node.api()).repetition());
        }
        try {
            for (int fault = 0; fault < FAULTS; fault++) {
                load.awaitMoreAcknowledged(30);
                inject(cluster, random, load);
            }
            heal(cluster);
        } finally {
            Repetition.stopAll(running);
        }
        NodeState state = cluster.awaitConverged();
        assertThat(load.violations(state, cluster.api(1))).isEmpty();
        long updates =
                state.clock().values().stream().mapToLong(Long::longValue).sum();
        for (NodeProcess node : cluster.nodes()) {
            requireCausalFeed(node, updates);
        }
    }

    /** Every node keeps its incarnation, so names are enough to check the whole history. */
    private static void requireCausalFeed(NodeProcess node, long updates) throws Exception {
        try (FeedFollower feed = FeedFollower.of(node.api(), "?follow=false")) {
            eventually(
                    "the feed of " + node.name() + " has ended",
                    () -> feed.end().isDone());
            assertThat(feed.changes()).hasSize(Math.toIntExact(updates));
            assertThat(CausalOrder.violations(feed.changes())).isEmpty();
        }
    }

    private void inject(Cluster cluster, Random random, WriteLoad load) throws Exception {
        int victim = 1 + random.nextInt(3);
        int other = 1 + (victim + random.nextInt(2)) % 3;
        NodeProcess node = cluster.node(victim);
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                told.add("kill " + victim);
                node.kill();
                load.awaitMoreAcknowledged(random.nextInt(100));
                node.start();
            }
            case 2 -> {
                told.add("stop " + victim);
                assertThat(node.stop()).isZero();
                load.awaitMoreAcknowledged(random.nextInt(100));
                node.start();
            }
            case 3 -> {
                told.add("freeze " + victim + " while " + other + " is killed");
                node.freeze();
                cluster.node(other).kill();
                cluster.node(other).start();
                node.thaw();
            }
            default -> {
                LinkMode mode = List.of(
                                new LinkMode.Open(),
                                new LinkMode.Hold(),
                                new LinkMode.Delay(1 + random.nextInt(400)),
                                new LinkMode.Reorder(),
                                new LinkMode.Cut())
                        .get(random.nextInt(5));
                told.add("link " + victim + " to " + other + " " + mode);
                cluster.link(victim, other, mode);
            }
        }
    }

    private static void heal(Cluster cluster) throws Exception {
        for (int from = 1; from <= 3; from++) {
            for (int to = 1; to <= 3; to++) {
                if (from != to) {
                    cluster.link(from, to, new LinkMode.Open());
                }
            }
        }
        cluster.awaitLinked();
    }
}
