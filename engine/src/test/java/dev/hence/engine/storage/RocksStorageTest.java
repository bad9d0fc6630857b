package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.update.Update;
import dev.hence.property.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

final class RocksStorageTest {

    private static final ReplicaId OTHER = new ReplicaId("node2", 2);

    @TempDir
    Path directory;

    private Storage storage;
    private Batches batches;

    @BeforeEach
    void open() {
        storage = DataDirectory.open(directory, "node1", "hence", FsyncPolicy.NEVER);
        batches = new Batches(storage);
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private void reopen() {
        close();
        open();
    }

    private static Bytes key(String text) {
        return Bytes.utf8(text);
    }

    private String value(String key) {
        Bytes value = storage.head(key(key)).string().value();
        return value == null ? "absent" : value.toString();
    }

    private List<String> scan(String prefix, String after, int limit) {
        return storage.scan(key(prefix), after.isEmpty() ? null : key(after), limit, 1_000_000).rows().stream()
                .map(row -> row.key().toString())
                .toList();
    }

    @Test
    void commit_thenRead_showsTheState() {
        batches.set("x", "A");
        batches.set("y", "B");
        batches.delete("x");
        assertThat(value("x")).isEqualTo("absent");
        assertThat(value("y")).isEqualTo("B");
        assertThat(storage.deliveredCount()).isEqualTo(3);
    }

    @Test
    void reopen_afterCommits_hasStateLogAndClock() {
        Update first = batches.set("x", "A");
        List<Update> theirs = Batches.madeElsewhere(OTHER, "y", "z");
        batches.receive(theirs);
        long timestamp = theirs.getLast().timestamp();
        reopen();
        assertThat(storage.recovered().clock()).isEqualTo(first.clock().with(OTHER, 2));
        assertThat(storage.recovered().timestamp()).isGreaterThanOrEqualTo(timestamp);
        assertThat(value("x")).isEqualTo("A");
        assertThat(value("z")).isEqualTo("z of node2");
        assertThat(storage.deliveries(0, 10, 1_000_000)).containsExactly(first, theirs.get(0), theirs.get(1));
        assertThat(batches.set("w", "C").dot()).isEqualTo(first.dot().next());
    }

    @Test
    void position_afterACommit_hasMovedOn() {
        long before = storage.position();
        batches.set("x", "A");
        assertThat(storage.position()).isGreaterThan(before);
        assertThat(storage.scan(Bytes.EMPTY, null, 1, 1).position()).isEqualTo(storage.position());
    }

    @Test
    void scan_prefixAfterAndLimit_giveKeysInOrder() {
        for (String key : List.of("b", "a", "a\0", "a\u0001", "ab", "c", "")) {
            batches.set(key, "v");
        }
        assertThat(scan("", "", 10)).containsExactly("", "a", "a\0", "a\u0001", "ab", "b", "c");
        assertThat(scan("a", "", 10)).containsExactly("a", "a\0", "a\u0001", "ab");
        assertThat(scan("a", "a", 2)).containsExactly("a\0", "a\u0001");
        assertThat(scan("a", "ab", 10)).isEmpty();
        assertThat(scan("b", "a", 10)).containsExactly("b");
        assertThat(scan("b", "c", 10)).isEmpty();
    }

    @Test
    void scan_moreThanItsBounds_saysThatThereIsMore() {
        for (String key : List.of("a", "b", "c")) {
            batches.set(key, "v".repeat(100));
        }
        Storage.Scan byCount = storage.scan(Bytes.EMPTY, null, 2, 1_000_000);
        assertThat(byCount.rows()).hasSize(2);
        assertThat(byCount.more()).isTrue();
        Storage.Scan byBytes = storage.scan(Bytes.EMPTY, null, 10, 1);
        assertThat(byBytes.rows()).hasSize(1);
        assertThat(byBytes.more()).isTrue();
        assertThat(storage.scan(Bytes.EMPTY, null, 3, 1_000_000).more()).isFalse();
    }

    @Test
    void log_byOriginAndByDelivery_givesEveryUpdateOnceInOrder() {
        Update first = batches.set("x", "A");
        List<Update> theirs = Batches.madeElsewhere(OTHER, "p", "q", "r");
        batches.receive(theirs);
        Update second = batches.delete("x");

        assertThat(storage.updatesOf(OTHER, 0, 1_000_000)).isEqualTo(theirs);
        assertThat(storage.updatesOf(OTHER, 2, 1_000_000)).containsExactly(theirs.get(2));
        assertThat(storage.updatesOf(OTHER, 3, 1_000_000)).isEmpty();
        assertThat(storage.updatesOf(first.dot().replica(), 0, 1_000_000)).containsExactly(first, second);
        assertThat(storage.updatesOf(new ReplicaId("node9", 9), 0, 1_000_000)).isEmpty();
        assertThat(storage.deliveries(3, 10, 1_000_000)).containsExactly(theirs.get(2), second);
        assertThat(storage.deliveries(1, 1, 1_000_000)).containsExactly(theirs.get(0));
        assertThat(storage.deliveries(5, 10, 1_000_000)).isEmpty();
        assertThat(storage.sequenceOf(second.dot())).isEqualTo(4);
        assertThat(storage.sequenceOf(second.dot().next())).isEqualTo(-1);
        assertThat(storage.sequenceOf(new Dot(new ReplicaId("node9", 9), 1))).isEqualTo(-1);
        assertThat(storage.update(theirs.get(1).dot())).isEqualTo(theirs.get(1));
        assertThat(storage.update(second.dot().next())).isNull();
    }

    @Test
    void eachNaming_aText_showsEveryUpdateAfterTheCounterThatHasItInTheirOrder() {
        ReplicaId self = storage.recovered().self();
        batches.set("needle", "too early");
        Update inKey = batches.set("the needle", "hay");
        batches.set("hay", "more hay");
        batches.receive(Batches.madeElsewhere(OTHER, "needle"));
        Update inValue = batches.set("x", "a needle ");
        List<Update> shown = new ArrayList<>();
        storage.eachNaming(self, 1, key("needle"), shown::add);
        assertThat(shown).containsExactly(inKey, inValue);
        storage.eachNaming(new ReplicaId("node9", 9), 0, key("needle"), update -> {
            throw new AssertionError(update);
        });
    }

    @Test
    void updatesOf_manySmallOnes_areBoundedInMemoryToo() {
        for (int i = 0; i < 50; i++) {
            batches.set("k", "v");
        }
        ReplicaId self = storage.recovered().self();
        assertThat(storage.updatesOf(self, 0, 3_000)).hasSizeLessThan(15);
        assertThat(storage.deliveries(0, 50, 3_000)).hasSizeLessThan(15);
        assertThat(storage.updatesOf(self, 0, 1)).hasSize(1);
    }

    @Test
    void head_damagedRow_failsAsTheStorageDoes() throws RocksDBException {
        batches.set("y", "v");
        close();
        try (RocksFiles files = RocksFiles.open(directory.resolve("db"), () -> {})) {
            files.db().put(files.state(), RowKeys.head(key("x")), new byte[] {0x0A, 0x7F});
        }
        open();
        assertThatThrownBy(() -> storage.head(key("x"))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> storage.scan(Bytes.EMPTY, null, 1, 1)).isInstanceOf(StorageException.class);
    }

    @Test
    void close_whileManyRead_endsThemWithAClearError() throws Exception {
        for (int i = 0; i < 200; i++) {
            batches.set("key" + i, "v".repeat(100));
        }
        batches.commit(transaction -> {
            for (int i = 0; i < 100; i++) {
                transaction.assign(key("h"), DataType.HASH, key("f" + i), key("v"));
            }
            return "";
        });
        ReplicaId self = storage.recovered().self();
        List<Runnable> reads = List.of(
                () -> storage.head(key("key7")),
                () -> storage.scan(Bytes.EMPTY, null, 100, 1_000_000),
                () -> storage.updatesOf(self, 0, 1_000_000),
                () -> storage.deliveries(0, 100, 1_000_000),
                () -> storage.sequenceOf(new Dot(self, 3)),
                () -> storage.update(new Dot(self, 3)),
                storage::position,
                () -> storage.cell(key("h"), RowKind.FIELD, key("f")),
                () -> storage.walk(key("h"), RowKind.FIELD, null, Direction.UP, (row, cell) -> {
                    // A walk's visitor continues to read while another thread waits to close.
                    storage.cell(key("h"), RowKind.FIELD, row);
                    return true;
                }),
                () -> storage.due(null, Batches.NOW, 10),
                () -> {
                    try (Storage.Snapshot snapshot = storage.snapshot()) {
                        snapshot.head(key("key7"));
                    }
                });
        CountDownLatch reading = new CountDownLatch(reads.size());
        // Virtual threads that never block would not all be scheduled.
        ExecutorService readers = Executors.newFixedThreadPool(reads.size());
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (Runnable read : reads) {
                ends.add(readers.submit(() -> {
                    read.run();
                    reading.countDown();
                    while (!Thread.currentThread().isInterrupted()) {
                        read.run();
                    }
                }));
            }
            assertThat(reading.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            storage.close();
            for (Future<?> end : ends) {
                assertThatThrownBy(() -> end.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("closed");
            }
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void close_twice_doesNothingTheSecondTime() {
        storage.close();
        storage.close();
        assertThatThrownBy(() -> batches.set("x", "A"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(storage::sync).isInstanceOf(StorageException.class);
    }

    @Test
    void head_siblings_surviveTheDisk() {
        batches.set("x", "A");
        batches.receive(Batches.madeElsewhere(OTHER, "x"));
        Cell before = storage.head(key("x")).string();
        assertThat(before.register().siblings()).hasSize(1);
        reopen();
        assertThat(storage.head(key("x")).string()).isEqualTo(before);
    }
}
