package dev.hence.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.replica.MemoryHost;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Update;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One story, executed line by line; {@link ScenarioTest} documents the lines. */
final class Scenario {

    private static final long NOON_MILLIS = 1_800_000_000_000L;

    /** The action of a kind of line, given the groups of its pattern. */
    private interface Step {
        void carryOut(MatchResult line);
    }

    /** The action of a kind of line on a node, which its first group names. */
    private interface NodeStep {
        void carryOut(Node node, MatchResult line);
    }

    private static final class Node {
        final MemoryHost host;
        long skewMillis;

        Node(MemoryHost host) {
            this.host = host;
        }
    }

    private final Map<Pattern, Step> steps = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Update> updates = new LinkedHashMap<>();
    private final Map<String, MemoryHost.Snapshot> snapshotsBefore = new HashMap<>();
    private long wallMillis = NOON_MILLIS;
    private long incarnations;

    private Scenario() {
        steps.put(Pattern.compile("nodes (.+?)(?: with buffers of (\\d+) updates)?"), this::nodes);
        steps.put(Pattern.compile("the clock of (\\S+) is (\\d+) s (ahead|behind)"), this::setClock);
        forNodes("((?:sets|deletes) .+)", this::write);
        forNodes("receives everything", (node, line) -> updates.values().forEach(update -> receive(node, update)));
        forNodes("receives (\\S+#\\d+)", this::takes);
        forNodes("receives (\\S+#\\d+) and drops it", this::drops);
        forNodes("receives (\\S+#\\d+) and refuses it", this::refuses);
        forNodes("receives (\\S+#\\d+) and must renew", this::mustRenew);
        forNodes("shows (\\S+) absent", (node, line) -> shows(node, line.group(2)));
        forNodes("shows ([^\\s=]+)=(\\S+)", (node, line) -> shows(node, line.group(2), line.group(3)));
        forNodes(
                "shows ([^\\s=]+)=(\\S+ beside .+)",
                (node, line) -> shows(
                        node,
                        line.group(2),
                        line.group(3).replace(" beside", "").split(" ", -1)));
        forNodes("holds nothing", (node, line) -> assertThat(held(node)).isEmpty());
        forNodes(
                "holds (\\S+#\\d+) waiting for (\\S+#\\d+)",
                (node, line) -> assertThat(held(node)).contains(Map.entry(line.group(2), line.group(3))));
        forNodes(
                "has clock empty",
                (node, line) -> assertThat(countersByName(node)).isEmpty());
        forNodes("has clock (.+=.+)", this::hasClock);
        forNodes("restarts", (node, line) -> node.host.crash());
        forNodes(
                "forgets (\\S+#\\d+)",
                (node, line) -> node.host.restore(named(snapshotsBefore, line.group(2), "update")));
        forNodes("loses (?:his|her|its) disk", (node, line) -> node.host.loseDisk(freshId(nameOf(node))));
        forNodes("takes a new incarnation", this::renew);
    }

    /**
     * Executes a story.
     *
     * @throws AssertionError naming the line, if a step fails or cannot be parsed
     */
    static void tell(List<String> lines) {
        Scenario scenario = new Scenario();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                scenario.carryOut(line);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("line " + number + ": " + line + "\n" + failure.getMessage(), failure);
            }
        }
    }

    private void forNodes(String pattern, NodeStep step) {
        steps.put(Pattern.compile("(\\S+) " + pattern), line -> {
            if (line.group(1).equals("everyone")) {
                nodes.values().forEach(node -> step.carryOut(node, line));
            } else {
                step.carryOut(named(nodes, line.group(1), "node"), line);
            }
        });
    }

    private void carryOut(String line) {
        wallMillis += 1_000;
        for (Map.Entry<Pattern, Step> step : steps.entrySet()) {
            Matcher matcher = step.getKey().matcher(line);
            if (matcher.matches()) {
                step.getValue().carryOut(matcher);
                nodes.values().forEach(node -> node.host.commit());
                return;
            }
        }
        throw new IllegalArgumentException("step not understood");
    }

    private void nodes(MatchResult line) {
        int updatesMax = line.group(2) == null ? 1_000 : Integer.parseInt(line.group(2));
        Replica.Limits limits = new Replica.Limits(new DeliveryBuffer.Limits(updatesMax, 1_000_000), 1_000_000);
        for (String name : words(line.group(1))) {
            nodes.put(name, new Node(new MemoryHost(freshId(name), limits)));
        }
    }

    private ReplicaId freshId(String name) {
        return new ReplicaId(name, ++incarnations);
    }

    private void setClock(MatchResult line) {
        long millis = Long.parseLong(line.group(2)) * 1_000;
        named(nodes, line.group(1), "node").skewMillis = line.group(3).equals("ahead") ? millis : -millis;
    }

    private void write(Node node, MatchResult line) {
        MemoryHost.Snapshot before = node.host.snapshot();
        Update update = node.host
                .replica()
                .write(wallMillis + node.skewMillis, transaction -> edit(transaction, line.group(2)))
                .update();
        if (update != null) {
            String name = update.dot().replica().name();
            long number = 1
                    + updates.values().stream()
                            .filter(one -> one.dot().replica().name().equals(name))
                            .count();
            updates.put(name + "#" + number, update);
            snapshotsBefore.put(name + "#" + number, before);
        }
    }

    private static boolean edit(Transaction transaction, String edits) {
        for (String edit : edits.split(", ", -1)) {
            List<String> words = words(edit);
            for (String what : words.subList(1, words.size())) {
                int equals = what.indexOf('=');
                if (words.getFirst().equals("sets") && equals > 0) {
                    transaction.set(Bytes.utf8(what.substring(0, equals)), Bytes.utf8(what.substring(equals + 1)));
                } else if (words.getFirst().equals("deletes") && equals < 0) {
                    transaction.delete(Bytes.utf8(what));
                } else {
                    throw new IllegalArgumentException("edit not understood: " + edit);
                }
            }
        }
        return true;
    }

    private Receipt receive(Node node, Update update) {
        return node.host.replica().receive(update, wallMillis + node.skewMillis);
    }

    private Receipt receive(Node node, MatchResult line) {
        return receive(node, named(updates, line.group(2), "update"));
    }

    private void takes(Node node, MatchResult line) {
        assertThat(receive(node, line)).isInstanceOfAny(Receipt.Delivered.class, Receipt.Buffered.class);
    }

    private void drops(Node node, MatchResult line) {
        assertThat(receive(node, line)).isEqualTo(new Receipt.Duplicate());
    }

    private void refuses(Node node, MatchResult line) {
        assertThat(receive(node, line)).isEqualTo(new Receipt.Refused());
    }

    private void mustRenew(Node node, MatchResult line) {
        assertThat(receive(node, line)).isInstanceOf(Receipt.Forgotten.class);
    }

    private void renew(Node node, MatchResult line) {
        node.host.replica().renew(freshId(nameOf(node)));
    }

    private static String nameOf(Node node) {
        return node.host.replica().self().name();
    }

    private static void shows(Node node, String key, String... newestFirst) {
        assertThat(node.host.state().head(Bytes.utf8(key)).string().register().entries())
                .extracting(entry -> entry.value().toString())
                .containsExactly(newestFirst);
    }

    /** The buffered updates and what each waits for. */
    private Map<String, String> held(Node node) {
        Map<String, String> held = new TreeMap<>();
        node.host
                .replica()
                .buffered(Integer.MAX_VALUE)
                .forEach(one -> held.put(name(one.update().dot()), name(one.waitingFor())));
        assertThat(node.host.replica().bufferedCount()).isEqualTo(held.size());
        return held;
    }

    private String name(Dot dot) {
        return updates.entrySet().stream()
                .filter(update -> update.getValue().dot().equals(dot))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private void hasClock(Node node, MatchResult line) {
        Map<String, Long> expected = new TreeMap<>();
        for (String entry : words(line.group(2))) {
            int equals = entry.indexOf('=');
            expected.put(entry.substring(0, equals), Long.parseLong(entry.substring(equals + 1)));
        }
        assertThat(countersByName(node)).isEqualTo(expected);
    }

    private static Map<String, Long> countersByName(Node node) {
        Map<String, Long> counters = new TreeMap<>();
        VersionVector clock = node.host.clock();
        clock.forEach((replica, counter) -> counters.merge(replica.name(), counter, Long::sum));
        return counters;
    }

    private static List<String> words(String text) {
        return List.of(text.split(" +", -1));
    }

    private static <T> T named(Map<String, T> all, String name, String kind) {
        T found = all.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "no " + kind + " is called " + name + " (expected: one of " + all.keySet() + ")");
        }
        return found;
    }
}
