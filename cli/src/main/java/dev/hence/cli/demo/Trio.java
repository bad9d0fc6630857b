package dev.hence.cli.demo;

import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.terminal.ClockText;
import dev.hence.client.HenceClient;
import dev.hence.client.NodeStatus;
import dev.hence.client.NodeStatus.Member;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Three running nodes of one cluster, which play the parts of the story in the order of their names.
 *
 * <p>Links that the story holds are opened again when it is closed, whatever happened. Thread-safe.
 */
public final class Trio implements AutoCloseable {

    private static final int SIZE = 3;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final List<StoryNode> nodes;
    private final HttpClient http;
    private final String keySuffix;
    private final Set<Link> held = ConcurrentHashMap.newKeySet();

    private record Link(StoryNode at, String from) {}

    private Trio(List<StoryNode> nodes, HttpClient http, String keySuffix) {
        this.nodes = nodes;
        this.http = http;
        this.keySuffix = keySuffix;
    }

    /**
     * Gets to know three nodes.
     *
     * @param urls where they listen, in any order
     * @param keySuffix what the story's keys end with, so that it meets no keys of others
     * @throws CommandFailure if they are not three nodes of one cluster whose links can be held
     */
    public static Trio of(List<String> urls, String keySuffix) throws CommandFailure, InterruptedException {
        if (urls.size() != SIZE) {
            throw CommandFailure.usage("nodes: " + urls.size() + " (expected: three URLs)");
        }
        HttpClient http = HttpClient.newHttpClient();
        List<StoryNode> nodes = new ArrayList<>();
        Set<String> clusters = ConcurrentHashMap.newKeySet();
        for (String url : urls) {
            HenceClient client =
                    HenceClient.builder().nodes(url).deadline(DEADLINE).build();
            NodeStatus status = client.withDeadline(Duration.ofSeconds(5)).status();
            clusters.add(status.cluster());
            LabClient lab = new LabClient(client.nodes().getFirst(), http);
            nodes.add(new StoryNode(status.nodeId(), client, lab));
        }
        nodes.sort(Comparator.comparing(StoryNode::name));
        Trio trio = new Trio(List.copyOf(nodes), http, keySuffix);
        trio.check(clusters);
        return trio;
    }

    /** The three, in the order of names. */
    public List<StoryNode> nodes() {
        return nodes;
    }

    /** The first in the order of names. */
    public StoryNode first() {
        return nodes.get(0);
    }

    /** The second in the order of names. */
    public StoryNode second() {
        return nodes.get(1);
    }

    /** The third in the order of names. */
    public StoryNode third() {
        return nodes.get(2);
    }

    /** A key for this telling of the story. */
    public String key(String name) {
        return name + keySuffix;
    }

    /** Keeps what comes from one node to another in the link between them. */
    public void hold(StoryNode from, StoryNode to) throws IOException, InterruptedException {
        held.add(new Link(to, from.name()));
        to.lab().hold(from.name());
    }

    /** Lets everything pass again. */
    public void open(StoryNode from, StoryNode to) throws IOException, InterruptedException {
        to.lab().open(from.name());
        held.remove(new Link(to, from.name()));
    }

    /** Waits until every node reads from the others and all show the same. */
    public Beginning settle(Narrator narrator) throws InterruptedException {
        Object settled = narrator.await(this::disagreements, List::isEmpty);
        if (!settled.equals(List.of())) {
            throw new StoryBrokenException(
                    "the nodes are connected and show the same", "no exceptions", settled.toString());
        }
        return new Beginning(first().clock());
    }

    /**
     * The clock that all nodes had when a chapter began.
     *
     * @param clock by name
     */
    public record Beginning(Map<String, Long> clock) {

        /** How many updates of the node a clock counts beyond this one. */
        public long since(Map<String, Long> later, StoryNode node) {
            return at(later, node) - at(clock, node);
        }

        /** The counter of the so manieth update of the node after this. */
        public long counter(StoryNode node, long updates) {
            return at(clock, node) + updates;
        }

        private static long at(Map<String, Long> clock, StoryNode node) {
            return ClockText.byNode(clock).getOrDefault(node.name(), 0L);
        }
    }

    /** What a clock counts beyond the beginning, one number a node: {@code [1,1,0]}. */
    public List<Long> since(Beginning beginning, Map<String, Long> later) {
        return nodes.stream().map(node -> beginning.since(later, node)).toList();
    }

    /** Opens the links that are still held. */
    @Override
    public void close() {
        for (Link link : List.copyOf(held)) {
            try {
                link.at().lab().open(link.from());
                held.remove(link);
            } catch (IOException unreachable) {
                // A node that is gone holds nothing back.
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        nodes.forEach(node -> node.client().close());
        http.shutdownNow();
    }

    private List<String> disagreements() {
        List<String> disagreements = new ArrayList<>();
        Set<String> names = nodes.stream().map(StoryNode::name).collect(Collectors.toSet());
        Map<String, Long> clock = ClockText.byNode(first().clock());
        for (StoryNode node : nodes) {
            NodeStatus status = node.status();
            Set<String> connected = status.members().stream()
                    .filter(member -> member.self() || member.connected())
                    .map(Member::nodeId)
                    .collect(Collectors.toSet());
            if (!connected.containsAll(names)) {
                disagreements.add(node.name() + " reads from " + connected);
            }
            if (!ClockText.byNode(status.vectorClock()).equals(clock)) {
                disagreements.add(node.name() + " is at " + ClockText.list(status.vectorClock()) + ", " + first().name()
                        + " at " + ClockText.list(clock));
            }
        }
        return disagreements;
    }

    private void check(Set<String> clusters) throws CommandFailure, InterruptedException {
        long names = nodes.stream().map(StoryNode::name).distinct().count();
        if (names != SIZE || clusters.size() != 1) {
            String seen = nodes.stream().map(StoryNode::name).collect(Collectors.joining(", "));
            throw failure("nodes: " + seen + " of " + clusters + " (expected: three nodes of one cluster)");
        }
        for (StoryNode node : nodes) {
            try {
                if (!node.lab().isOpen()) {
                    throw failure(node.name() + " at " + node.url()
                            + ": its links cannot be held (expected: a node started with --lab)");
                }
            } catch (IOException unreachable) {
                throw failure(node.name() + " at " + node.url() + ": " + unreachable);
            }
        }
    }

    private CommandFailure failure(String message) {
        close();
        return new CommandFailure(ExitCode.FAILED, "demo", message, null);
    }
}
