package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.FeedFollower;
import dev.hence.system.cluster.LinkMode;
import dev.hence.system.cluster.NodeApi;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.history.CausalOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Updates that arrive before their dependencies: no reader of any kind ever sees an effect before its cause. */
class CausalOrderIT {

    private static final int CHAINS = 4;
    private static final int STEPS = 15;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void chains_effectsOvertakeTheirCauses_everyNodeBuffersThemAndShowsThemInOrder() throws Exception {
        Cluster cluster = clusters.start(3);
        cluster.awaitLinked();
        // A chain takes the fast links around the ring. The dependencies of a step take the slow one.
        for (int number = 1; number <= 3; number++) {
            cluster.link(number, previous(number), new LinkMode.Delay(250));
        }

        List<ChainReader> readers = tellChains(cluster);

        assertThat(readers)
                .allSatisfy(reader -> assertThat(reader.bufferedMax())
                        .as("updates that had to wait")
                        .isPositive());
    }

    @Test
    void chains_linksReorder_everyNodeBuffersUpdatesAndShowsThemInOrder() throws Exception {
        Cluster cluster = clusters.start(3, "--log-updates");
        cluster.awaitLinked();
        for (int number = 1; number <= 3; number++) {
            cluster.link(number, previous(number), new LinkMode.Reorder());
            cluster.link(previous(number), number, new LinkMode.Reorder());
        }

        tellChains(cluster);

        for (NodeProcess node : cluster.nodes()) {
            // The second update of a writer arrives before its first: these wait too briefly to be observed in the
            // status.
            assertThat(node.log()).content().containsPattern("buffered (node[123]):\\d+, waiting for \\1:\\d+");
        }
    }

    @Test
    void feed_continuedAtAnotherNode_missesAndRepeatsNothing() throws Exception {
        Cluster cluster = clusters.start(3);
        for (int i = 0; i < 30; i++) {
            cluster.api(1 + i % 3).write("k" + i % 5, "value " + i);
        }
        cluster.awaitConverged();
        List<JsonNode> changes = new ArrayList<>();
        String token = "";
        for (int i = 0; i < 30; i++) {
            try (FeedFollower feed =
                    FeedFollower.of(cluster.api(1 + i % 3), token.isEmpty() ? "" : "?after=" + token)) {
                eventually("another change", () -> feed.count() > 0);
                changes.add(feed.changes().getFirst());
                token = changes.getLast().path("token").asText();
            }
        }

        assertThat(CausalOrder.violations(changes)).isEmpty();
        try (FeedFollower feed = FeedFollower.of(cluster.api(1), "?follow=false&after=" + token)) {
            assertThat(feed.end().get()).isEqualTo("in order");
            assertThat(feed.changes()).isEmpty();
        }
    }

    private static int previous(int number) {
        return number == 1 ? 3 : number - 1;
    }

    /** Runs chains of writes; each write is made at the next node after its writer has seen the previous one. */
    private static List<ChainReader> tellChains(Cluster cluster) throws Exception {
        List<FeedFollower> feeds = new ArrayList<>();
        List<ChainReader> readers = new ArrayList<>();
        for (NodeProcess node : cluster.nodes()) {
            feeds.add(FeedFollower.of(node.api(), ""));
            readers.add(ChainReader.start(node.api(), CHAINS, STEPS));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> chains = new ArrayList<>();
            for (int chain = 0; chain < CHAINS; chain++) {
                chains.add(threads.submit(chain(cluster, chain)));
            }
            for (Future<Void> chain : chains) {
                chain.get();
            }
            cluster.awaitConverged();
        } finally {
            Repetition.stopAll(readers.stream().map(ChainReader::repetition).toList());
        }
        assertThat(readers)
                .allSatisfy(reader -> assertThat(reader.repetition().times()).isPositive());
        for (FeedFollower feed : feeds) {
            eventually("the feed has all", () -> feed.count() >= CHAINS * STEPS);
            assertThat(feed.changes()).hasSize(CHAINS * STEPS);
            assertThat(CausalOrder.violations(feed.changes())).isEmpty();
            feed.close();
        }
        return readers;
    }

    private static Callable<Void> chain(Cluster cluster, int chain) {
        return () -> {
            String session = "";
            for (int step = 0; step < STEPS; step++) {
                NodeApi api = cluster.api(1 + (chain + step) % 3);
                String[] headers = session.isEmpty()
                        ? new String[0]
                        : new String[] {"Hence-Session", session, "Hence-Wait", "60s"};
                session = api.write(ChainReader.key(chain, step), "step " + step, headers)
                        .session();
            }
            return null;
        };
    }
}
