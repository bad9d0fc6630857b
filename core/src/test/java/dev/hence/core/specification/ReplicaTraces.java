package dev.hence.core.specification;

import static dev.hence.core.specification.RowRules.same;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.MemoryHost;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.Written;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Replicas that write, exchange updates in any causal order, crash, lose disks and take new incarnations. After every
 * step the state of the affected replica is what {@link KeyMeaning} declares for its applied updates, and its rows
 * satisfy {@link RowRules}; in the end all replicas hold identical rows.
 */
final class ReplicaTraces {

    static final List<Bytes> KEYS = List.of(Bytes.utf8("k"), Bytes.utf8("l"));

    private static final long NOON_MILLIS = 1_800_000_000_000L;
    private static final int NODES_MAX = 5;
    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(100, 1_000_000), 1_000_000);

    sealed interface Step {
        record Nodes(int count) implements Step {}

        /** Without a commit it is stored with the next one, or lost in a crash. */
        record Write(int node, List<Edit> edits, boolean commit) implements Step {}

        /** Any published update arrives: early, late or again. */
        record Arrive(int node, int pick, boolean commit) implements Step {}

        /** The next update of one origin arrives. */
        record ArriveInOrder(int node, int origin, boolean commit) implements Step {}

        /** Everything that another node has delivered arrives, in its delivery order. */
        record CatchUp(int node, int with, boolean commit) implements Step {}

        record Crash(int node) implements Step {}

        record LoseDisk(int node) implements Step {}

        record Renew(int node) implements Step {}
    }

    private ReplicaTraces() {}

    /** A random step, with edits from another generator. */
    static Step step(RandomGenerator random, Function<RandomGenerator, Edit> edits) {
        int node = random.nextInt(NODES_MAX);
        int other = random.nextInt(NODES_MAX);
        boolean commit = random.nextInt(3) > 0;
        int kind = random.nextInt(100);
        if (kind < 45) {
            return new Step.Write(
                    node,
                    Stream.generate(() -> edits.apply(random))
                            .limit(1 + random.nextInt(random.nextBoolean() ? 1 : 4))
                            .toList(),
                    commit);
        } else if (kind < 75) {
            return new Step.ArriveInOrder(node, other, commit);
        } else if (kind < 87) {
            return new Step.CatchUp(node, other, commit);
        } else if (kind < 92) {
            return new Step.Arrive(node, random.nextInt(1000), commit);
        } else if (kind < 96) {
            return new Step.Crash(node);
        }
        return kind < 98 ? new Step.LoseDisk(node) : new Step.Renew(node);
    }

    static Step.Nodes nodes(RandomGenerator random) {
        return new Step.Nodes(3 + random.nextInt(NODES_MAX - 2));
    }

    /** Executes a trace. */
    static void check(List<Step> trace) {
        int nodes = trace.stream()
                .filter(Step.Nodes.class::isInstance)
                .mapToInt(step -> ((Step.Nodes) step).count())
                .findFirst()
                .orElse(3);
        Cluster cluster = new Cluster(nodes);
        trace.forEach(cluster::carryOut);
        cluster.finish();
    }

    private static final class Cluster {
        private final List<Node> nodes = new ArrayList<>();
        private final List<ReplicaId> replicas = new ArrayList<>();
        private final Map<Dot, Update> published = new HashMap<>();
        private final List<Update> inOrder = new ArrayList<>();

        /** The meaning of each set of published updates that any replica has applied, by its clock. */
        private final Map<VersionVector, List<KeyContent>> meanings = new HashMap<>();

        Cluster(int count) {
            for (int node = 0; node < count; node++) {
                nodes.add(new Node(this, new MemoryHost(freshId("n" + node), LIMITS)));
            }
        }

        // Incarnations that grow and shrink, so that a later one is not always the larger.
        ReplicaId freshId(String name) {
            replicas.add(new ReplicaId(name, (replicas.size() + 1) * 0x9E37_79B9_7F4A_7C15L));
            return replicas.getLast();
        }

        private Node node(int index) {
            return nodes.get(index % nodes.size());
        }

        void carryOut(Step step) {
            switch (step) {
                case Step.Nodes ignored -> {}
                case Step.Write(int node, List<Edit> edits, boolean commit) ->
                    node(node).write(edits, commit);
                case Step.Arrive(int node, int pick, boolean commit) -> {
                    if (!inOrder.isEmpty()) {
                        node(node).receive(inOrder.get(pick % inOrder.size()), commit);
                    }
                }
                case Step.ArriveInOrder(int node, int origin, boolean commit) -> {
                    ReplicaId replica = replicas.get(origin % replicas.size());
                    Update next = published.get(node(node).replica().clock().next(replica));
                    if (next != null) {
                        node(node).receive(next, commit);
                    }
                }
                case Step.CatchUp(int node, int with, boolean commit) ->
                    node(with).host.log().forEach(update -> node(node).receive(update, commit));
                case Step.Crash(int node) -> node(node).restart(node(node).host::crash);
                case Step.LoseDisk(int node) -> {
                    ReplicaId renewed = freshId(node(node).replica().self().name());
                    node(node).restart(() -> node(node).host.loseDisk(renewed));
                }
                case Step.Renew(int node) -> {
                    node(node)
                            .replica()
                            .renew(freshId(node(node).replica().self().name()));
                    node(node).commit();
                }
            }
        }

        /** Every replica receives every update. */
        void finish() {
            nodes.forEach(Node::commit);
            for (Node node : nodes) {
                inOrder.forEach(update -> node.receive(update, false));
                node.commit();
                assertThat(node.host.log()).hasSameSizeAs(inOrder);
                assertThat(node.rows()).isEqualTo(nodes.getFirst().rows());
            }
        }
    }

    private static final class Node {
        private final Cluster cluster;
        private final MemoryHost host;

        /** The updates written here and not yet committed. */
        private final List<Update> uncommitted = new ArrayList<>();

        Node(Cluster cluster, MemoryHost host) {
            this.cluster = cluster;
            this.host = host;
        }

        Replica replica() {
            return host.replica();
        }

        /** The updates applied here, committed or not. */
        private List<Update> applied() {
            VersionVector clock = replica().clock();
            return Stream.concat(cluster.inOrder.stream(), uncommitted.stream())
                    .filter(update -> clock.contains(update.dot()))
                    .toList();
        }

        void write(List<Edit> edits, boolean commit) {
            VersionVector context = replica().clock();
            List<Update> before = applied();
            Map<Bytes, KeyContent> seen = new HashMap<>();
            Written<List<Edit>> written = replica().write(NOON_MILLIS, transaction -> {
                List<Edit> done = new ArrayList<>();
                for (Edit edit : edits) {
                    if (edit.carryOut(transaction)) {
                        done.add(edit);
                    }
                }
                KEYS.forEach(key -> seen.put(key, KeyContent.of(transaction, key)));
                KEYS.forEach(key -> RowRules.check(transaction, key));
                return done;
            });
            checkOneByOne(written.result(), context, before, seen);
            Update update = written.update();
            if (update != null) {
                assertThat(update.isIntact()).isTrue();
                uncommitted.add(update);
            }
            KEYS.forEach(key -> checkSameAsSeen(requireNonNull(seen.get(key)), read(key)));
            checkState();
            if (commit) {
                commit();
            }
        }

        /** A transaction sees its writes as if each were a transaction of its own. */
        private void checkOneByOne(
                List<Edit> edits, VersionVector context, List<Update> before, Map<Bytes, KeyContent> seen) {
            Dot first = context.next(replica().self());
            List<Update> updates = new ArrayList<>(before);
            updates.addAll(Edit.oneByOne(edits, first, context, NOON_MILLIS << 16));
            seen.forEach((key, content) -> same(
                    "seen by its own transaction",
                    content.visible(),
                    KeyMeaning.of(updates, key).visible()));
        }

        /** The state that a transaction saw last is the state after it. */
        private static void checkSameAsSeen(KeyContent seen, KeyContent after) {
            same("string", after.string(), seen.string());
            same("elements", after.elements(), seen.elements());
            same("what shows", after.visible(), seen.visible());
            // With several types, one that the transaction wrote and then removed may have been visible.
            if (!after.isMixed()) {
                same("type", after.type(), seen.type());
            }
        }

        /** Keys are read with the changes that are not yet stored on top. */
        private KeyContent read(Bytes key) {
            return read(view -> KeyContent.of(view, key));
        }

        private <R> R read(Function<View, R> body) {
            Transaction.Body<R> reader = body::apply;
            Written<R> read = replica().write(NOON_MILLIS, reader);
            assertThat(read.update()).isNull();
            return read.result();
        }

        private void checkState() {
            List<KeyContent> meaning = meaning();
            read(view -> {
                check(view, meaning);
                return KEYS;
            });
        }

        /** The declared content for the updates applied here, committed or not. */
        private List<KeyContent> meaning() {
            return uncommitted.isEmpty()
                    ? cluster.meanings.computeIfAbsent(replica().clock(), clock -> meaning(applied()))
                    : meaning(applied());
        }

        private static List<KeyContent> meaning(List<Update> updates) {
            return KEYS.stream().map(key -> KeyMeaning.of(updates, key)).toList();
        }

        private static void check(State state, List<KeyContent> meaning) {
            for (int at = 0; at < KEYS.size(); at++) {
                RowRules.check(state, KEYS.get(at));
                same("what is there", KeyContent.of(state, KEYS.get(at)), meaning.get(at));
            }
        }

        void receive(Update update, boolean commit) {
            VersionVector before = replica().clock();
            replica().receive(update, NOON_MILLIS);
            if (!replica().clock().equals(before)) {
                checkState();
            }
            if (commit) {
                commit();
            }
        }

        void commit() {
            CommitBatch changes = host.commit();
            if (changes == null) {
                return;
            }
            for (Update update : uncommitted) {
                assertThat(cluster.published.put(update.dot(), update))
                        .as("a dot is used once")
                        .isNull();
                cluster.inOrder.add(update);
            }
            uncommitted.clear();
            same("the clock", changes.clock(), replica().clock());
            same("what is logged", Set.copyOf(host.log()), Set.copyOf(applied()));
            check(host.state(), meaning());
            assertThat(host.state().heads().keySet()).isSubsetOf(KEYS);
        }

        void restart(Runnable restart) {
            uncommitted.clear();
            restart.run();
            checkState();
        }

        /** Every row as it is stored. */
        Map<Bytes, List<Object>> rows() {
            Map<Bytes, List<Object>> rows = new HashMap<>();
            for (Bytes key : KEYS) {
                List<Object> all = new ArrayList<>();
                all.add(host.state().head(key));
                for (RowKind kind : RowKind.values()) {
                    all.add(Map.copyOf(host.state().rowsOf(key, kind)));
                }
                rows.put(key, all);
            }
            return rows;
        }
    }
}
