package dev.hence.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.commands.Lists;
import dev.hence.core.commands.ScoreRule;
import dev.hence.core.commands.Scored;
import dev.hence.core.commands.Sets;
import dev.hence.core.commands.SortedSets;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.property.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Groups that run while earlier ones are being stored make the same updates, rows and answers as groups of which each is
 * stored before the next one runs.
 */
final class OverlapPropertyTest {
    private static final ReplicaId SELF = new ReplicaId("a", 1);
    private static final long NOW = 1_750_000_000_000L;
    private static final int KEYS = 3;

    private enum Kind {
        SET,
        DELETE,
        ADD,
        REMOVE,
        RANK,
        UNRANK,
        PUSH,
        POP
    }

    private sealed interface Step {
        record Run(Kind kind, int key, int element) implements Step {}

        record Close() implements Step {}

        record Carry() implements Step {}
    }

    private static Step step(RandomGenerator random) {
        int dice = random.nextInt(10);
        if (dice < 2) {
            return new Step.Close();
        }
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        return dice < 6 ? new Step.Carry() : new Step.Run(kind, random.nextInt(KEYS), random.nextInt(6));
    }

    @Test
    void rows_groupsOverlap_areThoseOfGroupsOneAfterAnother() {
        new Property<>("overlapping groups", Property.steps(120, OverlapPropertyTest::step), trace -> {
                    Host overlapping = new Host(3);
                    Host plain = new Host(1);
                    for (Step step : trace) {
                        overlapping.take(step);
                        plain.take(step);
                        plain.takeAll();
                    }
                    overlapping.finish();
                    plain.finish();
                    assertThat(overlapping.answers).isEqualTo(plain.answers);
                    assertThat(overlapping.rows()).isEqualTo(plain.rows());
                })
                .holdsFor(2_000);
    }

    /** A replica whose groups are stored when the trace says so. */
    private static final class Host {
        private final MemoryState stored = new MemoryState();
        private final Unstored unstored = new Unstored(stored, dot -> null);
        private final Replica replica = new Replica(
                Replica.Recovered.fresh(SELF),
                unstored,
                unstored,
                new Replica.Limits(new DeliveryBuffer.Limits(10, 1_000), 10_000));
        private final CommitOrder<String> order;
        private final List<String> answers = new ArrayList<>();

        Host(int groupsMax) {
            order = new CommitOrder<>(
                    replica, unstored, LogPosition.START, new CommitOrder.Rules(true, 1 << 20, groupsMax));
        }

        void take(Step step) {
            switch (step) {
                case Step.Run run -> {
                    makeRoom();
                    order.ran(String.valueOf(replica.write(NOW, transaction -> run(transaction, run))));
                }
                case Step.Close close -> {
                    makeRoom();
                    order.close();
                }
                case Step.Carry carry -> carry();
            }
        }

        private void makeRoom() {
            while (!order.mayRun()) {
                carry();
            }
        }

        private boolean carry() {
            CommitOrder.Step<String> step = order.next();
            if (step == null) {
                return false;
            }
            switch (step.action()) {
                case APPLY -> stored.store(step.changes().keys());
                case ANSWER -> answers.addAll(step.group().tasks());
                case APPEND, FORCE, PUBLISH -> {}
            }
            order.done();
            return true;
        }

        /** Stores what has run. */
        void takeAll() {
            makeRoom();
            order.close();
            while (carry()) {
                // Until nothing is left.
            }
        }

        void finish() {
            takeAll();
        }

        private static Object run(Transaction transaction, Step.Run run) {
            Bytes key = Bytes.utf8("key" + run.key());
            Bytes element = Bytes.utf8("e" + run.element());
            try {
                return switch (run.kind()) {
                    case SET -> {
                        transaction.set(key, element);
                        yield "set";
                    }
                    case DELETE -> {
                        transaction.delete(key);
                        yield "deleted";
                    }
                    case ADD -> Sets.add(transaction, key, List.of(element));
                    case REMOVE -> Sets.remove(transaction, key, List.of(element));
                    case RANK ->
                        SortedSets.add(
                                transaction, key, List.of(new Scored(element, run.element() % 3)), ScoreRule.ALWAYS);
                    case UNRANK -> SortedSets.pop(transaction, key, State.Direction.UP, 1);
                    case PUSH -> Lists.push(transaction, key, Lists.End.RIGHT, List.of(element));
                    case POP -> {
                        List<Bytes> popped = new ArrayList<>();
                        Lists.pop(transaction, key, Lists.End.LEFT, 2, popped::add);
                        yield popped;
                    }
                };
            } catch (RuntimeException refused) {
                return refused.toString();
            }
        }

        List<String> rows() {
            List<String> rows = new ArrayList<>();
            stored.heads().forEach((key, head) -> {
                rows.add(key + " " + head);
                for (RowKind kind : RowKind.values()) {
                    stored.rowsOf(key, kind)
                            .forEach((row, cell) -> rows.add(key + " " + kind + " " + row + " " + cell));
                }
            });
            return rows;
        }
    }
}
