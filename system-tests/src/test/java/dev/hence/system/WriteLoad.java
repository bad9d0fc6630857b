package dev.hence.system;

import static dev.hence.property.Eventually.eventually;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.NodeApi;
import dev.hence.system.cluster.NodeState;
import dev.hence.system.cluster.WriteOutcome;
import dev.hence.system.history.RegisterHistory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writers that write to all nodes of a cluster nearly as fast as these answer, and record the outcome of each write.
 *
 * <p>Each writer is a virtual thread. In turn it writes a new key, overwrites a key of its own and reads it back,
 * writes and removes another, and writes a pair of keys as one batch. Its operations on its own keys are one session,
 * carried from node to node.
 */
final class WriteLoad {

    /** The prefix of pairs of keys that are always written together, {@code .../a} and {@code .../b}. */
    static final String PAIRS = "pair/";

    private static final Duration PAUSE = Duration.ofMillis(4);

    private final Cluster cluster;
    private final Map<String, String> uniqueAcknowledged = new ConcurrentHashMap<>();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Repetition> repetitions = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();

    private WriteLoad(Cluster cluster) {
        this.cluster = cluster;
    }

    static WriteLoad start(Cluster cluster, int writers, long seed) {
        WriteLoad load = new WriteLoad(cluster);
        for (int number = 1; number <= writers; number++) {
            load.writers.add(load.new Writer(number, new Random(seed + number)));
        }
        load.writers.forEach(
                writer -> load.repetitions.add(Repetition.start("writer " + writer.number, PAUSE, writer::write)));
        return load;
    }

    /** Returns when this many more writes were acknowledged. */
    void awaitMoreAcknowledged(long writes) throws Exception {
        long enough = acknowledged.get() + writes;
        eventually(writes + " more writes are acknowledged", () -> acknowledged.get() >= enough);
    }

    /** The number of writes with unknown outcome; call it after the end. */
    long unknown() {
        return writers.stream().mapToLong(writer -> writer.unknown).sum();
    }

    /** Stops the writers; fails if one of them has observed a violation. */
    void stop() throws InterruptedException {
        Repetition.stopAll(repetitions);
    }

    /** The threads of the writers. */
    List<Repetition> repetitions() {
        return List.copyOf(repetitions);
    }

    /** The violations in a quiescent cluster, missing or surplus, one line each. */
    List<String> violations(NodeState state, NodeApi api) throws Exception {
        List<String> violations = new ArrayList<>();
        uniqueAcknowledged.forEach((key, value) -> {
            if (!state.value(key).equals(Optional.of(value))) {
                violations.add(key + ": " + state.value(key) + " (expected: " + value + ", which was acknowledged)");
            }
        });
        for (Writer writer : writers) {
            for (RegisterHistory history : writer.histories()) {
                history.violation(NodeState.values(api, history.key())).ifPresent(violations::add);
            }
        }
        return violations;
    }

    private final class Writer {

        private final int number;
        private final Random random;
        private final RegisterHistory overwritten;
        private final RegisterHistory removed;
        private final RegisterHistory pairA;
        private final RegisterHistory pairB;
        private String session = "";
        private long unknown;
        private int sequence;

        Writer(int number, Random random) {
            this.number = number;
            this.random = random;
            this.overwritten = new RegisterHistory("overwritten/" + number);
            this.removed = new RegisterHistory("removed/" + number);
            this.pairA = new RegisterHistory(PAIRS + number + "/a");
            this.pairB = new RegisterHistory(PAIRS + number + "/b");
        }

        List<RegisterHistory> histories() {
            return List.of(overwritten, removed, pairA, pairB);
        }

        private void write() throws InterruptedException {
            sequence++;
            switch (sequence % 6) {
                case 0 -> writeUnique();
                case 1 -> overwrite(Integer.toString(sequence));
                case 2 -> readBack();
                case 3 -> writeRemoved(Integer.toString(sequence));
                case 4 -> writePair(Integer.toString(sequence));
                default -> remove();
            }
        }

        private NodeApi anyNode() {
            return cluster.api(1 + random.nextInt(cluster.nodes().size()));
        }

        private void writeUnique() throws InterruptedException {
            String key = "unique/" + number + "/" + sequence;
            String value = "value of " + key;
            WriteOutcome outcome = note(anyNode().tryWrite(key, value));
            if (outcome instanceof WriteOutcome.Acknowledged) {
                uniqueAcknowledged.put(key, value);
            }
        }

        private void overwrite(String value) throws InterruptedException {
            overwritten.wrote(value, inSession(anyNode().tryWrite(overwritten.key(), value, session())));
        }

        private void writeRemoved(String value) throws InterruptedException {
            removed.wrote(value, inSession(anyNode().tryWrite(removed.key(), value, session())));
        }

        private void remove() throws InterruptedException {
            WriteOutcome outcome = inSession(anyNode().tryDelete(removed.key(), session()));
            if (outcome.equals(new WriteOutcome.Refused("key-absent"))) {
                require(removed, Optional.empty());
            }
            removed.removed(outcome);
        }

        private void readBack() throws InterruptedException {
            try {
                HttpAnswer answer = anyNode().read(overwritten.key(), session());
                if (answer.ok()) {
                    require(overwritten, Optional.of(answer.text()));
                    session = answer.session();
                } else if (answer.code().equals("key-absent")) {
                    require(overwritten, Optional.empty());
                }
            } catch (IOException down) {
                // The node was killed; the next read goes to another node or happens later.
            }
        }

        private static void require(RegisterHistory history, Optional<String> shown) {
            history.violation(shown).ifPresent(violation -> {
                throw new AssertionError(violation);
            });
        }

        private void writePair(String value) throws InterruptedException {
            WriteOutcome outcome =
                    inSession(anyNode().tryWriteAll(Map.of(pairA.key(), value, pairB.key(), value), session()));
            pairA.wrote(value, outcome);
            pairB.wrote(value, outcome);
        }

        private String[] session() {
            return session.isEmpty()
                    ? new String[] {"Hence-Wait", "200ms"}
                    : new String[] {"Hence-Wait", "200ms", "Hence-Session", session};
        }

        private WriteOutcome inSession(WriteOutcome outcome) {
            if (outcome instanceof WriteOutcome.Acknowledged(var answer)) {
                session = answer.session();
            }
            return note(outcome);
        }

        private WriteOutcome note(WriteOutcome outcome) {
            switch (outcome) {
                case WriteOutcome.Acknowledged done -> acknowledged.incrementAndGet();
                case WriteOutcome.Refused refused -> {}
                case WriteOutcome.Unknown unclear -> unknown++;
            }
            return outcome;
        }
    }
}
