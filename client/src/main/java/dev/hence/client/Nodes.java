package dev.hence.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The nodes of a client, and the order in which to try them. Thread-safe. */
final class Nodes {

    private final List<Node> nodes;

    Nodes(List<URI> bases) {
        nodes = bases.stream().map(Node::new).toList();
    }

    List<URI> bases() {
        return nodes.stream().map(Node::base).toList();
    }

    /** Whether any of them is reached by TLS. */
    boolean haveTls() {
        return nodes.stream()
                .anyMatch(node -> "https".equalsIgnoreCase(node.base().getScheme()));
    }

    /** All nodes in the order given, but those that failed a moment ago last. */
    List<Node> inOrder() {
        if (nodes.size() == 1) {
            return nodes;
        }
        long now = System.nanoTime();
        record Ranked(Node node, long avoidForNanos) {}
        List<Ranked> ranked = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            ranked.add(new Ranked(node, node.avoidForNanos(now)));
        }
        ranked.sort(Comparator.comparingLong(Ranked::avoidForNanos));
        return ranked.stream().map(Ranked::node).toList();
    }
}
