package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.history.HistoryChecker;
import dev.hence.simulator.history.HistoryFile;
import dev.hence.simulator.history.HistoryWriter;
import dev.hence.simulator.history.Transaction;
import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Verdict;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.LinkMode;
import dev.hence.system.history.StaleRead;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The observations of clients that share keys in a faulty cluster are causally convergent, judged from the history
 * alone.
 *
 * <p>The history stays in {@code target/histories}, for other checkers. {@code -Dhence.seed=} repeats a run's faults
 * and requests, though not its timing, and {@code -Dhence.faults=} makes it longer.
 */
class CausalHistoryIT {

    private static final int FAULTS = Integer.getInteger("hence.faults", 3);
    private static final int SESSIONS = 8;
    private static final Path FILE = Path.of("target", "histories", "CausalHistoryIT.jsonl");

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    private final List<String> told = new ArrayList<>();

    @Test
    void history_nodesAreKilledAndLinksCut_isCausallyConvergent() throws Exception {
        long seed = Long.getLong("hence.seed", System.nanoTime());
        try {
            record(seed);
            check(HistoryFile.read(FILE));
        } catch (Exception | AssertionError broken) {
            throw new AssertionError(
                    "with -Dhence.seed=" + seed + " -Dhence.faults=" + FAULTS + ", after " + told + ", see " + FILE,
                    broken);
        }
    }

    private void record(long seed) throws Exception {
        Random random = new Random(seed);
        Cluster cluster = clusters.start(3, "--fsync", "always");
        Files.createDirectories(FILE.getParent());
        try (HistoryWriter history = new HistoryWriter(FILE)) {
            RecordedLoad load = RecordedLoad.start(cluster, SESSIONS, seed, history);
            try {
                for (int fault = 0; fault < FAULTS; fault++) {
                    disturbLinks(cluster, random);
                    load.awaitMoreRecorded(100 + random.nextInt(100));
                    kill(cluster, random, load);
                    load.awaitMoreRecorded(100);
                    openLinks(cluster);
                    load.awaitMoreRecorded(100);
                }
            } finally {
                load.stop();
            }
            cluster.awaitConverged();
            load.lookEverywhere();
        }
    }

    /** Cuts the links between two nodes, and slows or blocks the indirect route. */
    private void disturbLinks(Cluster cluster, Random random) throws Exception {
        int one = 1 + random.nextInt(3);
        int other = 1 + (one + random.nextInt(2)) % 3;
        LinkMode round = List.of(
                        new LinkMode.Hold(), new LinkMode.Delay(1 + random.nextInt(400)), new LinkMode.Reorder())
                .get(random.nextInt(3));
        told.add("cut " + one + " and " + other + ", from " + (6 - one - other) + " to " + other + " " + round);
        cluster.links(one, other, new LinkMode.Cut());
        cluster.link(6 - one - other, other, round);
    }

    private void kill(Cluster cluster, Random random, RecordedLoad load) throws Exception {
        int victim = 1 + random.nextInt(3);
        told.add("kill " + victim);
        cluster.node(victim).kill();
        load.awaitMoreRecorded(50 + random.nextInt(100));
        cluster.node(victim).start();
    }

    private static void openLinks(Cluster cluster) throws Exception {
        cluster.links(1, 2, new LinkMode.Open());
        cluster.links(1, 3, new LinkMode.Open());
        cluster.links(2, 3, new LinkMode.Open());
    }

    private static void check(List<Transaction> history) {
        assertThat(HistoryChecker.check(history)).isInstanceOf(Verdict.Holds.class);
        assertThat(readsOfWhatOthersWroteElsewhere(history))
                .as("values seen that another session had written at another node, in %d requests", history.size())
                .isGreaterThan(history.size() / 10);
        assertThat(HistoryChecker.check(StaleRead.in(history).orElseThrow()))
                .as("the same history with a stale read put into it")
                .isInstanceOf(Verdict.Broken.class);
    }

    private static long readsOfWhatOthersWroteElsewhere(List<Transaction> history) {
        Map<String, Transaction> writers = new HashMap<>();
        for (Transaction transaction : history) {
            for (Access write : transaction.writes()) {
                writers.put(write.value(), transaction);
            }
        }
        long count = 0;
        for (Transaction reader : history) {
            for (Access read : reader.reads()) {
                Transaction writer = writers.get(read.value());
                if (writer != null
                        && !writer.session().equals(reader.session())
                        && !writer.node().equals(reader.node())) {
                    count++;
                }
            }
        }
        return count;
    }
}
