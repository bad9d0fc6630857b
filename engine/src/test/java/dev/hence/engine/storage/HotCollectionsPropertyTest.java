package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.commands.Lists;
import dev.hence.core.commands.ScoreRule;
import dev.hence.core.commands.Scored;
import dev.hence.core.commands.Sets;
import dev.hence.core.commands.SortedSets;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/**
 * Walks over collections that change, are loaded, dropped and evicted all the time, compared with the same rows in memory
 * alone.
 *
 * <p>{@code -Dhence.seed=} runs one trace, {@code -Dhence.traces=} more.
 */
final class HotCollectionsPropertyTest {

    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(1_000, 1L << 20), 1L << 24);
    private static final long NOW = 1_750_000_000_000L;
    private static final int KEYS = 4;
    private static final int MEMBERS = 400;

    /** More than fit into memory. */
    private static final int STRINGS = 150;

    private static final int STEPS = 700;
    private static final List<DataType> TYPES = List.of(DataType.values());
    private static final List<RowKind> KINDS = List.of(RowKind.values());

    @TempDir
    Path directory;

    @Test
    void walk_afterRandomCommits_isThatInMemory() throws Exception {
        Long only = Long.getLong("hence.seed");
        long first = only == null ? 1 : only;
        int traces = only == null ? Integer.getInteger("hence.traces", 16) : 1;
        long[] answered = new long[3];
        for (long seed = first; seed < first + traces; seed++) {
            try (RocksFiles files = RocksFiles.open(directory.resolve("db" + seed), () -> {});
                    Trace trace = new Trace(files, new SplittableRandom(seed))) {
                trace.run();
                answered[0] += trace.atOnce;
                answered[1] += trace.withoutSnapshot;
                answered[2] += trace.committedWhileLoading;
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("-Dhence.seed=" + seed + ": " + failed.getMessage(), failed);
            }
        }
        if (only == null) {
            assertThat(answered[0]).as("walks that did not wait").isGreaterThan(traces * 100L);
            assertThat(answered[1]).as("walks without a snapshot").isGreaterThan(traces * 100L);
            assertThat(answered[2]).as("commits while names were loaded").isGreaterThan(traces * 20L);
        }
    }

    /** A walk and what it is compared by. */
    private record Walk(Bytes key, RowKind kind, @Nullable Bytes from, State.Direction direction, int countMax) {
        List<String> rows(State state) {
            List<String> rows = new ArrayList<>();
            boolean all = state.walk(key, kind, from, direction, (row, cell) -> {
                rows.add(row + "=" + cell);
                return rows.size() < countMax;
            });
            rows.add(all ? "the end" : "more");
            return rows;
        }
    }

    private static final class Trace implements AutoCloseable {
        private final MemoryState memory = new MemoryState();
        private final Replica replica = new Replica(Replica.Recovered.fresh(new ReplicaId("node1", 1)), memory, LIMITS);
        private final SplittableRandom random;
        private final RowStore store;
        private boolean woken;
        private int names;
        long atOnce;
        long withoutSnapshot;
        long committedWhileLoading;

        Trace(RocksFiles files, SplittableRandom random) {
            this.random = random;
            // The names of all collections fit, or those of some, or of none.
            long rowBytes = List.of(4L << 20, 400L << 10, 100L << 10).get(random.nextInt(3));
            store = new RowStore(files, new MemoryShares(rowBytes, 32L << 10, 0, 0, 0), () -> woken = true);
        }

        void run() throws RocksDBException {
            for (int step = 0; step < STEPS; step++) {
                write();
                if (random.nextInt(3) > 0) {
                    commit();
                }
                if (woken && random.nextInt(3) == 0) {
                    woken = false;
                    store.loadNames(this::whileLoading);
                }
                if (random.nextInt(30) == 0) {
                    store.catchUp();
                }
                for (int i = 0; i < 3; i++) {
                    compare(walk());
                }
                if (random.nextInt(4) == 0) {
                    compareWhileChanging(walk());
                }
            }
        }

        @Override
        public void close() {
            store.close();
        }

        private boolean whileLoading(long read) {
            if (random.nextInt(read == 0 ? 2 : 40) == 0) {
                committedWhileLoading++;
                commitNow();
            }
            return random.nextInt(2_000) > 0;
        }

        private void commit() throws RocksDBException {
            CommitBatch changes = replica.takeChanges();
            if (changes != null) {
                memory.store(changes.keys());
                store.apply(changes);
            }
        }

        private void write() {
            replica.write(NOW, transaction -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    change(transaction);
                }
                return "";
            });
        }

        private Bytes key(DataType type) {
            return Bytes.utf8(type.name() + random.nextInt(KEYS));
        }

        private Bytes member() {
            int number = random.nextInt(MEMBERS);
            return Bytes.utf8("m" + number + "-".repeat(number % 17 == 0 ? 200 : 3));
        }

        private List<Bytes> members() {
            List<Bytes> members = new ArrayList<>();
            for (int i = random.nextInt(random.nextInt(10) == 0 ? 200 : 8); i >= 0; i--) {
                members.add(member());
            }
            return members;
        }

        private void change(Transaction transaction) {
            DataType type = TYPES.get(random.nextInt(TYPES.size()));
            Bytes key = type == DataType.STRING ? Bytes.utf8("string" + random.nextInt(STRINGS)) : key(type);
            if (random.nextInt(25) == 0) {
                transaction.delete(key);
                return;
            }
            switch (type) {
                // So that other rows are evicted; some do not fit into the table.
                case STRING ->
                    transaction.set(
                            key, Bytes.wrap(new byte[random.nextInt(random.nextInt(9) == 0 ? 60_000 : 30_000)]));
                case SET -> {
                    if (random.nextInt(3) > 0) {
                        Sets.add(transaction, key, members());
                    } else if (random.nextBoolean()) {
                        Sets.pop(transaction, key, random.nextInt(6), random::nextLong);
                    } else {
                        Sets.remove(transaction, key, members());
                    }
                }
                case SORTED_SET -> {
                    if (random.nextInt(3) > 0) {
                        List<Scored> scored = members().stream()
                                .map(member -> new Scored(member, random.nextInt(50)))
                                .toList();
                        SortedSets.add(transaction, key, scored, ScoreRule.ALWAYS);
                    } else {
                        SortedSets.pop(transaction, key, direction(), random.nextInt(6));
                    }
                }
                case LIST -> {
                    Lists.End end = random.nextBoolean() ? Lists.End.LEFT : Lists.End.RIGHT;
                    if (random.nextBoolean()) {
                        Lists.push(transaction, key, end, members());
                    } else {
                        Lists.pop(transaction, key, end, random.nextInt(6), popped -> {});
                    }
                }
                case HASH -> {
                    if (random.nextInt(4) == 0) {
                        transaction.increment(key, type, member(), BigDecimal.ONE);
                    } else if (random.nextInt(60) == 0) {
                        transaction.assign(key, type, member(), Bytes.wrap(new byte[50_000]));
                    } else if (random.nextInt(4) == 0) {
                        transaction.remove(key, type, member());
                    } else {
                        transaction.assign(key, type, member(), Bytes.utf8("v" + names++));
                    }
                }
            }
        }

        private State.Direction direction() {
            return random.nextBoolean() ? State.Direction.UP : State.Direction.DOWN;
        }

        private Walk walk() {
            RowKind kind = KINDS.get(random.nextInt(KINDS.size()));
            DataType type = switch (kind) {
                case FIELD, COUNTED -> DataType.HASH;
                case MEMBER -> DataType.SET;
                case SCORE, RANK -> DataType.SORTED_SET;
                case ITEM -> DataType.LIST;
            };
            Bytes key = key(type);
            Bytes from = random.nextInt(3) == 0 ? null : from(memory.rowsOf(key, kind));
            return new Walk(key, kind, from, direction(), random.nextInt(4) == 0 ? 10_000 : 1 + random.nextInt(40));
        }

        /** A name that exists, or one beside it. */
        private Bytes from(NavigableMap<Bytes, ?> rows) {
            if (rows.isEmpty()) {
                return member();
            }
            byte[] from = new ArrayList<>(rows.keySet())
                    .get(random.nextInt(rows.size()))
                    .toByteArray();
            if (random.nextBoolean() && from.length > 0) {
                from[from.length - 1] += (byte) random.nextInt(-1, 2);
            }
            return Bytes.wrap(from);
        }

        private void compare(Walk walk) {
            List<String> expected = walk.rows(memory);
            Function<State, List<String>> reader = walk::rows;
            Storage.At<List<String>> tried = store.tryRead(reader);
            if (tried != null) {
                atOnce++;
                assertThat(tried.value()).as("at once: %s", walk).isEqualTo(expected);
            }
            Storage.At<List<String>> read = store.read(reader);
            if (read != null) {
                withoutSnapshot++;
                assertThat(read.value()).as("without a snapshot: %s", walk).isEqualTo(expected);
            }
            assertThat(walk.rows(store.rows())).as("%s", walk).isEqualTo(expected);
        }

        /** What a walk gets is of one commit, also if there is another one before it, or at any row of it. */
        private void compareWhileChanging(Walk walk) throws RocksDBException {
            commit();
            List<String> before = walk.rows(memory);
            long position = store.position();
            int[] rowsLeft = {random.nextInt(random.nextBoolean() ? 2 : 40)};
            Function<State, List<String>> reader = state -> walk.rows(new Hooked(state, () -> {
                if (rowsLeft[0]-- == 0) {
                    commitNow();
                }
            }));
            Storage.At<List<String>> read = random.nextBoolean() ? store.tryRead(reader) : store.read(reader);
            if (read != null) {
                List<String> expected = read.position() == position ? before : walk.rows(memory);
                assertThat(read.value()).as("while changing: %s", walk).isEqualTo(expected);
            }
        }

        private void commitNow() {
            try {
                write();
                commit();
            } catch (RocksDBException failed) {
                throw new AssertionError(failed);
            }
        }
    }

    /** A state in whose walks something happens before the first row and after each. */
    private record Hooked(State state, Runnable hook) implements State {
        @Override
        public KeyHead head(Bytes key) {
            return state.head(key);
        }

        @Override
        public Cell cell(Bytes key, RowKind kind, Bytes row) {
            return state.cell(key, kind, row);
        }

        @Override
        public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
            hook.run();
            return state.walk(key, kind, from, direction, (row, cell) -> {
                boolean goesOn = visitor.visit(row, cell);
                hook.run();
                return goesOn;
            });
        }
    }
}
