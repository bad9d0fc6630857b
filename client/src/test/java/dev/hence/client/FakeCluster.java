package dev.hence.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A few nodes in this process that answer the HTTP API and exchange updates in memory: at once, or, to a node
 * that lags, when that is told to catch up. Everything is guarded by the cluster's monitor, which is
 * notified of every change.
 */
final class FakeCluster implements AutoCloseable {

    /** One update. {@code context} is what its node had applied before. */
    record Update(
            String node, long counter, long timestampMillis, List<Operation> operations, Map<String, Long> context) {
        Map<String, Long> clock() {
            return join(context, Map.of(node, counter));
        }

        boolean isIn(Map<String, Long> clock) {
            return clock.getOrDefault(node, 0L) >= counter;
        }
    }

    private final List<FakeNode> nodes = new ArrayList<>();
    private long timestampMillis = 1_760_000_000_000L;

    FakeCluster(int size) {
        for (int n = 1; n <= size; n++) {
            nodes.add(new FakeNode(this, "node" + n));
        }
    }

    /** The node, counted from 1. */
    FakeNode node(int number) {
        return nodes.get(number - 1);
    }

    List<FakeNode> nodes() {
        return nodes;
    }

    String[] urls() {
        return nodes.stream().map(FakeNode::url).toArray(String[]::new);
    }

    /** Makes an update at a node and brings it to the others. */
    synchronized Update write(FakeNode origin, List<Operation> operations) {
        Map<String, Long> context = origin.clock();
        Update update = new Update(
                origin.name(), context.getOrDefault(origin.name(), 0L) + 1, timestampMillis++, operations, context);
        origin.apply(update);
        nodes.stream().filter(node -> node != origin).forEach(node -> node.receive(update));
        notifyAll();
        return update;
    }

    static Map<String, Long> join(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> joined = new TreeMap<>(one);
        other.forEach((node, counter) -> joined.merge(node, counter, Math::max));
        return joined;
    }

    /** A clock as a session token: {@code node1-5.node2-3}. */
    static String token(Map<String, Long> clock) {
        List<String> entries = new ArrayList<>();
        clock.forEach((node, counter) -> entries.add(node + "-" + counter));
        return entries.isEmpty() ? "0" : String.join(".", entries);
    }

    /** The clock that tokens joined by commas stand for. */
    static Map<String, Long> clockOf(String tokens) {
        Map<String, Long> clock = new TreeMap<>();
        for (String token : tokens.split(",", -1)) {
            for (String entry : token.strip().split("\\.", -1)) {
                int dash = entry.indexOf('-');
                if (dash > 0) {
                    clock.merge(entry.substring(0, dash), Long.parseLong(entry.substring(dash + 1)), Math::max);
                } else if (!entry.equals("0") && !entry.isEmpty()) {
                    throw new IllegalArgumentException("token: " + token);
                }
            }
        }
        return clock;
    }

    static boolean descends(Map<String, Long> clock, Map<String, Long> other) {
        return other.entrySet().stream().allMatch(e -> clock.getOrDefault(e.getKey(), 0L) >= e.getValue());
    }

    @Override
    public void close() {
        nodes.forEach(FakeNode::stop);
    }
}
