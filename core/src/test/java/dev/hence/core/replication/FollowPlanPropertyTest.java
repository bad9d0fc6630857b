package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.property.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Nodes that follow each other by {@link FollowPlan}, over links that are cut and restored: as long as the remaining
 * links connect them, every node ends with every origin's updates, through buffers of any size.
 */
final class FollowPlanPropertyTest {

    private static final int NODES_MAX = 6;
    private static final String CLUSTER = "hence";

    private sealed interface Step {
        record Setup(int nodes, int updatesMax) implements Step {}

        record Write(int node) implements Step {}

        /** A node hears its peers' clocks and updates its plan. */
        record Plan(int node) implements Step {}

        /** A node reads some updates of one of the streams that it follows. */
        record Read(int node, int stream, int count) implements Step {}

        /** A link fails; at the end enough links are restored to connect all nodes. */
        record Cut(int one, int other) implements Step {}

        record Mend(int one, int other) implements Step {}

        /** A node takes a new incarnation; no node serves the old incarnation's updates as its own any more. */
        record Renew(int node) implements Step {}

        /** A node takes a new incarnation with an empty disk; updates that no other node has are lost. */
        record LoseDisk(int node) implements Step {}
    }

    @Test
    void relays_anyConnectedTopology_bringEverythingEverywhere() {
        new Property<Step>("any connected topology converges", Property.steps(this::setup, 80, this::step), this::check)
                .holdsFor(1500);
    }

    private Step.Setup setup(RandomGenerator random) {
        return new Step.Setup(3 + random.nextInt(NODES_MAX - 2), random.nextBoolean() ? 1 : 50);
    }

    private Step step(RandomGenerator random) {
        int node = random.nextInt(NODES_MAX);
        int other = random.nextInt(NODES_MAX);
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> new Step.Write(node);
            case 4, 5, 6 -> new Step.Plan(node);
            case 7, 8, 9, 10, 11, 12 -> new Step.Read(node, random.nextInt(100), 1 + random.nextInt(4));
            case 13, 14, 15, 16, 17 -> new Step.Cut(node, other);
            case 18 -> new Step.Mend(node, other);
            default -> random.nextBoolean() ? new Step.Renew(node) : new Step.LoseDisk(node);
        };
    }

    private void check(List<Step> trace) {
        Step.Setup setup = trace.stream()
                .filter(Step.Setup.class::isInstance)
                .map(Step.Setup.class::cast)
                .findFirst()
                .orElse(new Step.Setup(3, 50));
        Network network = new Network(setup);
        for (Step step : trace) {
            switch (step) {
                case Step.Setup ignored -> {}
                case Step.Write(int node) -> network.node(node).write();
                case Step.Plan(int node) -> network.node(node).plan();
                case Step.Read(int node, int stream, int count) ->
                    network.node(node).read(stream, count);
                case Step.Cut(int one, int other) -> network.cut(network.node(one), network.node(other));
                case Step.Mend(int one, int other) -> network.mend(network.node(one), network.node(other));
                case Step.Renew(int node) -> network.node(node).renew();
                case Step.LoseDisk(int node) -> network.node(node).loseDisk();
            }
        }
        network.settle();
    }

    private static final class Network {
        private final List<Node> nodes = new ArrayList<>();
        private final Set<Set<Node>> cut = new HashSet<>();
        private int written;

        Network(Step.Setup setup) {
            for (int i = 0; i < setup.nodes(); i++) {
                nodes.add(new Node(this, new ReplicaId("n" + i, 1), setup.updatesMax()));
            }
        }

        Node node(int index) {
            return nodes.get(index % nodes.size());
        }

        void cut(Node one, Node other) {
            cut.add(Set.copyOf(List.of(one, other)));
        }

        void mend(Node one, Node other) {
            cut.remove(Set.copyOf(List.of(one, other)));
        }

        List<Node> peersOf(Node node) {
            return nodes.stream()
                    .filter(peer -> !peer.equals(node) && !cut.contains(Set.of(node, peer)))
                    .toList();
        }

        /** Restores the minimum of links that connects all nodes, then lets every node follow its plan. */
        void settle() {
            Set<Node> connected = new HashSet<>(Set.of(nodes.getFirst()));
            for (Node node : nodes) {
                if (!reachable(nodes.getFirst()).contains(node)) {
                    mend(node, List.copyOf(connected).getFirst());
                }
                connected.add(node);
            }
            VersionVector logged =
                    nodes.stream().map(node -> node.buffer.clock()).reduce(VersionVector.EMPTY, VersionVector::join);

            // A round may bring an update one hop further, or free one place in a buffer.
            int rounds = (1 + nodes.size()) * (1 + written);
            for (int round = 0; round < rounds && !settled(logged); round++) {
                nodes.forEach(Node::plan);
                nodes.forEach(Node::readAll);
            }
            assertThat(settled(logged))
                    .as("%s after %d rounds, without the links %s", clocks(), rounds, cut)
                    .isTrue();
        }

        /**
         * Whether all nodes have the same updates, including every update that was in a log at the end of the trace.
         */
        private boolean settled(VersionVector logged) {
            return clocks().stream().distinct().count() == 1
                    && clocks().getFirst().descends(logged);
        }

        private List<VersionVector> clocks() {
            return nodes.stream().map(node -> node.buffer.clock()).toList();
        }

        private Set<Node> reachable(Node from) {
            Set<Node> found = new HashSet<>(Set.of(from));
            List<Node> ways = new ArrayList<>(found);
            while (!ways.isEmpty()) {
                for (Node peer : peersOf(ways.removeLast())) {
                    if (found.add(peer)) {
                        ways.add(peer);
                    }
                }
            }
            return found;
        }
    }

    private static final class Node {
        private final Network network;
        private final DeliveryBuffer.Limits limits;
        private DeliveryBuffer buffer;
        private final Map<ReplicaId, List<Update>> log = new HashMap<>();
        private final Map<String, Node> linked = new TreeMap<>();
        private Map<ReplicaId, ReplicaId> relays = Map.of();
        private ReplicaId self;

        Node(Network network, ReplicaId self, int updatesMax) {
            this.network = network;
            this.self = self;
            this.limits = new DeliveryBuffer.Limits(updatesMax, 1_000);
            this.buffer = new DeliveryBuffer(VersionVector.EMPTY, limits);
        }

        void write() {
            VersionVector context = buffer.clock();
            Update update = Update.of(context.next(self), context, 1, List.of(new Operation.DeleteKey(Bytes.EMPTY)));
            buffer.deliverLocal(update);
            network.written++;
            append(update);
        }

        void renew() {
            self = new ReplicaId(self.name(), self.incarnation() + 1);
        }

        void loseDisk() {
            renew();
            log.clear();
            relays = Map.of();
            buffer = new DeliveryBuffer(VersionVector.EMPTY, limits);
        }

        /** Hears every reachable peer, and plans what to follow through which peer. */
        void plan() {
            linked.clear();
            List<FollowPlan.Link> links = new ArrayList<>();
            for (Node peer : network.peersOf(this)) {
                linked.put(peer.self.toString(), peer);
                links.add(new FollowPlan.Link(peer.self, peer.buffer.clock()));
            }
            relays = FollowPlan.relays(self, buffer.clock(), links, relays, Map.of());
            assertThat(relays).doesNotContainKey(self);
            relays.forEach((origin, through) -> {
                assertThat(linked).as("relayed by a peer").containsKey(through.toString());
                assertThat(linked)
                        .as("origins with a link are followed directly")
                        .doesNotContainKey(origin.toString());
            });
        }

        /** Every stream that the node follows: the peers' own updates, and those that they relay. */
        private Map<ReplicaId, Node> streams() {
            Map<ReplicaId, Node> streams = new TreeMap<>();
            linked.values().forEach(peer -> streams.put(peer.self, peer));
            relays.forEach((origin, through) -> {
                Node peer = linked.get(through.toString());
                if (peer != null) {
                    streams.put(origin, peer);
                }
            });
            return streams;
        }

        void read(int stream, int count) {
            List<Map.Entry<ReplicaId, Node>> streams = List.copyOf(streams().entrySet());
            if (!streams.isEmpty()) {
                Map.Entry<ReplicaId, Node> picked = streams.get(stream % streams.size());
                read(picked.getKey(), picked.getValue(), count);
            }
        }

        void readAll() {
            streams().forEach((origin, through) -> read(origin, through, Integer.MAX_VALUE));
        }

        private void read(ReplicaId origin, Node through, int countMax) {
            if (!network.peersOf(this).contains(through)) {
                return;
            }
            long after = resume(origin, through);
            List<Update> stream = through.log.getOrDefault(origin, List.of());
            for (Update update : stream.subList((int) Math.min(after, stream.size()), stream.size())) {
                if (countMax-- == 0 || buffer.receive(update, 0) instanceof Receipt.Refused) {
                    return;
                }
                for (Frame frame = buffer.deliverNext(); frame != null; frame = buffer.deliverNext()) {
                    Update next = frame.first();
                    append(next);
                }
            }
        }

        /** Requests the stream as a real follower does. */
        private long resume(ReplicaId origin, Node through) {
            Map<ReplicaId, Integer> checksums = new HashMap<>();
            log.forEach((replica, updates) ->
                    checksums.put(replica, updates.getLast().checksum()));
            FeedRequest request = new FeedRequest(CLUSTER, self, origin, buffer.clock(), checksums);
            Answer answer = request.answer(CLUSTER, through.self, through.buffer.clock(), through::checksum);
            return switch (answer) {
                case Answer.Serve(ReplicaId served, long after) -> {
                    assertThat(served).isEqualTo(origin);
                    assertThat(after).isEqualTo(buffer.clock().get(origin));
                    yield after;
                }
                // A retained part of the plan may be outdated; then there is nothing to read.
                case Answer.Behind(ReplicaId behind, long counter) -> {
                    assertThat(counter).isEqualTo(through.buffer.clock().get(behind));
                    yield Long.MAX_VALUE;
                }
                case Answer.Refuse _,
                        Answer.Myself _,
                        Answer.FollowerRegressed _,
                        Answer.SourceRegressed _,
                        Answer.Gone _,
                        Answer.Forked _ ->
                    throw new AssertionError("unexpected answer of " + through + " to " + this + ": " + answer);
            };
        }

        private int checksum(Dot dot) {
            return log.getOrDefault(dot.replica(), List.of())
                    .get((int) dot.counter() - 1)
                    .checksum();
        }

        private void append(Update update) {
            log.computeIfAbsent(update.dot().replica(), origin -> new ArrayList<>())
                    .add(update);
        }

        @Override
        public String toString() {
            return self.toString();
        }
    }
}
