package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.engine.disk.RealDisk;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.log.LogReader;
import dev.hence.engine.log.LogVerdict;
import dev.hence.engine.log.LogVerifier;
import dev.hence.engine.log.SegmentLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories whose log begins after the first update. */
final class TrimmedDirectoryTest {

    private static final SegmentLog.Sizes SIZES = new SegmentLog.Sizes(1_500, 500);
    private static final LogLimits LITTLE_KEPT = new LogLimits(3_000);
    private static final int WRITES = 200;

    @TempDir
    Path root;

    private Path directory() {
        return root.resolve("data");
    }

    private RocksStorage open() {
        return (RocksStorage)
                DataDirectory.open(directory(), "node1", "hence", FsyncPolicy.ALWAYS, new RealDisk(), SIZES);
    }

    private static void write(Storage storage) {
        Batches batches = new Batches(storage);
        for (int i = 0; i < WRITES; i++) {
            batches.set("key" + i % 5, "value" + i);
        }
        storage.sync();
    }

    /** Returns the sequence with which the log begins. */
    private long trimmed() {
        try (RocksStorage storage = open()) {
            write(storage);
            storage.checkpoint();
            assertThat(storage.trimLog(LITTLE_KEPT, storage.recovered().clock(), 0))
                    .isTrue();
            return storage.logExtent().firstSequence();
        }
    }

    @Test
    void trimLog_withoutCheckpoint_deletesNothing() {
        try (RocksStorage storage = open()) {
            write(storage);
            LogLimits whatever = new LogLimits(0, 0, 0);
            assertThat(storage.trimLog(whatever, storage.recovered().clock(), Long.MAX_VALUE))
                    .isFalse();
            storage.checkpoint();
            assertThat(storage.trimLog(whatever, storage.recovered().clock(), Long.MAX_VALUE))
                    .isTrue();
        }
    }

    @Test
    void trimLog_whileACheckpointIsInProgress_deletesOnlyWhatTheLastOneHolds() throws Exception {
        Path machine = Files.createDirectory(root.resolve("machine"));
        CrashDisk disk = new CrashDisk(machine, Map.of());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        try (ExecutorService thread = Executors.newSingleThreadExecutor();
                RocksStorage storage = (RocksStorage)
                        DataDirectory.open(machine.resolve("data"), "node1", "hence", FsyncPolicy.NEVER, disk, SIZES)) {
            write(storage);
            storage.checkpoint();
            long held = storage.deliveredCount();
            write(storage);
            new Batches(storage).set("last", "not forced");
            disk.stopAt(disk.operations() + 1, () -> {
                begun.countDown();
                awaitUninterruptibly(goesOn);
            });
            Future<?> checkpoint = thread.submit(storage::checkpoint);
            begun.await();
            assertThat(storage.logExtent().checkpointedSequence()).isEqualTo(held);
            goesOn.countDown();
            checkpoint.get();
            assertThat(storage.logExtent().checkpointedSequence()).isEqualTo(storage.deliveredCount());
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void open_logThatBeginsLater_isWholeForEverybody() throws IOException {
        long first = trimmed();
        Path log = directory().resolve("log");
        assertThat(first).isBetween(1L, (long) WRITES);
        LogVerdict verdict = LogVerifier.verify(log);
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.updates()).isEqualTo(WRITES - first);
        assertThat(LogReader.of(log, true).firstSequence()).isEqualTo(first);
        try (RocksStorage storage = open()) {
            new Batches(storage).set("later", "value");
            assertThat(storage.deliveredCount()).isEqualTo(WRITES + 1);
            assertThat(storage.logExtent().firstSequence()).isEqualTo(first);
        }
    }

    @Test
    void open_firstSegmentIsMissing_isRefused() throws IOException {
        trimmed();
        Files.delete(Crash.logs(directory()).getFirst());
        assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining("is missing");
    }

    @Test
    void open_beginningIsMissing_isRefused() throws IOException {
        trimmed();
        Files.delete(directory().resolve("log").resolve("BEGINNING"));
        assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining("is missing");
    }

    @Test
    void open_beginningIsDamaged_isRefused() throws IOException {
        trimmed();
        Crash.flip(directory().resolve("log").resolve("BEGINNING"), 25, 1);
        assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining("damaged");
    }

    @Test
    void open_rowsAreOlderThanTheBeginning_isRefused() throws IOException {
        try (RocksStorage storage = open()) {
            new Batches(storage).set("x", "early");
        }
        Crash.copy(directory().resolve("db"), root.resolve("old"));
        trimmed();
        Crash.delete(directory().resolve("db"));
        Crash.copy(root.resolve("old"), directory().resolve("db"));
        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("log: begins with update");
    }

    @Test
    void adopt_copyOfAnotherNodesDirectory_isContinuedUnderAnotherName() throws IOException {
        long first = trimmed();
        Path copy = root.resolve("copy");
        Crash.copy(directory(), copy);
        ReplicaId adopted = DataDirectory.adopt(copy, "node2");
        try (Storage storage = DataDirectory.open(copy, "node2", "hence", FsyncPolicy.ALWAYS)) {
            assertThat(storage.recovered().self()).isEqualTo(adopted);
            assertThat(storage.recovered().identity().earlier()).isEmpty();
            assertThat(storage.deliveredCount()).isEqualTo(WRITES);
            assertThat(storage.logExtent().firstSequence()).isEqualTo(first);
            assertThatThrownBy(() -> DataDirectory.adopt(copy, "node3")).hasMessageContaining("in use");
        }
        assertThatThrownBy(() -> DataDirectory.adopt(copy, "node2")).hasMessageContaining("belongs to " + adopted);
        assertThatThrownBy(() -> DataDirectory.adopt(root, "node2")).hasMessageContaining("no file IDENTITY");
    }
}
