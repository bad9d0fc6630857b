package dev.hence.core.commands;

import static dev.hence.core.commands.MemoryNode.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.property.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Lists written at three nodes: each write has the same effect on its node's list as on a list in memory. Once all
 * nodes have delivered the same updates they hold the same list, in which no element is missing or duplicated and
 * elements pushed together are adjacent.
 */
final class ListsPropertyTest {

    private static final Bytes KEY = bytes("key");
    private static final int NODES = 3;

    private enum Kind {
        PUSH,
        INSERT,
        POP,
        REMOVE,
        TRIM
    }

    private sealed interface Step {
        /** Some writes at a node, as one transaction. */
        record Write(int node, List<Edit> edits) implements Step {}

        /** A node delivers what another has. */
        record Follow(int node, int other) implements Step {}
    }

    /** A write, all of whose numbers are taken modulo the number of choices. */
    private record Edit(Kind kind, boolean isLeft, int at, int count) {
        Lists.End end() {
            return isLeft ? Lists.End.LEFT : Lists.End.RIGHT;
        }
    }

    private static Step step(RandomGenerator random) {
        if (random.nextInt(3) == 0) {
            return new Step.Follow(random.nextInt(NODES), random.nextInt(NODES));
        }
        List<Edit> edits = Stream.generate(() -> edit(random))
                .limit(random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1)
                .toList();
        return new Step.Write(random.nextInt(NODES), edits);
    }

    private static Edit edit(RandomGenerator random) {
        Kind kind = random.nextInt(3) > 0 ? Kind.PUSH : Kind.values()[random.nextInt(Kind.values().length)];
        return new Edit(kind, random.nextBoolean(), random.nextInt(1_000), 1 + random.nextInt(4));
    }

    @Test
    void lists_anyWritesAtThreeNodes_convergeAndLoseNothing() {
        new Property<>(
                        "lists of three nodes converge, lose nothing, and keep together what was pushed together",
                        Property.steps(60, ListsPropertyTest::step),
                        trace -> new Run().check(trace))
                .holdsFor(1_000);
    }

    private static final class Run {
        private final List<MemoryNode> nodes =
                IntStream.range(0, NODES).mapToObj(i -> new MemoryNode("n" + i)).toList();
        private final Map<Bytes, Integer> pushOf = new HashMap<>();
        private final Set<Bytes> inserted = new HashSet<>();
        private final Set<Bytes> removed = new HashSet<>();
        private int pushes;
        private int values;

        void check(List<Step> trace) {
            for (Step step : trace) {
                switch (step) {
                    case Step.Write(int node, List<Edit> edits) ->
                        nodes.get(node).run(transaction -> edits.forEach(edit -> edit(transaction, edit)));
                    case Step.Follow(int node, int other) -> nodes.get(node).follow(nodes.get(other));
                }
            }
            nodes.forEach(node -> nodes.forEach(node::follow));
            nodes.forEach(node -> nodes.forEach(node::follow));
            List<Bytes> list = list(nodes.getFirst());
            nodes.forEach(node -> assertThat(list(node)).isEqualTo(list));
            Set<Bytes> expected = new HashSet<>(pushOf.keySet());
            expected.addAll(inserted);
            expected.removeAll(removed);
            assertThat(list).containsExactlyInAnyOrderElementsOf(expected);
            checkTogether(list);
        }

        private static List<Bytes> list(MemoryNode node) {
            return list(node.view());
        }

        private static List<Bytes> list(View view) {
            List<Bytes> list = new ArrayList<>();
            Lists.range(view, KEY, 0, -1, list::add);
            return list;
        }

        private void edit(Transaction transaction, Edit edit) {
            List<Bytes> model = list(transaction);
            switch (edit.kind()) {
                case PUSH -> push(transaction, edit, model);
                case INSERT -> insert(transaction, edit, model);
                case POP -> pop(transaction, edit, model);
                case REMOVE -> remove(transaction, edit, model);
                case TRIM -> trim(transaction, edit, model);
            }
            assertThat(list(transaction)).isEqualTo(model);
            assertThat(Lists.size(transaction, KEY)).isEqualTo(model.size());
            if (!model.isEmpty()) {
                assertThat(Lists.get(transaction, KEY, 0)).isEqualTo(model.getFirst());
                assertThat(Lists.get(transaction, KEY, -1)).isEqualTo(model.getLast());
            }
        }

        private Bytes value() {
            return bytes("v" + values++);
        }

        private void push(Transaction transaction, Edit edit, List<Bytes> model) {
            List<Bytes> pushed =
                    Stream.generate(this::value).limit(edit.count()).toList();
            int push = pushes++;
            pushed.forEach(each -> pushOf.put(each, push));
            Lists.push(transaction, KEY, edit.end(), pushed);
            for (Bytes each : pushed) {
                model.add(edit.isLeft() ? 0 : model.size(), each);
            }
        }

        private void insert(Transaction transaction, Edit edit, List<Bytes> model) {
            if (!model.isEmpty()) {
                Bytes value = value();
                inserted.add(value);
                int at = edit.at() % model.size();
                Lists.insert(transaction, KEY, edit.end(), model.get(at), value);
                model.add(edit.isLeft() ? at : at + 1, value);
            }
        }

        private void pop(Transaction transaction, Edit edit, List<Bytes> model) {
            List<Bytes> popped = new ArrayList<>();
            Lists.pop(transaction, KEY, edit.end(), edit.count(), popped::add);
            List<Bytes> expected = new ArrayList<>();
            while (!model.isEmpty() && expected.size() < edit.count()) {
                expected.add(edit.isLeft() ? model.removeFirst() : model.removeLast());
            }
            assertThat(popped).isEqualTo(expected);
            removed.addAll(popped);
        }

        private void remove(Transaction transaction, Edit edit, List<Bytes> model) {
            if (!model.isEmpty()) {
                Bytes value = model.remove(edit.at() % model.size());
                removed.add(value);
                Lists.remove(transaction, KEY, edit.isLeft() ? 1 : -1, value);
            }
        }

        private void trim(Transaction transaction, Edit edit, List<Bytes> model) {
            int from = edit.isLeft() ? Math.min(edit.count(), model.size()) : 0;
            int to = edit.isLeft() ? model.size() : Math.max(model.size() - edit.count(), 0);
            List<Bytes> kept = List.copyOf(model.subList(from, to));
            if (kept.isEmpty()) {
                Lists.trim(transaction, KEY, 1, 0);
            } else {
                Lists.trim(transaction, KEY, from, to - 1);
            }
            model.stream().filter(each -> !kept.contains(each)).forEach(removed::add);
            model.retainAll(kept);
        }

        /** Between two elements of one push there are only elements inserted beside another element. */
        private void checkTogether(List<Bytes> list) {
            Set<Integer> seen = new HashSet<>();
            Integer current = null;
            for (Bytes each : list) {
                Integer push = pushOf.get(each);
                if (push != null && !push.equals(current)) {
                    assertThat(seen.add(push))
                            .as("push of %s stands together in %s", each, list)
                            .isTrue();
                    current = push;
                }
            }
        }
    }
}
