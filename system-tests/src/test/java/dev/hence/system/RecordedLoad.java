package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.history.Transaction;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.WriteOutcome;
import dev.hence.system.history.RecordingClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Sessions that read and write the same few keys at all nodes of a cluster, and record what they see.
 *
 * <p>Each is a virtual thread that stays at a node for a few requests and then moves on with what it has seen; it
 * leaves at once if the node does not answer, or lacks what the session has seen.
 */
final class RecordedLoad {

    private static final String PREFIX = "shared/";
    private static final List<String> KEYS =
            List.of(PREFIX + "a", PREFIX + "b", PREFIX + "c", PREFIX + "d", PREFIX + "e");
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Cluster cluster;
    private final List<Session> sessions = new ArrayList<>();
    private final List<Repetition> repetitions = new ArrayList<>();
    private final AtomicLong recorded = new AtomicLong();

    private RecordedLoad(Cluster cluster) {
        this.cluster = cluster;
    }

    /** @param history receives what the sessions see, several at a time */
    static RecordedLoad start(Cluster cluster, int sessions, long seed, Consumer<Transaction> history) {
        RecordedLoad load = new RecordedLoad(cluster);
        Consumer<Transaction> counted = history.andThen(transaction -> load.recorded.incrementAndGet());
        for (int number = 1; number <= sessions; number++) {
            Session session = load.new Session("s" + number, new Random(seed + number), counted);
            load.sessions.add(session);
            load.repetitions.add(Repetition.start("session s" + number, PAUSE, session::request));
        }
        return load;
    }

    /** Returns when this many more requests are in the history. */
    void awaitMoreRecorded(long requests) throws Exception {
        long enough = recorded.get() + requests;
        eventually(requests + " more requests are recorded", () -> recorded.get() >= enough);
    }

    /** Stops the sessions; fails if one of them has observed a violation. */
    void stop() throws InterruptedException {
        Repetition.stopAll(repetitions);
    }

    /** Lets every session read all keys at every node; call it after {@link #stop}, when the nodes have converged. */
    void lookEverywhere() throws InterruptedException {
        for (Session session : sessions) {
            for (NodeProcess node : cluster.nodes()) {
                session.client.moveTo(node.name(), node.api());
                assertThat(session.client.readSnapshot(PREFIX, KEYS))
                        .as("an answer of %s", node.name())
                        .isTrue();
            }
        }
    }

    private final class Session {

        private final Random random;
        private final RecordingClient client;

        Session(String name, Random random, Consumer<Transaction> history) {
            this.random = random;
            NodeProcess first = anyNode();
            this.client = new RecordingClient(name, first.name(), first.api(), history);
        }

        private void request() throws InterruptedException {
            boolean answered = switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> client.read(anyKey());
                case 4, 5 -> client.readSnapshot(PREFIX, KEYS);
                case 6, 7, 8 -> client.write(anyKey()) instanceof WriteOutcome.Acknowledged;
                default -> client.writeAll(anyPair()) instanceof WriteOutcome.Acknowledged;
            };
            if (!answered || random.nextInt(5) == 0) {
                NodeProcess next = anyNode();
                client.moveTo(next.name(), next.api());
            }
        }

        private NodeProcess anyNode() {
            return cluster.node(1 + random.nextInt(cluster.nodes().size()));
        }

        private String anyKey() {
            return KEYS.get(random.nextInt(KEYS.size()));
        }

        private List<String> anyPair() {
            int first = random.nextInt(KEYS.size());
            return List.of(KEYS.get(first), KEYS.get((first + 1) % KEYS.size()));
        }
    }
}
