package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;

/** Rows in little memory before a database, compared with the same rows in memory alone. */
final class RowStoreTest {

    /** So that rows are evicted, written and read again all the time. */
    private static final MemoryShares LITTLE = new MemoryShares(1L << 20, 16L << 10, 0, 0, 0);

    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(1_000, 1L << 20), 1L << 24);
    private static final long NOW = 1_750_000_000_000L;
    private static final int KEYS = 40;
    private static final int ELEMENTS = 120;

    @TempDir
    Path directory;

    private static Bytes key(int number) {
        return Bytes.utf8("key" + number);
    }

    private static Replica replica(State state) {
        return new Replica(Replica.Recovered.fresh(new ReplicaId("node1", 1)), state, LIMITS);
    }

    /** A store and what it is to hold, with the heads after each update. */
    private static final class Both {
        final MemoryState memory = new MemoryState();
        final Replica replica = replica(memory);
        final List<List<KeyHead>> history = new ArrayList<>();
        final RowStore store;
        boolean dirty;

        Both(RocksFiles files) {
            store = new RowStore(files, LITTLE, () -> dirty = true);
            remember();
        }

        void remember() {
            List<KeyHead> heads = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                heads.add(memory.head(key(i)));
            }
            history.add(heads);
        }

        void commit() throws RocksDBException {
            CommitBatch changes = replica.takeChanges();
            if (changes != null) {
                memory.store(changes.keys());
                store.apply(changes);
                for (int i = 1; i < changes.delivered().size(); i++) {
                    // Within a commit there is no state.
                    history.add(List.of());
                }
                remember();
            }
        }

        void write(SplittableRandom random) {
            replica.write(NOW, transaction -> {
                change(transaction, random);
                return "";
            });
        }

        private static void change(Transaction transaction, SplittableRandom random) {
            Bytes key = key(random.nextInt(KEYS));
            Bytes name = Bytes.utf8("e" + random.nextInt(ELEMENTS));
            switch (random.nextInt(12)) {
                case 0 -> transaction.delete(key);
                case 1 -> transaction.set(key, Bytes.wrap(new byte[random.nextInt(60_000)]));
                case 2, 3, 4 -> transaction.set(key, Bytes.wrap(new byte[random.nextInt(2_000)]));
                case 5 -> {
                    transaction.delete(key);
                    for (int i = 0; i < ELEMENTS; i++) {
                        transaction.assign(key, DataType.HASH, Bytes.utf8("e" + i), Bytes.utf8("of many"));
                    }
                }
                default -> {
                    transaction.delete(key);
                    transaction.assign(key, DataType.HASH, name, Bytes.wrap(new byte[random.nextInt(300)]));
                }
            }
        }

        void compare(SplittableRandom random) {
            Bytes key = key(random.nextInt(KEYS));
            State rows = store.rows();
            assertThat(rows.head(key)).isEqualTo(memory.head(key));
            Bytes name = Bytes.utf8("e" + random.nextInt(ELEMENTS));
            assertThat(rows.cell(key, RowKind.FIELD, name)).isEqualTo(memory.cell(key, RowKind.FIELD, name));
            if (random.nextInt(20) == 0) {
                assertThat(walked(rows, key)).isEqualTo(walked(memory, key));
            }
        }
    }

    private static List<String> walked(State state, Bytes key) {
        List<String> rows = new ArrayList<>();
        state.walk(key, RowKind.FIELD, null, State.Direction.UP, (row, cell) -> rows.add(row + "=" + cell));
        return rows;
    }

    @Test
    void rows_afterRandomCommits_areThoseInMemoryAndInTheDatabaseThoseOfABeginning() throws Exception {
        for (long seed = 1; seed <= 6; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            try (RocksFiles files = RocksFiles.open(directory.resolve("db" + seed), () -> {})) {
                Both both = new Both(files);
                try (RowStore store = both.store) {
                    for (int step = 0; step < 1_500; step++) {
                        both.write(random);
                        if (random.nextInt(3) > 0) {
                            both.commit();
                        }
                        for (int i = 0; i < 4; i++) {
                            both.compare(random);
                        }
                        if (both.dirty && random.nextInt(4) == 0) {
                            both.dirty = false;
                            store.catchUp();
                        }
                        if (random.nextInt(50) == 0) {
                            requireBeginning(files, both.history);
                        }
                    }
                    both.commit();
                    store.catchUp();
                    assertThat(requireBeginning(files, both.history)).isEqualTo(both.history.size() - 1L);
                }
            }
        }
    }

    /** The database holds exactly the rows of the updates that it says it holds; returns their number. */
    private static long requireBeginning(RocksFiles files, List<List<KeyHead>> history) {
        MetaRows meta = new MetaRows(files);
        try (ReadOptions newest = new ReadOptions()) {
            RocksState rows = new RocksState(files, meta.replicaNumbers(), newest, null);
            long held = meta.progress(meta.replicaNumbers()).nextSequence();
            List<KeyHead> expected = history.get((int) held);
            assertThat(expected).as("rows of a part of a commit").isNotEmpty();
            for (int i = 0; i < KEYS; i++) {
                assertThat(rows.head(key(i))).as("key%d after %d", i, held).isEqualTo(expected.get(i));
            }
            return held;
        }
    }

    /** Each value is the number of its update. */
    @Test
    void position_whateverAReaderSees_isNotOlder() throws Exception {
        int keys = 3_000;
        AtomicLongArray published = new AtomicLongArray(keys);
        AtomicLong done = new AtomicLong();
        try (RocksFiles files = RocksFiles.open(directory.resolve("db"), () -> {});
                RowStore store = new RowStore(files, LITTLE, () -> {});
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> readers = new ArrayList<>();
            for (int seed = 0; seed < 2; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                readers.add(threads.submit(() -> {
                    while (done.get() == 0) {
                        int key = random.nextInt(keys);
                        long before = published.get(key);
                        long seen = number(store.rows().head(key(key)));
                        assertThat(seen).isGreaterThanOrEqualTo(before);
                        assertThat(store.position()).isGreaterThanOrEqualTo(seen);
                        if (random.nextInt(200) == 0) {
                            store.catchUp();
                        }
                    }
                    return "done";
                }));
            }
            commitNumbers(store, keys, published);
            done.set(1);
            for (Future<?> reader : readers) {
                assertThat(reader.get()).isEqualTo("done");
            }
        }
    }

    /** All keys have the same value after each commit. */
    @Test
    void read_ofSeveralRowsWhileTheyChange_isOfOneCommitOrNothing() throws Exception {
        int keys = 12;
        AtomicLong done = new AtomicLong();
        AtomicLong answered = new AtomicLong();
        AtomicLong triedInTime = new AtomicLong();
        try (RocksFiles files = RocksFiles.open(directory.resolve("db"), () -> {});
                RowStore store = new RowStore(files, LITTLE, () -> {});
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> {
                    while (done.get() == 0) {
                        Function<State, Set<Long>> reader = rows -> {
                            Set<Long> values = new HashSet<>();
                            for (int key = 0; key < keys; key++) {
                                values.add(number(rows.head(key(key))));
                            }
                            return values;
                        };
                        store.expect(List.of(key(0), key(1)));
                        Storage.At<Set<Long>> tried = store.tryRead(reader);
                        if (tried != null) {
                            assertThat(tried.value()).containsExactly(tried.position());
                            triedInTime.incrementAndGet();
                        }
                        Storage.At<Set<Long>> read = store.read(reader);
                        if (read != null) {
                            assertThat(read.value()).containsExactly(read.position());
                            answered.incrementAndGet();
                        }
                    }
                    return "done";
                }));
            }
            Replica replica = replica(store.rows());
            for (int number = 1; number <= 4_000; number++) {
                String value = number + " ".repeat(number % 900);
                replica.write(NOW, transaction -> {
                    for (int key = 0; key < keys; key++) {
                        transaction.set(key(key), Bytes.utf8(value));
                    }
                    return "";
                });
                store.apply(Objects.requireNonNull(replica.takeChanges()));
            }
            done.set(1);
            for (Future<?> reader : readers) {
                assertThat(reader.get()).isEqualTo("done");
            }
            assertThat(answered).hasPositiveValue();
            assertThat(triedInTime).hasPositiveValue();
        }
    }

    @Test
    void read_thatWalks_needsASnapshot() throws Exception {
        try (RocksFiles files = RocksFiles.open(directory.resolve("db"), () -> {});
                RowStore store = new RowStore(files, LITTLE, () -> {})) {
            assertThat(store.read(rows -> walked(rows, key(1)))).isNull();
            assertThatThrownBy(() -> store.read(rows -> {
                        throw new IllegalStateException("of the reader");
                    }))
                    .hasMessage("of the reader");
        }
    }

    @Test
    void tryRead_rowThatIsNotInMemoryOrAWalk_isEmptyUntilARead() throws Exception {
        try (RocksFiles files = RocksFiles.open(directory.resolve("db"), () -> {})) {
            try (RowStore store = new RowStore(files, LITTLE, () -> {})) {
                Replica replica = replica(store.rows());
                replica.write(NOW, transaction -> {
                    transaction.set(key(1), Bytes.utf8("7"));
                    return "";
                });
                store.apply(Objects.requireNonNull(replica.takeChanges()));
                assertThat(store.tryRead(rows -> number(rows.head(key(1))))).isNotNull();
                // All rows that there are are in memory.
                assertThat(store.tryRead(rows -> number(rows.head(key(2))))).isNotNull();
                assertThat(store.tryRead(rows -> walked(rows, key(1)))).isNull();
                store.catchUp();
            }
            try (RowStore store = new RowStore(files, LITTLE, () -> {})) {
                store.expect(List.of(key(1), key(2)));
                assertThat(store.tryRead(rows -> number(rows.head(key(1))))).isNull();
                assertThat(store.tryRead(rows -> number(rows.head(key(2))))).isNull();

                assertThat(store.read(rows -> number(rows.head(key(1))))).isNotNull();
                assertThat(store.read(rows -> number(rows.head(key(2))))).isNotNull();

                Storage.At<Long> tried = store.tryRead(rows -> number(rows.head(key(1))) + number(rows.head(key(2))));
                assertThat(Objects.requireNonNull(tried).value()).isEqualTo(7);
            }
        }
    }

    private static void commitNumbers(RowStore store, int keys, AtomicLongArray published) throws RocksDBException {
        SplittableRandom random = new SplittableRandom(3);
        Replica replica = replica(store.rows());
        for (long number = 1; number <= 20_000; ) {
            List<Integer> changed = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int key = random.nextInt(keys);
                String value = number++ + " ".repeat(random.nextInt(600));
                replica.write(NOW, transaction -> {
                    transaction.set(key(key), Bytes.utf8(value));
                    return "";
                });
                changed.add(key);
            }
            long first = number - 20;
            store.apply(Objects.requireNonNull(replica.takeChanges()));
            for (int i = 0; i < 20; i++) {
                published.set(changed.get(i), first + i);
            }
        }
    }

    private static long number(KeyHead head) {
        Bytes value = head.string().value();
        return value == null ? 0 : Long.parseLong(new String(value.array(), StandardCharsets.UTF_8).strip());
    }
}
