package dev.hence.node.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WriterCacheTest {

    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(1_000, 1L << 20), 1L << 20);
    private static final long NOW = 1_750_000_000_000L;
    private static final List<DataType> COLLECTIONS =
            List.of(DataType.HASH, DataType.SET, DataType.SORTED_SET, DataType.LIST);
    private static final List<DataType> COUNTED = List.of(DataType.STRING, DataType.HASH, DataType.SORTED_SET);

    private final MemoryState memory = new MemoryState();

    /** Counts the reads of the underlying state: heads, and all others. */
    private static final class Counting implements State {
        private final State state;
        int heads;
        int reads;

        Counting(State state) {
            this.state = state;
        }

        @Override
        public KeyHead head(Bytes key) {
            heads++;
            return state.head(key);
        }

        @Override
        public Cell cell(Bytes key, RowKind kind, Bytes row) {
            reads++;
            return state.cell(key, kind, row);
        }

        @Override
        public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
            reads++;
            return state.walk(key, kind, from, direction, visitor);
        }
    }

    /** Rows of which a test says whether they are in memory. */
    private final class InMemory implements State {
        private boolean holdsRows = true;

        private State rows() {
            if (!holdsRows) {
                throw new NotInMemory();
            }
            return memory;
        }

        @Override
        public KeyHead head(Bytes key) {
            return rows().head(key);
        }

        @Override
        public Cell cell(Bytes key, RowKind kind, Bytes row) {
            return rows().cell(key, kind, row);
        }

        @Override
        public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
            return rows().walk(key, kind, from, direction, visitor);
        }
    }

    private static final class NotInMemory extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final Counting counting = new Counting(memory);
    private final InMemory inMemory = new InMemory();

    private WriterCache cache = new WriterCache(counting, inMemory, 1L << 20);

    private static Replica replica(State state) {
        return new Replica(Replica.Recovered.fresh(new ReplicaId("node1", 1)), state, LIMITS);
    }

    private void commit(Replica replica) {
        CommitBatch changes = replica.takeChanges();
        if (changes != null) {
            memory.store(changes.keys());
            cache.committed(changes.keys());
        }
    }

    private static Bytes text(Object value) {
        return Bytes.utf8(String.valueOf(value));
    }

    private static void write(SplittableRandom random, Transaction transaction) {
        Bytes key = text(random.nextInt(12));
        DataType type = COLLECTIONS.get(random.nextInt(COLLECTIONS.size()));
        Bytes element = text(random.nextInt(20));
        switch (random.nextInt(10)) {
            case 0 -> transaction.set(key, text("v".repeat(random.nextInt(200))));
            case 1 -> transaction.delete(key);
            case 2 -> transaction.remove(key, type, element);
            case 3 -> {
                DataType counted = COUNTED.get(random.nextInt(COUNTED.size()));
                transaction.increment(key, counted, counted == DataType.STRING ? Bytes.EMPTY : element, BigDecimal.ONE);
            }
            case 4 -> {
                CollectionMeta list = transaction.head(key).collection(DataType.LIST);
                Bytes end = random.nextBoolean() ? list.first() : list.last();
                if (end != null) {
                    transaction.remove(key, DataType.LIST, Element.of(DataType.LIST, end));
                }
            }
            default ->
                transaction.assign(key, type, element, type == DataType.SET ? Bytes.EMPTY : text(random.nextInt(9)));
        }
    }

    private void assertExact(long seed) {
        for (int key = 0; key < 12; key++) {
            Bytes name = text(key);
            assertThat(cache.head(name)).as("head of %s, seed %d", key, seed).isEqualTo(memory.head(name));
            for (RowKind kind : RowKind.values()) {
                for (State.Direction direction : State.Direction.values()) {
                    for (Bytes from : new Bytes[] {null, text(5), text("zz"), Bytes.EMPTY}) {
                        assertThat(walk(cache, name, kind, from, direction))
                                .as("%s of %s, seed %d", kind, key, seed)
                                .isEqualTo(walk(memory, name, kind, from, direction));
                    }
                }
            }
            for (DataType type : COLLECTIONS) {
                for (int element = 0; element < 20; element++) {
                    Bytes row = Element.row(type, text(element));
                    assertThat(cache.cell(name, Element.kind(type), row))
                            .as("%s %s of %s, seed %d", type, element, key, seed)
                            .isEqualTo(memory.cell(name, Element.kind(type), row));
                }
            }
        }
    }

    /** A short walk like a search for a neighbour: usually from an existing element to the next one or a few more. */
    private void assertShortWalkIsExact(SplittableRandom random, long seed) {
        Bytes key = text(random.nextInt(12));
        DataType type = random.nextBoolean() ? DataType.LIST : DataType.SORTED_SET;
        RowKind kind = type == DataType.LIST ? RowKind.ITEM : RowKind.RANK;
        State.Direction direction = random.nextBoolean() ? State.Direction.UP : State.Direction.DOWN;
        Bytes end = direction == State.Direction.UP
                ? memory.head(key).collection(type).first()
                : memory.head(key).collection(type).last();
        Bytes from = end != null && random.nextInt(4) > 0 ? end : text(random.nextInt(20));
        int rows = 1 + random.nextInt(4);
        assertThat(walk(cache, key, kind, from, direction, rows))
                .as("%d %s of %s %s from %s, seed %d", rows, kind, key, direction, from, seed)
                .isEqualTo(walk(memory, key, kind, from, direction, rows));
    }

    private static List<String> walk(
            State state, Bytes key, RowKind kind, @Nullable Bytes from, State.Direction direction, int count) {
        List<String> rows = new ArrayList<>();
        boolean all = state.walk(key, kind, from, direction, (row, cell) -> {
            rows.add(row + " " + cell);
            return rows.size() < count;
        });
        // A visitor that stops at the last row has not seen that it was the last.
        rows.add(rows.size() < count ? "all: " + all : "stopped: " + !all);
        return rows;
    }

    private static List<String> walk(
            State state, Bytes key, RowKind kind, @Nullable Bytes from, State.Direction direction) {
        List<String> rows = new ArrayList<>();
        state.walk(key, kind, from, direction, (row, cell) -> rows.add(row + " " + cell));
        return rows;
    }

    @Test
    void rows_afterEveryCommit_areThoseStoredHoweverLittleMemoryThereIs() {
        for (long seed = 1; seed <= 24; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long bytesMax = new long[] {0, 3_000, 20_000, 1 << 20}[(int) (seed % 4)];
            cache = new WriterCache(counting, inMemory, bytesMax);
            Replica replica = new Replica(Replica.Recovered.fresh(new ReplicaId("seed" + seed, seed)), cache, LIMITS);
            for (int batch = 0; batch < 40; batch++) {
                replica.write(NOW, transaction -> {
                    for (int i = random.nextInt(6); i >= 0; i--) {
                        write(random, transaction);
                    }
                    return "";
                });
                commit(replica);
                assertThat(cache.bytes()).isBetween(0L, bytesMax);
                for (int i = 0; i < 8; i++) {
                    assertShortWalkIsExact(random, seed);
                }
                if (batch % 4 == 0) {
                    assertExact(seed);
                }
                assertThat(cache.bytes()).isBetween(0L, bytesMax);
            }
        }
    }

    @Test
    void head_ofOneKeySeveralTimesInARow_isReadOnce() {
        Replica replica = replica(cache);
        for (int i = 0; i < 10; i++) {
            replica.write(NOW, transaction -> {
                transaction.set(text("x"), text("v"));
                return "";
            });
            commit(replica);
        }
        assertThat(counting.heads).isEqualTo(10);
    }

    @Test
    void cell_atTheEndOfAList_isKnownToBeAbsent() {
        Replica replica = replica(cache);
        for (int i = 10; i < 100; i++) {
            Bytes position = text(i);
            replica.write(NOW, transaction -> {
                transaction.assign(text("list"), DataType.LIST, position, text("v"));
                return "";
            });
            commit(replica);
        }
        assertThat(counting.reads).isZero();
    }

    @Test
    void walk_elementAfterElementTakenFromAnEnd_readsManyAtOnce() {
        Replica replica = replica(cache);
        replica.write(NOW, transaction -> {
            for (int i = 1_000; i < 2_000; i++) {
                transaction.assign(text("list"), DataType.LIST, text(i), text("v"));
            }
            return "";
        });
        commit(replica);
        int before = counting.reads;
        for (int i = 1_000; i < 1_990; i++) {
            Bytes first = text(i);
            assertThat(cache.head(text("list")).collection(DataType.LIST).first())
                    .isEqualTo(first);
            replica.write(NOW, transaction -> {
                transaction.remove(text("list"), DataType.LIST, first);
                return "";
            });
            commit(replica);
        }
        assertThat(counting.reads - before).isLessThan(100);
    }

    @Test
    void walk_whileElementsAreTakenFromAnEndAndOthersChange_isExact() {
        for (long seed = 1; seed <= 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            MemoryState plain = new MemoryState();
            cache = new WriterCache(plain, inMemory, 1L << 20);
            Replica replica = new Replica(Replica.Recovered.fresh(new ReplicaId("seed" + seed, seed)), cache, LIMITS);
            State.Direction direction = random.nextBoolean() ? State.Direction.UP : State.Direction.DOWN;
            for (int step = 0; step < 150; step++) {
                int kind = step == 0 ? 9 : random.nextInt(8);
                replica.write(NOW, transaction -> {
                    changeList(random, transaction, kind, direction);
                    return "";
                });
                CommitBatch changes = replica.takeChanges();
                if (changes != null) {
                    plain.store(changes.keys());
                    cache.committed(changes.keys());
                }
                Bytes end = end(plain.head(LIST).collection(DataType.LIST), direction);
                int rows = 1 + random.nextInt(random.nextInt(4) > 0 ? 2 : 80);
                if (end != null) {
                    assertThat(walk(cache, LIST, RowKind.ITEM, end, direction, rows))
                            .as("%d from %s %s, seed %d, step %d", rows, end, direction, seed, step)
                            .isEqualTo(walk(plain, LIST, RowKind.ITEM, end, direction, rows));
                }
            }
        }
    }

    private static final Bytes LIST = text("list");

    private static @Nullable Bytes end(CollectionMeta collection, State.Direction direction) {
        return direction == State.Direction.UP ? collection.first() : collection.last();
    }

    /** Mostly takes from an end, so that much is read ahead; sometimes changes something there or anywhere. */
    private static void changeList(
            SplittableRandom random, Transaction transaction, int change, State.Direction direction) {
        switch (change) {
            case 0 -> transaction.remove(LIST, DataType.LIST, text(1_000 + random.nextInt(300)));
            case 1 -> transaction.assign(LIST, DataType.LIST, text(1_000 + random.nextInt(300)), text("new"));
            case 9 -> {
                for (int i = 1_000; i < 1_300; i++) {
                    transaction.assign(LIST, DataType.LIST, text(i), text(i));
                }
            }
            default -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    Bytes end = end(transaction.head(LIST).collection(DataType.LIST), direction);
                    if (end != null) {
                        transaction.remove(LIST, DataType.LIST, end);
                    }
                }
            }
        }
    }

    @Test
    void inMemory_rowIsThere_isReadOnceAndNotFromAllRows() {
        Bytes key = text("key");
        KeyHead head = cache.inMemory(key, () -> cache.head(key));
        assertThat(head).isEqualTo(KeyHead.EMPTY);
        assertThat(cache.head(key)).isEqualTo(KeyHead.EMPTY);
        assertThat(counting.heads).isZero();
    }

    @Test
    void inMemory_rowIsNotThere_endsTheStepAndLaterReadsGetIt() {
        Bytes key = text("key");
        inMemory.holdsRows = false;
        AtomicInteger begun = new AtomicInteger();
        assertThatThrownBy(() -> cache.inMemory(key, begun::incrementAndGet)).isInstanceOf(NotInMemory.class);
        assertThatThrownBy(() -> cache.inMemory(null, () -> cache.cell(key, RowKind.FIELD, key)))
                .isInstanceOf(NotInMemory.class);
        assertThat(begun).hasValue(0);
        assertThat(cache.head(key)).isEqualTo(KeyHead.EMPTY);
        assertThat(counting.heads).isEqualTo(1);
    }
}
