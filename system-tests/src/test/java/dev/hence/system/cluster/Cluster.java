package dev.hence.system.cluster;

import static dev.hence.property.Eventually.eventuallyAsserted;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Nodes named {@code node1}, {@code node2}... that know each other.
 *
 * <p>Created by a {@link ClusterExtension}, which ends it.
 */
public final class Cluster {

    private final List<NodeProcess> nodes;

    Cluster(List<NodeProcess> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    public List<NodeProcess> nodes() {
        return nodes;
    }

    /** A node by its number, from 1. */
    public NodeProcess node(int number) {
        return nodes.get(number - 1);
    }

    /** Its API. */
    public NodeApi api(int number) {
        return node(number).api();
    }

    /**
     * Adds another peer to the configuration of every node that has not been started yet, as {@code name=host:port}.
     */
    public void addPeer(String peer) {
        for (NodeProcess node : nodes) {
            List<String> flags = new ArrayList<>(node.flags());
            int peers = flags.indexOf("--peers") + 1;
            flags.set(peers, flags.get(peers) + "," + peer);
            node.reconfigure(flags);
        }
    }

    /** Starts all nodes; returns when all are ready. */
    void start() throws Exception {
        for (NodeProcess node : nodes) {
            node.launch();
        }
        for (NodeProcess node : nodes) {
            node.awaitReady();
        }
    }

    /** Returns when every node follows every other one directly. */
    public void awaitLinked() throws Exception {
        for (NodeProcess node : nodes) {
            eventuallyAsserted(() -> {
                JsonNode members = node.api().status().path("members");
                for (JsonNode member : members) {
                    if (!member.path("self").asBoolean()
                            && !member.path("connected").asBoolean()) {
                        throw new AssertionError(members.toString());
                    }
                }
                if (members.size() < nodes.size()) {
                    throw new AssertionError(members.toString());
                }
            });
        }
    }

    /** Sets the link that carries the updates of one node to another. */
    public void link(int from, int to, LinkMode mode) throws IOException, InterruptedException {
        api(to).link(node(from).name(), mode.setting());
    }

    /** Sets both links between two nodes. */
    public void links(int one, int other, LinkMode mode) throws IOException, InterruptedException {
        link(one, other, mode);
        link(other, one, mode);
    }

    /**
     * Returns when all nodes have the same clock and no updates wait. Then everything that they show must be equal too,
     * immediately.
     *
     * @return the state of all of them
     */
    public NodeState awaitConverged() throws Exception {
        eventuallyAsserted(() -> {
            Map<String, Map<String, Long>> clocks = new TreeMap<>();
            for (NodeProcess node : nodes) {
                JsonNode status = node.api().status();
                if (status.path("buffered_count").asLong() != 0) {
                    throw new AssertionError(node.name() + " buffers " + status.path("buffered"));
                }
                clocks.put(node.name(), Json.clock(status.path("vector_clock")));
            }
            if (clocks.values().stream().distinct().count() != 1) {
                throw new AssertionError(clocks.toString());
            }
        });
        NodeState first = NodeState.read(nodes.getFirst().api());
        for (NodeProcess node : nodes.subList(1, nodes.size())) {
            List<String> differences = first.differences(NodeState.read(node.api()));
            if (!differences.isEmpty()) {
                throw new AssertionError("node1 and " + node.name() + " have applied the same updates but differ:\n"
                        + String.join("\n", differences));
            }
        }
        return first;
    }

    /** The end of every node's log. */
    public String logTails() {
        return nodes.stream()
                .map(node -> "===== " + node.name() + " (" + node.log() + ")\n" + node.logTail())
                .collect(Collectors.joining("\n"));
    }

    void end() throws InterruptedException {
        for (NodeProcess node : nodes) {
            if (node.isRunning()) {
                node.kill();
            }
        }
    }
}
