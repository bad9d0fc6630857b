package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.update.Update;
import dev.hence.engine.log.Deliveries;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.log.LogVerifier;
import dev.hence.engine.log.SegmentLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random commits, checkpoints, progress of the members and deletions from the front of the log, with a power loss or a
 * {@code kill -9} at a random operation of the disk. Nothing is deleted that a member lacks or that no completed
 * checkpoint holds, the directory always opens, and what is left is whole.
 *
 * <p>{@code -Dhence.seed=} runs one trace, {@code -Dhence.traces=} more.
 */
final class TrimPropertyTest {

    private static final SegmentLog.Sizes SIZES = new SegmentLog.Sizes(1_500, 500);
    private static final long KEPT_BYTES = 4_000;
    private static final LogLimits LIMITS = new LogLimits(KEPT_BYTES);
    private static final int LIVES_MAX = 4;
    private static final int OPERATIONS_MAX = 300;

    @TempDir
    Path temporary;

    private int deletions;

    @Test
    void trim_anyCrash_deletesOnlyWhatIsCheckpointedAndStoredByAll() throws IOException {
        Long only = Long.getLong("hence.seed");
        long first = only == null ? 1 : only;
        int traces = only == null ? Integer.getInteger("hence.traces", 10) : 1;
        for (long seed = first; seed < first + traces; seed++) {
            Path root = Files.createDirectory(temporary.resolve("trace" + seed));
            try {
                new Trace(root, new SplittableRandom(seed)).run();
            } catch (RuntimeException | AssertionError | IOException failed) {
                throw new AssertionError("-Dhence.seed=" + seed + ": " + failed.getMessage(), failed);
            }
            Crash.delete(root);
        }
        assertThat(deletions).as("deletions").isGreaterThan(only == null ? traces : 0);
    }

    /** The runs of one node. */
    private final class Trace {
        private final Path root;
        private final SplittableRandom random;

        /** What may be in the log. */
        private List<Update> appended = new ArrayList<>();

        /** How many updates there were after each commit, of which none is there in part. */
        private final Set<Integer> ends = new HashSet<>(Set.of(0));

        /** What every member has stored; it only grows. */
        private VersionVector stored = VersionVector.EMPTY;

        /** The most updates that a completed checkpoint can hold. */
        private int checkpointed;

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
            Path directory = machine.resolve("data");
            try (Storage storage = DataDirectory.open(directory, "node1", "hence", FsyncPolicy.ALWAYS)) {
                check(storage);
            }
            assertThat(LogVerifier.verify(directory.resolve("log")).problems()).isEmpty();
        }

        /** Of what was appended, exactly what is in the storage is taken to be there from now on. */
        private void check(Storage storage) {
            int count = (int) storage.deliveredCount();
            assertThat(count).isLessThanOrEqualTo(appended.size()).isIn(ends);
            appended = new ArrayList<>(appended.subList(0, count));
            ends.removeIf(end -> end > count);
            requireNothingNeededDeleted(storage);
            StoredUpdates.requireFromBeginning(storage, appended);
        }

        private void requireNothingNeededDeleted(Storage storage) {
            LogExtent extent = storage.logExtent();
            assertThat(extent.firstSequence()).isLessThanOrEqualTo(checkpointed);
            assertThat(stored.descends(StoredUpdates.clock(appended.subList(0, (int) extent.firstSequence()))))
                    .as("all members have stored what is deleted")
                    .isTrue();
        }

        /** One run of the node, which ends with a crash. */
        private final class Life {
            private final CrashDisk disk;
            private final Path directory;
            private final Path next;
            private final int number;
            private final boolean powerLoss;
            private boolean crashed;

            Life(Path machine, Path next, int number) throws IOException {
                this.disk = new CrashDisk(machine, forced);
                this.directory = machine.resolve("data");
                this.next = next;
                this.number = number;
                this.powerLoss = random.nextBoolean();
            }

            void run() throws IOException {
                disk.stopAt(1 + random.nextInt(OPERATIONS_MAX), this::crash);
                try (RocksStorage storage = (RocksStorage)
                        DataDirectory.open(directory, "node1", "hence", FsyncPolicy.EVERYSEC, disk, SIZES)) {
                    if (!crashed) {
                        check(storage);
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
                for (int left = 100; left > 0 && !crashed; left--) {
                    CommitBatch changes = source.next(6);
                    appended.addAll(changes.delivered());
                    ends.add(appended.size());
                    storage.commit(changes, false);
                    sometimes(storage);
                }
            }

            private void sometimes(RocksStorage storage) {
                if (random.nextInt(10) == 0 && !crashed) {
                    checkpointed = appended.size();
                    storage.checkpoint();
                }
                if (random.nextInt(3) == 0 && !crashed) {
                    advance();
                }
                if (random.nextInt(3) == 0 && !crashed) {
                    // Only segments that were forced are deleted.
                    storage.sync();
                }
                if (random.nextInt(4) == 0 && !crashed) {
                    boolean trimmed = storage.trimLog(LIMITS, stored, 0);
                    if (!crashed) {
                        deletions += trimmed ? 1 : 0;
                        if (trimmed) {
                            assertThat(storage.logExtent().bytes()).isGreaterThanOrEqualTo(KEPT_BYTES);
                        }
                        requireNothingNeededDeleted(storage);
                    }
                }
            }

            /** The slowest member stores more of some origin. */
            private void advance() {
                VersionVector clock = StoredUpdates.clock(appended);
                for (ReplicaId origin : clock.replicas()) {
                    long missing = clock.get(origin) - stored.get(origin);
                    if (missing > 0 && random.nextBoolean()) {
                        stored = stored.with(new Dot(origin, stored.get(origin) + 1 + random.nextLong(missing)));
                    }
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
                    Crash.reboot(left);
                    forgetSomeNames(left.resolve("log"), new SplittableRandom(seed));
                } else {
                    forced = disk.forced();
                }
            }
        }
    }

    /** A power loss may leave any of the names of deleted files. */
    private static void forgetSomeNames(Path log, SplittableRandom random) throws IOException {
        Path beginning = log.resolve("BEGINNING");
        if (!Files.exists(beginning)) {
            return;
        }
        long first = Long.parseLong(
                Files.readAllLines(beginning, StandardCharsets.ISO_8859_1).get(1));
        try (Stream<Path> files = Files.list(log)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                boolean isBefore = name.matches("\\d{19}\\..*") && Long.parseLong(name.substring(0, 19)) < first;
                if (isBefore && random.nextBoolean()) {
                    Files.delete(file);
                }
            }
        }
    }
}
