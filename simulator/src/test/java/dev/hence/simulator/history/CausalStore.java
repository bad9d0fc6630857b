package dev.hence.simulator.history;

import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A model of a causally convergent store: nodes copy whole prefixes of other nodes' writes, a clock consistent with
 * causality orders concurrent writes, and sessions use only nodes that have everything they have seen.
 */
final class CausalStore {
    /** The parameters of a history. */
    record Mix(int nodes, int keys, int sessions, double alone, double unknown, double reading, int batchMax) {}

    private record Write(int id, long timestamp, Map<String, String> values) {}

    private static final class Node {
        final BitSet applied = new BitSet();
        final Map<String, Write> winners = new HashMap<>();
        final List<Write> log = new ArrayList<>();
        final Map<Node, Integer> copied = new HashMap<>();
        long time;

        void apply(Write write) {
            if (applied.get(write.id())) {
                return;
            }
            applied.set(write.id());
            log.add(write);
            time = Math.max(time, write.timestamp());
            for (String key : write.values().keySet()) {
                winners.merge(key, write, (one, other) -> newer(one, other) ? one : other);
            }
        }

        private static boolean newer(Write one, Write other) {
            return one.timestamp() != other.timestamp() ? one.timestamp() > other.timestamp() : one.id() > other.id();
        }

        @Nullable
        String value(String key) {
            Write winner = winners.get(key);
            return winner == null ? null : winner.values().get(key);
        }
    }

    private final Random random;
    private final Mix mix;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, BitSet> sessions = new HashMap<>();
    private final List<Transaction> history = new ArrayList<>();
    private int writes;
    private int values;

    private CausalStore(Random random, Mix mix) {
        this.random = random;
        this.mix = mix;
        for (int node = 0; node < mix.nodes(); node++) {
            nodes.add(new Node());
        }
    }

    static List<Transaction> history(long seed, Mix mix, int transactions) {
        CausalStore store = new CausalStore(new Random(seed), mix);
        while (store.history.size() < transactions) {
            store.step();
        }
        return store.history;
    }

    private void step() {
        int number = random.nextInt(nodes.size());
        Node node = nodes.get(number);
        if (random.nextInt(3) == 0) {
            copy(node, nodes.get(random.nextInt(nodes.size())));
        }
        boolean alone = random.nextDouble() < mix.alone();
        String session = alone ? "alone" + history.size() : "session" + random.nextInt(mix.sessions());
        BitSet known = sessions.getOrDefault(session, new BitSet());
        BitSet missing = (BitSet) known.clone();
        missing.andNot(node.applied);
        if (missing.isEmpty()) {
            request(session, "node" + number, node);
        }
    }

    private static void copy(Node to, Node from) {
        int begun = to.copied.getOrDefault(from, 0);
        List.copyOf(from.log.subList(begun, from.log.size())).forEach(to::apply);
        to.copied.put(from, from.log.size());
    }

    private void request(String session, String name, Node node) {
        List<Access> reads = new ArrayList<>();
        Map<String, String> written = new HashMap<>();
        int operations = 1 + random.nextInt(mix.batchMax());
        boolean reading = random.nextDouble() < mix.reading();
        for (int i = 0; i < operations; i++) {
            String key = "k" + random.nextInt(mix.keys());
            if (reading) {
                reads.add(new Access(key, node.value(key)));
            } else {
                written.put(key, "v" + values++);
            }
        }
        boolean known = reading || random.nextDouble() >= mix.unknown();
        if (!reading) {
            node.apply(new Write(writes++, node.time + 1, written));
        }
        List<Access> accesses = new ArrayList<>();
        written.forEach((key, value) -> accesses.add(new Access(key, value)));
        long at = history.size();
        history.add(new Transaction(
                session, known ? Status.OK : Status.UNKNOWN, name, at, known ? at + 1 : null, reads, accesses));
        if (known && session.startsWith("session")) {
            sessions.computeIfAbsent(session, s -> new BitSet()).or(node.applied);
        }
    }
}
