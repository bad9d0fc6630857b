package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.commands.Lists;
import dev.hence.core.commands.Sets;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** Which collections have their names in memory, and what walks over them need. */
final class HotCollectionsTest {

    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(1_000, 1L << 20), 1L << 24);
    private static final long NOW = 1_750_000_000_000L;
    private static final Bytes SET = Bytes.utf8("set");
    private static final Bytes OTHER = Bytes.utf8("other");
    private static final Bytes LIST = Bytes.utf8("list");

    /** Names of some ten thousand members. */
    private static final MemoryShares SHARES = new MemoryShares(8L << 20, 1L << 20, 0, 0, 0);

    /** Names of some thousand members, or half as many of one set. */
    private static final MemoryShares LITTLE = new MemoryShares(96L << 10, 1L << 20, 0, 0, 0);

    @TempDir
    Path directory;

    private RocksFiles files;
    private RowStore store;
    private Replica replica;
    private final AtomicLong wanted = new AtomicLong();

    @BeforeEach
    void open() {
        files = RocksFiles.open(directory.resolve("db"), () -> {});
        open(SHARES);
    }

    private void open(MemoryShares shares) {
        store = new RowStore(files, shares, wanted::incrementAndGet);
        replica = new Replica(Replica.Recovered.fresh(new ReplicaId("node1", 1)), store.rows(), LIMITS);
    }

    private void reopen(MemoryShares shares) throws RocksDBException {
        store.catchUp();
        store.close();
        open(shares);
    }

    @AfterEach
    void close() {
        store.close();
        files.close();
    }

    private void commit(Transaction.Body<?> body) throws RocksDBException {
        replica.write(NOW, body);
        store.apply(Objects.requireNonNull(replica.takeChanges()));
    }

    private static List<Bytes> members(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> Bytes.utf8("member" + number))
                .toList();
    }

    private static int size(State rows, Bytes key) {
        int[] size = {0};
        rows.walk(key, RowKind.MEMBER, null, Direction.UP, (row, cell) -> {
            size[0]++;
            return true;
        });
        return size[0];
    }

    /** The size of a set by a walk in memory; -1 if that is not possible. */
    private int sizeInMemory(Bytes key) {
        Storage.At<Integer> tried = store.tryRead(rows -> size(rows, key));
        return tried == null ? -1 : tried.value();
    }

    private void load() {
        store.loadNames(any -> true);
    }

    private void makeHot(Bytes key) {
        store.read(rows -> size(rows, key));
        store.read(rows -> size(rows, key));
        load();
    }

    @Test
    void walk_theSecondTime_loadsTheNames() throws Exception {
        commit(transaction -> Sets.add(transaction, SET, members(0, 300)));
        assertThat(store.read(rows -> size(rows, SET))).isNull();
        load();
        assertThat(wanted).hasValue(0);
        assertThat(sizeInMemory(SET)).isEqualTo(-1);

        assertThat(store.read(rows -> size(rows, SET))).isNull();
        assertThat(wanted).hasValue(1);
        long before = store.bytes();
        load();
        assertThat(sizeInMemory(SET)).isEqualTo(300);
        assertThat(store.bytes()).isGreaterThan(before + 300 * 10);

        commit(transaction -> Sets.add(transaction, SET, members(300, 400)));
        assertThat(sizeInMemory(SET)).isEqualTo(400);
        assertThat(wanted).hasValue(1);
    }

    @Test
    void walk_overManyNames_loadsThemWhenThatIsWorthIt() throws Exception {
        commit(transaction -> Sets.add(transaction, SET, members(0, 8_000)));
        for (int walk = 0; walk < 7; walk++) {
            store.read(rows -> size(rows, SET));
            assertThat(wanted).hasValue(0);
        }
        store.read(rows -> size(rows, SET));
        assertThat(wanted).hasValue(1);
        load();

        // All at once is too much for a thread that must not wait.
        assertThat(sizeInMemory(SET)).isEqualTo(-1);
        assertThat(Objects.requireNonNull(store.read(rows -> size(rows, SET))).value())
                .isEqualTo(8_000);
    }

    @Test
    void tryRead_ofAWalkOverLargeRows_isLeftToARead() throws Exception {
        commit(transaction -> {
            for (int number = 0; number < 100; number++) {
                transaction.assign(SET, DataType.HASH, Bytes.utf8("field" + number), Bytes.wrap(new byte[20_000]));
            }
            return "";
        });
        Function<State, Boolean> all = rows -> rows.walk(SET, RowKind.FIELD, null, Direction.UP, (row, cell) -> true);
        store.read(all);
        store.read(all);
        load();
        assertThat(store.read(all)).isNotNull();
        assertThat(store.tryRead(all)).isNull();
        assertThat(store.tryRead(rows -> rows.walk(
                        SET,
                        RowKind.FIELD,
                        null,
                        Direction.UP,
                        (row, cell) -> cell.candidates().isEmpty())))
                .isNotNull();
    }

    @Test
    void walk_byTheThreadThatApplies_needsNoDatabaseWhenTheNamesAreThere() throws Exception {
        commit(transaction -> Sets.add(transaction, SET, members(0, 300)));
        size(store.rows(), SET);
        size(store.rows(), SET);
        load();
        commit(transaction -> Sets.remove(transaction, SET, members(0, 100)));
        long dirty = store.dirtyBytes();
        assertThat(size(store.rows(), SET)).isEqualTo(200);
        assertThat(dirty).isPositive();
        assertThat(store.dirtyBytes()).isEqualTo(dirty);
    }

    @Test
    void delete_leavesAnEmptySetOfNames() throws Exception {
        for (int members : new int[] {10, 300, 5_000}) {
            commit(transaction -> Sets.add(transaction, SET, members(0, members)));
            for (int i = 0; i < 4; i++) {
                makeHot(SET);
            }
            commit(transaction -> transaction.delete(SET));
            assertThat(sizeInMemory(SET)).isZero();
            commit(transaction -> {
                transaction.delete(SET);
                return Sets.add(transaction, SET, members(5, 25));
            });
            assertThat(sizeInMemory(SET)).isEqualTo(20);
            commit(transaction -> {
                transaction.delete(SET);
                return Sets.add(transaction, SET, members(0, 7));
            });
            assertThat(sizeInMemory(SET)).isEqualTo(7);
        }
    }

    @Test
    void walk_rowsThatAreNotInMemory_areThereAfterAFewWalks() throws Exception {
        commit(transaction -> Sets.add(transaction, SET, members(0, 100)));
        reopen(SHARES);
        makeHot(SET);
        assertThat(sizeInMemory(SET)).isEqualTo(-1);
        for (int walk = 0; walk < 3; walk++) {
            assertThat(store.read(rows -> size(rows, SET))).isNull();
            assertThat(size(store.rows(), SET)).isEqualTo(100);
        }
        assertThat(Objects.requireNonNull(store.read(rows -> size(rows, SET))).value())
                .isEqualTo(100);
        assertThat(sizeInMemory(SET)).isEqualTo(100);
    }

    @Test
    void walk_rowsThatMemoryCannotHold_areNotReadOneByOneEachTime() throws Exception {
        commit(transaction -> {
            Sets.add(transaction, SET, List.of(Bytes.wrap(new byte[60_000])));
            return Sets.add(transaction, SET, members(0, 10));
        });
        makeHot(SET);
        long before = store.bytes();
        assertThat(size(store.rows(), SET)).isEqualTo(11);
        assertThat(store.bytes()).isLessThan(before - 60_000);
        wanted.set(0);
        for (int walk = 0; walk < 10; walk++) {
            assertThat(size(store.rows(), SET)).isEqualTo(11);
        }
        assertThat(wanted).hasValue(0);
    }

    @Test
    void names_thatAreTooMany_areNotLoadedAgainAndAgain() throws Exception {
        reopen(LITTLE);
        commit(transaction -> Sets.add(transaction, SET, members(0, 1_000)));
        for (int walk = 0; walk < 40; walk++) {
            assertThat(size(store.rows(), SET)).isEqualTo(1_000);
            load();
        }
        assertThat(wanted).hasValueBetween(1, 3);
        assertThat(sizeInMemory(SET)).isEqualTo(-1);

        wanted.set(0);
        commit(transaction -> Sets.add(transaction, OTHER, members(0, 10_000)));
        size(store.rows(), OTHER);
        for (int walk = 0; walk < 20; walk++) {
            size(store.rows(), OTHER);
        }
        // The number of names shows it.
        assertThat(wanted).hasValue(0);
    }

    @Test
    void names_thatBecomeTooMany_goAndNoOthers() throws Exception {
        reopen(LITTLE);
        commit(transaction -> Sets.add(transaction, OTHER, members(0, 200)));
        makeHot(OTHER);
        commit(transaction -> Sets.add(transaction, SET, members(0, 10)));
        makeHot(SET);
        assertThat(sizeInMemory(SET)).isEqualTo(10);
        for (int size = 20; size <= 700; size += 10) {
            int before = size - 10;
            int after = size;
            commit(transaction -> Sets.add(transaction, SET, members(before, after)));
        }
        assertThat(sizeInMemory(SET)).isEqualTo(-1);
        assertThat(sizeInMemory(OTHER)).isEqualTo(200);
        assertThat(size(store.rows(), SET)).isEqualTo(700);
    }

    @Test
    void load_whileTooManyNamesChange_isGivenUp() throws Exception {
        reopen(LITTLE);
        commit(transaction -> Sets.add(transaction, SET, members(0, 300)));
        store.read(rows -> size(rows, SET));
        store.read(rows -> size(rows, SET));
        store.loadNames(read -> {
            if (read == 10 || read == 20) {
                commitNow(transaction -> Sets.remove(transaction, SET, members(0, 250)));
                commitNow(transaction -> Sets.add(transaction, SET, members(0, 250)));
            }
            return true;
        });
        assertThat(sizeInMemory(SET)).isEqualTo(-1);
        assertThat(size(store.rows(), SET)).isEqualTo(300);
    }

    @Test
    void names_ofCollectionsThatAreUsedLess_makeRoom() throws Exception {
        reopen(LITTLE);
        for (int set = 0; set < 8; set++) {
            Bytes key = Bytes.utf8("set" + set);
            commit(transaction -> Sets.add(transaction, key, members(0, 300)));
        }
        makeHot(Bytes.utf8("set0"));
        for (int set = 1; set < 8; set++) {
            assertThat(sizeInMemory(Bytes.utf8("set0"))).isEqualTo(300);
            makeHot(Bytes.utf8("set" + set));
            assertThat(sizeInMemory(Bytes.utf8("set" + set))).isEqualTo(300);
        }
        assertThat(sizeInMemory(Bytes.utf8("set1"))).isEqualTo(-1);
    }

    @Test
    void load_thatFails_leavesNothing() throws Exception {
        commit(transaction -> Sets.add(transaction, SET, members(0, 300)));
        store.read(rows -> size(rows, SET));
        store.read(rows -> size(rows, SET));
        assertThatThrownBy(() -> store.loadNames(read -> {
                    if (read == 200) {
                        throw new StorageException("the disk");
                    }
                    return true;
                }))
                .hasMessage("the disk");
        assertThat(sizeInMemory(SET)).isEqualTo(-1);
        long before = store.bytes();
        commit(transaction -> Sets.add(transaction, SET, members(0, 1)));
        assertThat(store.bytes()).as("changes are recorded").isEqualTo(before);

        wanted.set(0);
        for (int walk = 0; walk < 30; walk++) {
            assertThat(size(store.rows(), SET)).isEqualTo(300);
        }
        load();
        assertThat(sizeInMemory(SET)).isEqualTo(300);
    }

    @Test
    void load_whileTheCollectionIsErased_isGivenUp() throws Exception {
        commit(transaction -> Sets.add(transaction, SET, members(0, 300)));
        store.read(rows -> size(rows, SET));
        store.read(rows -> size(rows, SET));
        store.loadNames(read -> {
            if (read == 200) {
                commitNow(transaction -> transaction.delete(SET));
                commitNow(transaction -> Sets.add(transaction, SET, members(0, 3)));
            }
            return true;
        });
        assertThat(sizeInMemory(SET)).isEqualTo(-1);
        assertThat(size(store.rows(), SET)).isEqualTo(3);
    }

    @Test
    void load_whileManyNamesChange_hasTheNewest() throws Exception {
        commit(transaction -> Sets.add(transaction, SET, members(0, 300)));
        store.read(rows -> size(rows, SET));
        store.read(rows -> size(rows, SET));
        store.loadNames(read -> {
            if (read == 150) {
                commitNow(transaction -> Sets.add(transaction, SET, members(300, 3_000)));
            } else if (read == 300) {
                commitNow(transaction -> Sets.remove(transaction, SET, members(100, 2_000)));
                commitNow(transaction -> Sets.add(transaction, SET, members(100, 101)));
            }
            return true;
        });
        assertThat(sizeInMemory(SET)).isEqualTo(100 + 1 + 1_000);
    }

    private void commitNow(Transaction.Body<?> body) {
        try {
            commit(body);
        } catch (RocksDBException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void read_thatIsInterruptedAfterManyRows_isNotRunAgain() throws Exception {
        commit(transaction -> Sets.add(transaction, SET, members(0, 3_000)));
        for (int i = 0; i < 3; i++) {
            makeHot(SET);
        }
        int[] runs = {0};
        assertThat(store.read(rows -> {
                    runs[0]++;
                    int[] seen = {0};
                    return rows.walk(SET, RowKind.MEMBER, null, Direction.UP, (row, cell) -> {
                        if (++seen[0] == 2_000) {
                            commitNow(transaction -> Sets.remove(transaction, SET, members(0, 1)));
                        }
                        return true;
                    });
                }))
                .isNull();
        assertThat(runs[0]).isEqualTo(1);
    }

    /** Runs a reader in which something happens once, at one of its steps; the steps are counted from 0. */
    private Storage.At<Integer> sizeWithACommit(int atStep, Transaction.Body<?> body) {
        boolean[] done = new boolean[1];
        return Objects.requireNonNull(store.read(rows -> {
            int[] step = {0};
            Runnable hook = () -> {
                if (step[0]++ == atStep && !done[0]) {
                    done[0] = true;
                    commitNow(body);
                }
            };
            hook.run();
            rows.walk(SET, RowKind.MEMBER, null, Direction.UP, (row, cell) -> {
                hook.run();
                return true;
            });
            return step[0] - 1;
        }));
    }

    @Test
    void read_whoseRowsGoBeforeOrDuringAWalk_isOfOneCommit() throws Exception {
        for (int step = 0; step <= 70; step++) {
            commit(transaction -> Sets.add(transaction, SET, members(0, 70)));
            makeHot(SET);
            Storage.At<Integer> read =
                    sizeWithACommit(step, transaction -> Sets.remove(transaction, SET, members(0, 70)));
            // After the last row it makes no difference: all that was read is of the commit before.
            int expected = read.position() == store.position() ? 0 : 70;
            assertThat(read.value()).as("at step %s", step).isEqualTo(expected);
        }
    }

    @Test
    void read_whoseRowsChangeDuringAWalk_isOfOneCommit() throws Exception {
        for (int step = 0; step < 39; step++) {
            int changedAt = step;
            commitNow(transaction -> fields(transaction, "before"));
            Function<State, List<Bytes>> unchanging = rows -> values(rows, () -> {}, -1);
            store.read(unchanging);
            store.read(unchanging);
            load();
            boolean[] done = new boolean[1];
            Storage.At<List<Bytes>> read = Objects.requireNonNull(store.read(rows -> values(
                    rows,
                    () -> {
                        if (!done[0]) {
                            done[0] = true;
                            commitNow(transaction -> fields(transaction, "after"));
                        }
                    },
                    changedAt)));
            assertThat(read.value()).hasSize(40).containsOnly(Bytes.utf8("after"));
            assertThat(read.position()).isEqualTo(store.position());
        }
    }

    private static String fields(Transaction transaction, String value) {
        for (int number = 0; number < 50; number++) {
            transaction.assign(OTHER, DataType.HASH, Bytes.utf8("field" + number), Bytes.utf8(value));
        }
        return "";
    }

    /** The values of the first 40 fields; something happens after one of them. */
    private static List<Bytes> values(State rows, Runnable hook, int hookedAt) {
        List<Bytes> values = new ArrayList<>();
        rows.walk(OTHER, RowKind.FIELD, null, Direction.UP, (row, cell) -> {
            if (values.size() == hookedAt) {
                hook.run();
            }
            values.add(Objects.requireNonNull(cell.value()));
            return values.size() < 40;
        });
        return values;
    }

    /** A list and a set of consecutive numbers; each commit removes the smallest and adds one. */
    @Test
    void read_ofAWalkWhileRowsChange_isOfOneCommit() throws Exception {
        int size = 150;
        int commits = 6_000;
        commit(transaction -> {
            for (int number = 1; number <= size; number++) {
                Lists.push(transaction, LIST, Lists.End.RIGHT, List.of(Bytes.utf8("" + number)));
                Sets.add(transaction, SET, List.of(Bytes.utf8("" + number)));
            }
            return "";
        });
        AtomicReference<String> done = new AtomicReference<>("");
        AtomicLong atOnce = new AtomicLong();
        AtomicLong answered = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> others = new ArrayList<>();
            for (int reader = 0; reader < 2; reader++) {
                Direction direction = reader == 0 ? Direction.UP : Direction.DOWN;
                others.add(threads.submit(() -> {
                    while (done.get().isEmpty()) {
                        atOnce.addAndGet(requireConsecutive(store.tryRead(rows -> numbers(rows, direction)), size));
                        answered.addAndGet(requireConsecutive(store.read(rows -> numbers(rows, direction)), size));
                    }
                    return "";
                }));
            }
            others.add(threads.submit(() -> {
                while (done.get().isEmpty()) {
                    load();
                    store.catchUp();
                }
                return "";
            }));
            try {
                for (int number = size + 1; number <= size + commits; number++) {
                    Bytes next = Bytes.utf8("" + number);
                    Bytes first = Bytes.utf8("" + (number - size));
                    commit(transaction -> {
                        Lists.pop(transaction, LIST, Lists.End.LEFT, 1, popped -> {});
                        Lists.push(transaction, LIST, Lists.End.RIGHT, List.of(next));
                        Sets.remove(transaction, SET, List.of(first));
                        return Sets.add(transaction, SET, List.of(next));
                    });
                }
            } finally {
                done.set("done");
            }
            for (Future<?> other : others) {
                other.get();
            }
        }
        assertThat(atOnce).hasPositiveValue();
        assertThat(answered).hasPositiveValue();
    }

    private static List<List<Long>> numbers(State rows, Direction direction) {
        List<Long> ofList = new ArrayList<>();
        rows.walk(LIST, RowKind.ITEM, null, direction, (row, cell) -> {
            ofList.add(number(Objects.requireNonNull(cell.value())));
            return true;
        });
        List<Long> ofSet = new ArrayList<>();
        rows.walk(SET, RowKind.MEMBER, null, direction, (row, cell) -> {
            ofSet.add(number(Element.of(DataType.SET, row)));
            return true;
        });
        return List.of(
                direction == Direction.UP ? ofList : ofList.reversed(),
                ofSet.stream().sorted().toList());
    }

    private static long number(Bytes text) {
        return Long.parseLong(new String(text.array(), StandardCharsets.UTF_8));
    }

    private static long requireConsecutive(Storage.@Nullable At<List<List<Long>>> read, int size) {
        if (read == null) {
            return 0;
        }
        List<Long> expected = LongStream.range(0, size)
                .mapToObj(number -> read.position() + number)
                .toList();
        assertThat(read.value()).containsExactly(expected, expected);
        return 1;
    }
}
