package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares rows on disk with the same rows in memory, after random batches of two replicas. */
final class RocksStateTest {

    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(1_000, 1L << 20), 1L << 20);
    private static final List<Bytes> KEYS =
            List.of(Bytes.utf8("a"), Bytes.wrap(new byte[] {'a', 0}), Bytes.wrap(new byte[] {'a', 0, 1}), Bytes.EMPTY);
    private static final List<DataType> COUNTED = List.of(DataType.STRING, DataType.HASH, DataType.SORTED_SET);
    private static final List<DataType> COLLECTIONS =
            List.of(DataType.HASH, DataType.SET, DataType.SORTED_SET, DataType.LIST);

    @TempDir
    Path temporary;

    /** A replica whose changes go to a storage and to memory. */
    private static final class Both {
        final Storage storage;
        final MemoryState memory;
        final Replica replica;

        Both(Storage storage, MemoryState memory) {
            this.storage = storage;
            this.memory = memory;
            this.replica = new Replica(storage.recovered(), memory, LIMITS);
        }

        void commit() {
            CommitBatch changes = replica.takeChanges();
            if (changes != null) {
                memory.store(changes.keys());
                storage.commit(changes, false);
            }
        }
    }

    @Test
    void state_afterRandomBatches_isThatInMemory() {
        for (long seed = 1; seed <= 12; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Path directory = temporary.resolve("seed" + seed);
            MemoryState memory = new MemoryState();
            try (Storage storage = DataDirectory.open(directory, "node1", "hence", FsyncPolicy.NEVER)) {
                Both both = new Both(storage, memory);
                MemoryState otherMemory = new MemoryState();
                Replica other = new Replica(Replica.Recovered.fresh(new ReplicaId("node2", 2)), otherMemory, LIMITS);
                for (int batch = 0; batch < 40; batch++) {
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        write(random, random.nextInt(3) > 0 ? both.replica : other);
                    }
                    if (random.nextInt(5) == 0) {
                        deliver(other, otherMemory, both.replica);
                    }
                    both.commit();
                    assertSame(both, seed);
                }
            }
            try (Storage reopened = DataDirectory.open(directory, "node1", "hence", FsyncPolicy.NEVER)) {
                assertSame(new Both(reopened, memory), seed);
            }
        }
    }

    @Test
    void read_largeRow_takesItsMemoryBeforeItIsRead() {
        Bytes large = Bytes.wrap(new byte[200_000]);
        try (Storage storage = DataDirectory.open(temporary.resolve("large"), "node1", "hence", FsyncPolicy.NEVER)) {
            Both both = new Both(storage, new MemoryState());
            both.replica.write(Batches.NOW, transaction -> {
                transaction.set(Bytes.utf8("large"), large);
                transaction.set(Bytes.utf8("small"), Bytes.utf8("v"));
                return "";
            });
            both.commit();
            ScopedValue.where(LargeRows.BUYER, bytes -> {
                        throw new NoRoomException(bytes);
                    })
                    .run(() -> {
                        assertThat(storage.head(Bytes.utf8("small"))).isNotEqualTo(KeyHead.EMPTY);
                        assertThatThrownBy(() -> storage.head(Bytes.utf8("large")))
                                .isInstanceOfSatisfying(
                                        NoRoomException.class,
                                        none -> assertThat(none.wantedBytes()).isBetween(200_000L, 200_100L));
                    });
            assertThat(storage.head(Bytes.utf8("large")).string().value()).isEqualTo(large);
        }
    }

    private static void deliver(Replica from, MemoryState memory, Replica to) {
        CommitBatch changes = from.takeChanges();
        if (changes != null) {
            memory.store(changes.keys());
            changes.delivered().forEach(update -> to.receive(update, Batches.NOW));
        }
    }

    private static void write(SplittableRandom random, Replica replica) {
        replica.write(Batches.NOW, transaction -> {
            for (int i = random.nextInt(6); i >= 0; i--) {
                write(random, transaction);
            }
            return "";
        });
    }

    private static void write(SplittableRandom random, Transaction transaction) {
        Bytes key = KEYS.get(random.nextInt(KEYS.size()));
        DataType type = COLLECTIONS.get(random.nextInt(COLLECTIONS.size()));
        Bytes element = Bytes.wrap(new byte[] {(byte) random.nextInt(4), (byte) -random.nextInt(3)});
        switch (random.nextInt(12)) {
            case 0 -> transaction.set(key, element);
            case 1 -> transaction.delete(key);
            case 2 -> transaction.expire(key, random.nextBoolean() ? Deadlines.NONE : random.nextInt(1_000));
            case 3 -> {
                // More elements than are deleted one by one.
                for (int i = 0; i < 100; i++) {
                    transaction.assign(key, type, Bytes.utf8(String.valueOf(i)), value(type, i));
                }
            }
            case 4 -> transaction.remove(key, type, element);
            case 5, 6 -> {
                DataType counted = COUNTED.get(random.nextInt(COUNTED.size()));
                transaction.increment(key, counted, counted == DataType.STRING ? Bytes.EMPTY : element, BigDecimal.TEN);
            }
            default -> transaction.assign(key, type, element, value(type, random.nextInt(50)));
        }
    }

    private static Bytes value(DataType type, int number) {
        return type == DataType.SET ? Bytes.EMPTY : Bytes.utf8(String.valueOf(number));
    }

    private static void assertSame(Both both, long seed) {
        TreeSet<Storage.Due> due =
                new TreeSet<>(Comparator.comparingLong(Storage.Due::millis).thenComparing(Storage.Due::key));
        int keys = 0;
        int expiring = 0;
        for (Bytes key : KEYS) {
            KeyHead head = both.memory.head(key);
            keys += head.type() == null ? 0 : 1;
            if (head.deadlines().latest() != Deadlines.NONE) {
                expiring += head.type() == null ? 0 : 1;
                due.add(new Storage.Due(head.deadlines().latest(), key));
            }
            try (Storage.Snapshot snapshot = both.storage.snapshot()) {
                for (State state : List.of(both.storage, snapshot)) {
                    assertThat(state.head(key))
                            .as("head of %s, seed %d", key, seed)
                            .isEqualTo(head);
                    for (RowKind kind : RowKind.values()) {
                        assertSameRows(both.memory, state, key, kind, seed);
                    }
                }
            }
        }
        assertThat(both.storage.keys()).as("keys, seed %d", seed).isEqualTo(keys);
        assertThat(both.storage.expiringKeys()).as("expiring, seed %d", seed).isEqualTo(expiring);
        assertThat(both.storage.due(null, Long.MAX_VALUE, 100))
                .as("due, seed %d", seed)
                .containsExactlyElementsOf(due);
        for (Storage.Due each : due) {
            assertThat(both.storage.due(each, 500, 2))
                    .as("due after %s, seed %d", each, seed)
                    .containsExactlyElementsOf(due.tailSet(each, false).stream()
                            .filter(next -> next.millis() <= 500)
                            .limit(2)
                            .toList());
        }
    }

    private static void assertSameRows(MemoryState memory, State state, Bytes key, RowKind kind, long seed) {
        List<@Nullable Bytes> starts = new ArrayList<>(memory.rowsOf(key, kind).keySet());
        starts.add(null);
        starts.add(Bytes.EMPTY);
        starts.add(Bytes.wrap(new byte[] {(byte) 0x80}));
        starts.add(Bytes.wrap(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}));
        for (Direction direction : Direction.values()) {
            for (Bytes start : starts.subList(Math.max(0, starts.size() - 12), starts.size())) {
                assertThat(walk(state, key, kind, start, direction))
                        .as("%s of %s from %s %s, seed %d", kind, key, start, direction, seed)
                        .isEqualTo(walk(memory, key, kind, start, direction));
            }
        }
        if (!kind.isIndex()) {
            memory.rowsOf(key, kind)
                    .forEach((row, cell) ->
                            assertThat(state.cell(key, kind, row)).isEqualTo(cell));
            assertThat(state.cell(key, kind, Bytes.utf8("no such row"))).isEqualTo(Cell.EMPTY);
        }
    }

    private static List<String> walk(State state, Bytes key, RowKind kind, @Nullable Bytes from, Direction direction) {
        List<String> rows = new ArrayList<>();
        boolean all = state.walk(key, kind, from, direction, (row, cell) -> {
            rows.add(row + " " + cell);
            return true;
        });
        assertThat(all).isTrue();
        return rows;
    }

    @Test
    void walk_thatHasEnough_endsThere() {
        try (Storage storage = DataDirectory.open(temporary, "node1", "hence", FsyncPolicy.NEVER)) {
            new Batches(storage).commit(transaction -> {
                for (int i = 0; i < 10; i++) {
                    transaction.assign(KEYS.getFirst(), DataType.LIST, Bytes.utf8("" + i), Bytes.EMPTY);
                }
                return "";
            });
            List<Bytes> seen = new ArrayList<>();
            boolean all = storage.walk(KEYS.getFirst(), RowKind.ITEM, null, Direction.DOWN, (row, cell) -> {
                seen.add(row);
                return seen.size() < 3;
            });
            assertThat(all).isFalse();
            assertThat(seen).containsExactly(Bytes.utf8("9"), Bytes.utf8("8"), Bytes.utf8("7"));
        }
    }

    @Test
    void snapshot_afterMoreCommits_showsWhatItDidAndItsPosition() {
        try (Storage storage = DataDirectory.open(temporary, "node1", "hence", FsyncPolicy.NEVER)) {
            Batches batches = new Batches(storage);
            batches.set("x", "A");
            long position = storage.position();
            try (Storage.Snapshot snapshot = storage.snapshot()) {
                batches.set("x", "B");
                batches.commit(transaction -> {
                    transaction.assign(KEYS.getFirst(), DataType.SET, Bytes.utf8("m"), Bytes.EMPTY);
                    return "";
                });
                assertThat(Objects.requireNonNull(
                                snapshot.head(Bytes.utf8("x")).string().value()))
                        .isEqualTo(Bytes.utf8("A"));
                assertThat(snapshot.head(KEYS.getFirst())).isEqualTo(KeyHead.EMPTY);
                assertThat(walk(snapshot, KEYS.getFirst(), RowKind.MEMBER, null, Direction.UP))
                        .isEmpty();
                assertThat(snapshot.position()).isEqualTo(position);
            }
            assertThat(walk(storage, KEYS.getFirst(), RowKind.MEMBER, null, Direction.UP))
                    .hasSize(1);
        }
    }
}
