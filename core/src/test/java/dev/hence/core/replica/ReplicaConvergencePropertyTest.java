package dev.hence.core.replica;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.specification.KeyContent.Candidate;
import dev.hence.core.specification.KeyContent.Content;
import dev.hence.core.specification.KeyMeaning;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.property.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Replicas that write, exchange updates in any order, crash, lose their disks and have clocks that jump: whatever they
 * have delivered, their state is what {@link KeyMeaning} declares for that set of updates, and in the end all of them
 * hold the same state.
 */
final class ReplicaConvergencePropertyTest {

    private static final long NOON_MILLIS = 1_800_000_000_000L;
    private static final int NODES_MAX = 5;
    private static final int KEYS = 4;

    /** A transaction's write to one of the keys. */
    private record Edit(int key, boolean delete) {}

    private sealed interface Step {
        record Setup(int nodes, int updatesMax) implements Step {}

        /** A local transaction. Without a commit it is stored with the next one, or lost in a crash. */
        record Write(int node, List<Edit> edits, boolean commit) implements Step {}

        /** Any published update arrives: early, late or again. */
        record Arrive(int node, int pick, boolean commit) implements Step {}

        /** The next update of one origin arrives. */
        record ArriveInOrder(int node, int origin, boolean commit) implements Step {}

        /** Everything that another node has delivered arrives, in its delivery order. */
        record CatchUp(int node, int with) implements Step {}

        record Crash(int node) implements Step {}

        record LoseDisk(int node) implements Step {}

        record Renew(int node) implements Step {}

        record SetWallClock(int node, long millis) implements Step {}
    }

    @Test
    void state_anyOrderOfDelivery_isTheMeaningOfTheUpdatesDelivered() {
        new Property<Step>("replicas converge", Property.steps(this::setup, 80, this::step), this::check)
                .holdsFor(1500);
    }

    private Step.Setup setup(RandomGenerator random) {
        return new Step.Setup(3 + random.nextInt(NODES_MAX - 2), random.nextBoolean() ? 1 + random.nextInt(2) : 100);
    }

    private Step step(RandomGenerator random) {
        int node = random.nextInt(NODES_MAX);
        int other = random.nextInt(NODES_MAX);
        boolean commit = random.nextInt(4) > 0;
        int kind = random.nextInt(100);
        if (kind < 35) {
            List<Edit> edits = Stream.generate(() -> new Edit(random.nextInt(KEYS), random.nextInt(3) == 0))
                    .limit(1 + random.nextInt(random.nextBoolean() ? 1 : 4))
                    .toList();
            return new Step.Write(node, edits, commit);
        } else if (kind < 55) {
            return new Step.Arrive(node, random.nextInt(1000), commit);
        } else if (kind < 75) {
            return new Step.ArriveInOrder(node, random.nextInt(100), commit);
        } else if (kind < 85) {
            return new Step.CatchUp(node, other);
        } else if (kind < 90) {
            return new Step.Crash(node);
        } else if (kind < 92) {
            return new Step.LoseDisk(node);
        } else if (kind < 94) {
            return new Step.Renew(node);
        }
        long[] readings = {0, Long.MAX_VALUE, NOON_MILLIS, NOON_MILLIS - 3_600_000, NOON_MILLIS + random.nextInt(-5, 5)
        };
        return new Step.SetWallClock(node, readings[random.nextInt(readings.length)]);
    }

    private void check(List<Step> trace) {
        Step.Setup setup = trace.stream()
                .filter(Step.Setup.class::isInstance)
                .map(Step.Setup.class::cast)
                .findFirst()
                .orElse(new Step.Setup(3, 100));
        Cluster cluster = new Cluster(setup);
        trace.forEach(cluster::carryOut);
        cluster.finish();
    }

    private static final class Cluster {
        private final List<Node> nodes = new ArrayList<>();
        private final Map<Dot, Update> published = new HashMap<>();
        private final List<Update> inOrder = new ArrayList<>();
        private long incarnations;

        Cluster(Step.Setup setup) {
            Replica.Limits limits =
                    new Replica.Limits(new DeliveryBuffer.Limits(setup.updatesMax(), 1_000_000), 1_000_000);
            for (int node = 0; node < setup.nodes(); node++) {
                nodes.add(new Node(this, new MemoryHost(freshId("n" + node), limits)));
            }
        }

        // Incarnations that grow and shrink, so that a later one is not always the larger.
        ReplicaId freshId(String name) {
            incarnations++;
            return new ReplicaId(name, incarnations * 0x9E37_79B9_7F4A_7C15L);
        }

        private Node node(int index) {
            return nodes.get(index % nodes.size());
        }

        void carryOut(Step step) {
            switch (step) {
                case Step.Setup ignored -> {}
                case Step.Write(int node, List<Edit> edits, boolean commit) ->
                    node(node).write(edits, commit);
                case Step.Arrive(int node, int pick, boolean commit) -> {
                    if (!inOrder.isEmpty()) {
                        node(node).receive(inOrder.get(pick % inOrder.size()), commit);
                    }
                }
                case Step.ArriveInOrder(int node, int origin, boolean commit) ->
                    node(node).nextOf(origin).ifPresent(update -> node(node).receive(update, commit));
                case Step.CatchUp(int node, int with) ->
                    node(with).host.log().forEach(update -> node(node).receive(update, true));
                case Step.Crash(int node) -> node(node).crash();
                case Step.LoseDisk(int node) -> node(node).loseDisk();
                case Step.Renew(int node) -> node(node).renew();
                case Step.SetWallClock(int node, long millis) -> node(node).wallMillis = millis;
            }
        }

        void publish(Update update) {
            assertThat(published.put(update.dot(), update))
                    .as("a dot is used once")
                    .isNull();
            inOrder.add(update);
        }

        /** Offers every update to every node, last first, until none is refused. */
        void finish() {
            nodes.forEach(Node::commit);
            for (Node node : nodes) {
                List<Update> untaken = new ArrayList<>(inOrder.reversed());
                int left = Integer.MAX_VALUE;
                while (untaken.size() < left) {
                    left = untaken.size();
                    untaken.removeIf(update -> node.receive(update, true));
                }
                assertThat(untaken).isEmpty();
                assertThat(node.host.log()).containsExactlyInAnyOrderElementsOf(inOrder);
                assertThat(node.host.state().heads())
                        .isEqualTo(nodes.getFirst().host.state().heads());
                assertThat(node.host.clock()).isEqualTo(nodes.getFirst().host.clock());
                assertThat(node.host.replica().bufferedCount()).isZero();
            }
            checkTimestamps();
            checkDotsHaveNoGaps();
        }

        private void checkTimestamps() {
            for (Update one : inOrder) {
                for (Update other : inOrder) {
                    if (KeyMeaning.happenedBefore(one, other)) {
                        assertThat(one.timestamp()).isLessThan(other.timestamp());
                    }
                }
            }
        }

        private void checkDotsHaveNoGaps() {
            Map<ReplicaId, List<Dot>> byReplica =
                    published.keySet().stream().collect(Collectors.groupingBy(Dot::replica));
            byReplica.forEach((replica, dots) -> assertThat(dots)
                    .extracting(Dot::counter)
                    .containsExactlyInAnyOrderElementsOf(Stream.iterate(1L, counter -> counter + 1)
                            .limit(dots.size())
                            .toList()));
        }
    }

    private static final class Node {
        private final Cluster cluster;
        private final MemoryHost host;
        private long wallMillis = NOON_MILLIS;
        private int written;

        /** The updates written here and not yet committed. */
        private final List<Update> uncommitted = new ArrayList<>();

        Node(Cluster cluster, MemoryHost host) {
            this.cluster = cluster;
            this.host = host;
        }

        void write(List<Edit> edits, boolean commit) {
            List<Update> delivered = delivered();
            Map<Bytes, List<Candidate>> before = strings(delivered);
            VersionVector context = clockOf(delivered);
            Written<Map<Bytes, Bytes>> done =
                    host.replica().write(wallMillis, transaction -> edit(transaction, edits, before));
            Update update = done.update();
            if (update != null) {
                checkNetEffect(update, done.result(), before);
                assertThat(update.context()).isEqualTo(context);
                assertThat(update.dot()).isEqualTo(context.next(host.replica().self()));
                uncommitted.add(update);
            }
            if (commit) {
                commit();
            }
        }

        /** The updates delivered here, committed or not. */
        private List<Update> delivered() {
            return Stream.concat(cluster.inOrder.stream(), uncommitted.stream())
                    .filter(update -> host.replica().clock().contains(update.dot()))
                    .toList();
        }

        /** Applies the edits, and returns the final value of each assigned key. */
        private Map<Bytes, Bytes> edit(Transaction transaction, List<Edit> edits, Map<Bytes, List<Candidate>> before) {
            Set<Bytes> existing = new HashSet<>(before.keySet());
            Map<Bytes, Bytes> set = new HashMap<>();
            for (Edit edit : edits) {
                Bytes key = Bytes.utf8("k" + edit.key());
                assertThat(candidates(transaction.before(key).string().register()))
                        .isEqualTo(before.getOrDefault(key, List.of()));
                if (edit.delete()) {
                    assertThat(transaction.delete(key)).isEqualTo(existing.remove(key));
                    set.remove(key);
                } else {
                    Bytes value = Bytes.utf8(host.replica().self().name() + "-" + ++written);
                    transaction.set(key, value);
                    existing.add(key);
                    set.put(key, value);
                }
                assertThat(transaction.visible(key).type() != null).isEqualTo(existing.contains(key));
            }
            return set;
        }

        private static void checkNetEffect(Update update, Map<Bytes, Bytes> set, Map<Bytes, List<Candidate>> before) {
            Map<Bytes, Bytes> setByUpdate = new HashMap<>();
            for (Operation operation : update.operations()) {
                switch (operation) {
                    case Operation.SetString setString -> setByUpdate.put(setString.key(), setString.value());
                    case Operation.DeleteKey delete ->
                        assertThat(before).as("only what is there is deleted").containsKey(delete.key());
                    default -> throw new AssertionError("neither set nor deleted: " + operation);
                }
            }
            assertThat(setByUpdate).isEqualTo(set);
        }

        /** Whether the update need not be offered again. */
        boolean receive(Update update, boolean commit) {
            Receipt receipt = host.replica().receive(update, wallMillis);
            if (commit) {
                commit();
            }
            return !(receipt instanceof Receipt.Refused);
        }

        Optional<Update> nextOf(int origin) {
            List<ReplicaId> origins = cluster.inOrder.stream()
                    .map(update -> update.dot().replica())
                    .distinct()
                    .toList();
            return origins.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(
                            cluster.published.get(host.replica().clock().next(origins.get(origin % origins.size()))));
        }

        void commit() {
            CommitBatch changes = host.commit();
            if (changes != null) {
                checkCommitted(changes);
            }
        }

        private void checkCommitted(CommitBatch changes) {
            checkAtomic(changes);
            assertThat(changes.delivered()).containsAll(uncommitted);
            uncommitted.forEach(cluster::publish);
            uncommitted.clear();
            List<Update> log = host.log();
            assertThat(changes.clock()).isEqualTo(clockOf(log));
            checkOrder(log, log.size() - changes.delivered().size());
            Map<Bytes, List<Candidate>> held = new HashMap<>();
            host.strings().forEach((key, register) -> held.put(key, candidates(register)));
            assertThat(held).isEqualTo(strings(log));
        }

        /** The changes contain exactly what the delivered updates change. */
        private static void checkAtomic(CommitBatch changes) {
            Set<Bytes> changed = changes.delivered().stream()
                    .flatMap(update -> update.operations().stream())
                    .map(Operation::key)
                    .collect(Collectors.toSet());
            assertThat(changes.keys().keySet()).isEqualTo(changed);
        }

        /** Each update is delivered once, after everything that happened before it. */
        private void checkOrder(List<Update> log, int from) {
            for (int at = from; at < log.size(); at++) {
                Update update = log.get(at);
                List<Update> earlier = log.subList(0, at);
                assertThat(earlier).doesNotContain(update);
                assertThat(earlier)
                        .as("the past of %s", update.dot())
                        .containsAll(cluster.published.values().stream()
                                .filter(other -> KeyMeaning.happenedBefore(other, update))
                                .toList());
            }
        }

        void crash() {
            uncommitted.clear();
            host.crash();
        }

        void loseDisk() {
            uncommitted.clear();
            host.loseDisk(cluster.freshId(host.replica().self().name()));
        }

        void renew() {
            host.replica().renew(cluster.freshId(host.replica().self().name()));
            CommitBatch changes = requireNonNull(host.commit());
            checkCommitted(changes);
            assertThat(changes.self()).isEqualTo(host.replica().self());
        }

        /** Returns the candidates of each key that has any. */
        private static Map<Bytes, List<Candidate>> strings(List<Update> updates) {
            Map<Bytes, List<Candidate>> strings = new HashMap<>();
            for (int number = 0; number < KEYS; number++) {
                Bytes key = Bytes.utf8("k" + number);
                Content string = KeyMeaning.of(updates, key).string();
                if (string != null) {
                    strings.put(key, string.candidates());
                }
            }
            return strings;
        }

        private static List<Candidate> candidates(MvRegister register) {
            return register.entries().stream()
                    .map(entry -> new Candidate(entry.dot(), entry.timestamp(), entry.value()))
                    .toList();
        }

        private static VersionVector clockOf(List<Update> log) {
            Map<ReplicaId, Long> counters = new HashMap<>();
            log.forEach(update -> counters.merge(update.dot().replica(), 1L, Long::sum));
            return VersionVector.of(counters);
        }
    }
}
