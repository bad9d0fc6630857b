package dev.hence.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Cell;
import dev.hence.core.datatype.DataType;
import dev.hence.core.datatype.Element;
import dev.hence.core.datatype.KeyHead;
import dev.hence.core.datatype.RowKind;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.Changes;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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

    /** Counts what is asked of the state below. */
    private static final class Counting implements State {
        private final State state;
        int reads;

        Counting(State state) {
            this.state = state;
        }

        @Override
        public KeyHead head(Bytes key) {
            reads++;
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

    private final Counting counting = new Counting(memory);

    private WriterCache cache = new WriterCache(counting, 1L << 20);

    private static Replica replica(State state) {
        return new Replica(Replica.Recovered.fresh(new ReplicaId("node1", 1)), state, LIMITS);
    }

    private void commit(Replica replica) {
        Changes changes = replica.takeChanges();
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
            cache = new WriterCache(counting, bytesMax);
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
                if (batch % 4 == 0) {
                    assertExact(seed);
                }
                assertThat(cache.bytes()).isBetween(0L, bytesMax);
            }
        }
    }

    @Test
    void head_ofAKeyThatWasWritten_isNotReadAgain() {
        Replica replica = replica(cache);
        for (int i = 0; i < 10; i++) {
            replica.write(NOW, transaction -> {
                transaction.set(text("x"), text("v"));
                return "";
            });
            commit(replica);
        }
        assertThat(counting.reads).isEqualTo(1);
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
        assertThat(counting.reads).as("the head, once").isEqualTo(1);
    }

    @Test
    void elements_ofOneLargeKey_leaveRoomForOthers() {
        cache = new WriterCache(counting, 100_000);
        Replica replica = replica(cache);
        replica.write(NOW, transaction -> {
            transaction.set(text("x"), text("v"));
            return "";
        });
        commit(replica);
        for (int i = 0; i < 2_000; i++) {
            Bytes field = text(i);
            replica.write(NOW, transaction -> {
                transaction.assign(text("hash"), DataType.HASH, field, text("v"));
                return "";
            });
            commit(replica);
        }
        int before = counting.reads;
        cache.head(text("x"));
        assertThat(counting.reads).isEqualTo(before);
    }
}
