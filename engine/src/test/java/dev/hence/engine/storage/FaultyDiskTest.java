package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.replica.CommitBatch;
import dev.hence.core.update.Update;
import dev.hence.engine.log.Deliveries;
import dev.hence.engine.log.SegmentLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that fails once, at each of its operations in turn. */
final class FaultyDiskTest {

    private static final SegmentLog.Sizes SIZES = new SegmentLog.Sizes(600, 300);

    @TempDir
    Path temporary;

    /** What happened before and after the failure. */
    private static final class Run {
        private final List<Update> appended = new ArrayList<>();

        /** How many updates there were after each commit. */
        private final List<Integer> ends = new ArrayList<>(List.of(0));

        private int returned;
        private int durable;
        private boolean failed;
    }

    @ParameterizedTest
    @EnumSource(
            value = FsyncPolicy.class,
            names = {"ALWAYS", "EVERYSEC"})
    void storage_whoseDiskFailedOnce_refusesLaterCommitsAndHasAllThatReturned(FsyncPolicy fsync) throws IOException {
        // Both policies open the directory in the same way.
        int operation = fsync == FsyncPolicy.ALWAYS ? 1 : operationsOfAnOpen();
        boolean reached = true;
        while (reached) {
            Path root = Files.createDirectory(temporary.resolve("run" + operation));
            try {
                reached = failsAt(operation, fsync, root);
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("operation " + operation + ": " + failed.getMessage(), failed);
            }
            Crash.delete(root);
            operation++;
        }
        assertThat(operation).isGreaterThan(40);
    }

    private int operationsOfAnOpen() throws IOException {
        Path machine = Files.createDirectory(temporary.resolve("machine"));
        CrashDisk disk = new CrashDisk(machine, Map.of());
        try (Storage storage =
                DataDirectory.open(machine.resolve("data"), "node1", "hence", FsyncPolicy.EVERYSEC, disk, SIZES)) {
            assertThat(storage.deliveredCount()).isZero();
            return disk.operations();
        }
    }

    /** Returns whether there was such an operation. */
    private static boolean failsAt(int operation, FsyncPolicy fsync, Path root) throws IOException {
        Path machine = Files.createDirectory(root.resolve("machine"));
        Path directory = machine.resolve("data");
        Path left = root.resolve("left");
        CrashDisk disk = new CrashDisk(machine, Map.of());
        disk.failAt(operation);
        Run run = new Run();
        run(disk, directory, fsync, run);
        SplittableRandom random = new SplittableRandom(operation);
        disk.powerLoss(directory, left, random);
        requireAtLeast(directory, fsync, run, run.returned);
        if (Files.exists(left)) {
            Crash.reboot(left);
            requireAtLeast(left, fsync, run, run.durable);
        }
        return disk.operations() >= operation;
    }

    private static void run(CrashDisk disk, Path directory, FsyncPolicy fsync, Run run) {
        RocksStorage storage;
        try {
            storage = (RocksStorage) DataDirectory.open(directory, "node1", "hence", fsync, disk, SIZES);
        } catch (StorageException failed) {
            run.failed = true;
            return;
        }
        SplittableRandom random = new SplittableRandom(3);
        Deliveries source = new Deliveries(random, storage.recovered());
        for (int i = 0; i < 6 && !run.failed; i++) {
            commit(storage, source.next(4), fsync, run);
            if (i % 3 == 1) {
                attempt(run, i == 4 ? storage::checkpoint : storage::sync);
            }
        }
        if (run.failed) {
            CommitBatch later = source.next(1);
            assertThatThrownBy(() -> storage.commit(later, false)).isInstanceOf(StorageException.class);
            assertThatThrownBy(storage::sync).isInstanceOf(StorageException.class);
            storage.close();
        } else {
            attempt(run, storage::close);
        }
    }

    private static void commit(RocksStorage storage, CommitBatch changes, FsyncPolicy fsync, Run run) {
        run.appended.addAll(changes.delivered());
        run.ends.add(run.appended.size());
        try {
            storage.commit(changes, fsync == FsyncPolicy.ALWAYS);
            run.returned = run.appended.size();
            run.durable = fsync == FsyncPolicy.ALWAYS ? run.returned : run.durable;
        } catch (StorageException failed) {
            run.failed = true;
        }
    }

    private static void attempt(Run run, Runnable sync) {
        if (run.failed) {
            return;
        }
        try {
            sync.run();
            run.durable = run.returned;
        } catch (StorageException failed) {
            run.failed = true;
        }
    }

    private static void requireAtLeast(Path directory, FsyncPolicy fsync, Run run, int count) {
        try (Storage storage = DataDirectory.open(directory, "node1", "hence", fsync)) {
            int there = (int) storage.deliveredCount();
            assertThat(there).isGreaterThanOrEqualTo(count).isIn(run.ends);
            StoredUpdates.requireExactly(storage, run.appended.subList(0, there));
        }
    }
}
