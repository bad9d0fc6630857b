package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.update.Update;
import dev.hence.engine.log.Deliveries;
import dev.hence.engine.log.SegmentLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random commits, syncs and checkpoints with a power loss or a {@code kill -9} at a random operation of the disk; then
 * the next run, which may crash while it opens the directory. What is there is always a prefix of the commits, and has
 * what the fsync policy promises.
 *
 * <p>{@code -Dhence.seed=} runs one trace, {@code -Dhence.traces=} more.
 */
final class CrashPropertyTest {

    private static final SegmentLog.Sizes SIZES = new SegmentLog.Sizes(3_000, 700);
    private static final List<FsyncPolicy> POLICIES = List.of(FsyncPolicy.values());
    private static final int LIVES_MAX = 4;
    private static final int OPERATIONS_MAX = 150;

    @TempDir
    Path temporary;

    @Test
    void storage_afterACrashAtAnyOperation_isAPrefixOfTheCommitsThatHasWhatThePolicyPromises() throws IOException {
        Long only = Long.getLong("hence.seed");
        long first = only == null ? 1 : only;
        int traces = only == null ? Integer.getInteger("hence.traces", 12) : 1;
        for (long seed = first; seed < first + traces; seed++) {
            Path root = Files.createDirectory(temporary.resolve("trace" + seed));
            try {
                new Trace(root, new SplittableRandom(seed)).run();
            } catch (RuntimeException | AssertionError | IOException failed) {
                throw new AssertionError("-Dhence.seed=" + seed + ": " + failed.getMessage(), failed);
            }
            Crash.delete(root);
        }
    }

    /** The runs of one node. */
    private static final class Trace {
        private final Path root;
        private final SplittableRandom random;

        /** What may be in the log. */
        private List<Update> appended = new ArrayList<>();

        /** How many updates there were after each commit, of which none is there in part. */
        private final Set<Integer> ends = new HashSet<>(Set.of(0));

        /** How much of it must be there, and how much after a power loss. */
        private int returned;

        private int durable;

        /** How much of each file of the log is on the disk, if not all. */
        private Map<String, Long> forced = Map.of();

        Trace(Path root, SplittableRandom random) {
            this.root = root;
            this.random = random;
        }

        void run() throws IOException {
            Path machine = Files.createDirectory(root.resolve("0"));
            int lives = 1 + random.nextInt(LIVES_MAX);
            for (int life = 1; life <= lives; life++) {
                Path next = Files.createDirectory(root.resolve("" + life));
                new Life(machine, next, life).run();
                machine = next;
            }
            check(machine.resolve("data"));
        }

        private void check(Path directory) throws IOException {
            try (Storage storage = DataDirectory.open(directory, "node1", "hence", FsyncPolicy.ALWAYS)) {
                requireBetween(storage);
                requireEqual(storage);
            }
            try (Storage storage = DataDirectory.open(directory, "node1", "hence", FsyncPolicy.ALWAYS)) {
                requireEqual(storage);
            }
        }

        /** Of what was appended, exactly what is in the storage is taken to be there from now on. */
        private void requireBetween(Storage storage) {
            int count = (int) storage.deliveredCount();
            assertThat(count).isBetween(returned, appended.size()).isIn(ends);
            appended = new ArrayList<>(appended.subList(0, count));
            ends.removeIf(end -> end > count);
        }

        private void requireEqual(Storage storage) {
            StoredUpdates.requireExactly(storage, appended);
        }

        /** One run of the node, which ends with a crash. */
        private final class Life {
            private final CrashDisk disk;
            private final Path directory;
            private final Path next;
            private final int number;
            private final FsyncPolicy fsync;
            private final boolean powerLoss;
            private boolean crashed;

            Life(Path machine, Path next, int number) throws IOException {
                this.disk = new CrashDisk(machine, forced);
                this.directory = machine.resolve("data");
                this.next = next;
                this.number = number;
                this.fsync = POLICIES.get(random.nextInt(POLICIES.size()));
                this.powerLoss = random.nextBoolean();
            }

            void run() throws IOException {
                disk.stopAt(1 + random.nextInt(OPERATIONS_MAX), this::crash);
                try (RocksStorage storage =
                        (RocksStorage) DataDirectory.open(directory, "node1", "hence", fsync, disk, SIZES)) {
                    if (!crashed) {
                        requireBetween(storage);
                        // A start forces what earlier runs have written.
                        durable = appended.size();
                        returned = appended.size();
                        commit(storage);
                    }
                    crash();
                }
            }

            private void commit(RocksStorage storage) {
                Deliveries source = new Deliveries(
                        random,
                        storage.recovered(),
                        Deliveries.replay(storage.recovered().self(), appended),
                        number);
                for (int left = 60; left > 0 && !crashed; left--) {
                    CommitBatch changes = source.next(6);
                    appended.addAll(changes.delivered());
                    ends.add(appended.size());
                    storage.commit(changes, fsync == FsyncPolicy.ALWAYS);
                    if (!crashed) {
                        returned = appended.size();
                        durable = fsync == FsyncPolicy.ALWAYS ? returned : durable;
                        sometimes(storage);
                    }
                }
            }

            private void sometimes(RocksStorage storage) {
                if (random.nextInt(8) == 0) {
                    storage.checkpoint();
                } else if (random.nextInt(4) == 0) {
                    // The database holds these rows then, in memory, and lags behind again.
                    storage.scan(Bytes.EMPTY, null, 1, 1);
                }
                if (random.nextInt(8) == 0 && !crashed) {
                    storage.sync();
                    durable = crashed ? durable : returned;
                }
            }

            private void crash() throws IOException {
                if (crashed) {
                    return;
                }
                crashed = true;
                Path left = next.resolve("data");
                long seed = random.nextLong();
                Crash.whileUnchanged(directory.resolve("db"), left, () -> {
                    if (powerLoss) {
                        disk.powerLoss(directory, left, new SplittableRandom(seed));
                    } else if (Files.exists(directory)) {
                        disk.kill(directory, left, new SplittableRandom(seed));
                    }
                });
                if (powerLoss) {
                    forced = Map.of();
                    returned = durable;
                    Crash.reboot(left);
                } else {
                    forced = disk.forced();
                }
            }
        }
    }
}
