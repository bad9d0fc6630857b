package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.engine.disk.LosingDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Startup with a torn or damaged log: no acknowledged write is lost silently. */
final class LogRecoveryTest {

    private static final int WRITES = 9;

    @TempDir
    Path temporary;

    private Path directory() {
        return temporary.resolve("data");
    }

    private Path dropped() {
        return directory().resolve("dropped");
    }

    private static String[] values(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.valueOf(i).repeat(length))
                .toArray(String[]::new);
    }

    private List<Long> crashed(FsyncPolicy fsync) throws IOException {
        return Crash.afterWrites(directory(), fsync, values(WRITES, 100));
    }

    private Path log() throws IOException {
        return Crash.logs(directory()).getLast();
    }

    private Storage open(FsyncPolicy fsync) {
        return DataDirectory.open(directory(), "node1", "hence", fsync);
    }

    /** Returns the number of surviving writes; they must be a prefix of all writes. */
    private static int writes(Storage storage) {
        int count = 0;
        while (!storage.head(Bytes.utf8("key" + count)).isEmpty()) {
            count++;
        }
        assertThat(storage.deliveredCount()).isEqualTo(count);
        assertThat(storage.keys()).isEqualTo(count);
        return count;
    }

    private ReplicaId incarnation() throws IOException {
        String[] parts =
                Files.readString(directory().resolve("INCARNATION")).strip().split("~", -1);
        return new ReplicaId(parts[0], Long.parseUnsignedLong(parts[1], 16));
    }

    /** As if the machine had been rebooted since the node ran. */
    private void rebooted(FsyncPolicy fsync) throws IOException {
        Files.writeString(directory().resolve("LAST_RUN"), fsync.name() + " another-boot\n");
    }

    @Test
    void open_logOfWholeRecords_hasAllAndSetsNothingAside() throws IOException {
        crashed(FsyncPolicy.ALWAYS);
        ReplicaId before = incarnation();
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(writes(storage)).isEqualTo(WRITES);
            assertThat(storage.recovered().self()).isEqualTo(before);
        }
        assertThat(dropped()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 6, 7, 8, 20, 60})
    void open_lastRecordCutOffByTheEndOfTheProcess_hasAllBeforeItAndContinuesTheIncarnation(long length)
            throws IOException {
        List<Long> ends = crashed(FsyncPolicy.ALWAYS);
        ReplicaId before = incarnation();
        Crash.truncate(log(), ends.get(WRITES - 2) + length);
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(writes(storage)).isEqualTo(WRITES - 1);
            assertThat(storage.recovered().self()).isEqualTo(before);
        }
    }

    @Test
    void open_lastRecordLostItsFirstPageButNotTheLaterOnes_hasAllBeforeIt() throws IOException {
        String[] values = values(WRITES, 100);
        values[WRITES - 1] = "large".repeat(40_000);
        List<Long> ends = Crash.afterWrites(directory(), FsyncPolicy.ALWAYS, values);
        ReplicaId before = incarnation();
        long start = ends.get(WRITES - 2);
        Crash.zero(log(), start, start + 4_096);
        rebooted(FsyncPolicy.ALWAYS);
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(writes(storage)).isEqualTo(WRITES - 1);
            assertThat(storage.recovered().self()).isNotEqualTo(before);
            assertThat(new Batches(storage).set("more", "x").dot().counter()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.99})
    void open_endOfTheLastRecordNeverReachedTheDisk_hasAllBeforeItAndKeepsTheBytes(double from) throws IOException {
        List<Long> ends = crashed(FsyncPolicy.ALWAYS);
        long start = ends.get(WRITES - 2);
        long end = ends.get(WRITES - 1);
        Crash.zero(log(), start + (long) (from * (end - start)), end);
        String name = log().getFileName() + ".from-" + start;
        rebooted(FsyncPolicy.ALWAYS);
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(writes(storage)).isEqualTo(WRITES - 1);
        }
        assertThat(dropped().resolve(name)).hasSize(end - start);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,0.5", "0,1", "4,0", "4,0.5", "4,1", "7,0", "7,0.5", "7,1"})
    void open_flippedBytesWithRecordsAfterThem_isRefusedWithThePlaceAndNothingChanges(int write, double place)
            throws IOException {
        List<Long> ends = crashed(FsyncPolicy.ALWAYS);
        long start = write == 0 ? 0 : ends.get(write - 1);
        Path log = log();
        Crash.flip(log, start + (long) (place * (ends.get(write) - start - 8)), 8);
        Map<String, String> before = Crash.contents(directory());
        assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("its log is damaged")
                .hasMessageContaining(write == 0 ? log.toString() : log + " has no complete record at byte " + start)
                .hasMessageContaining("acknowledged writes")
                .hasMessageContaining("ACCEPT_LOSS");
        assertThat(Crash.contents(directory())).isEqualTo(before);
    }

    @Test
    void open_damageThatIsAccepted_goesOnWithWhatIsBeforeItUnderANewIncarnationOnce() throws IOException {
        List<Long> ends = crashed(FsyncPolicy.ALWAYS);
        ReplicaId before = incarnation();
        Path log = log();
        Crash.flip(log, ends.get(3) + 20, 8);
        Path accept = Files.createFile(directory().resolve("ACCEPT_LOSS"));
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(writes(storage)).isEqualTo(4);
            assertThat(storage.recovered().self()).isNotEqualTo(before);
        }
        assertThat(accept).doesNotExist();
        assertThat(dropped().resolve(log.getFileName() + ".from-" + ends.get(3)))
                .hasSize(ends.get(WRITES - 1) - ends.get(3));
    }

    @ParameterizedTest
    @EnumSource(
            value = FsyncPolicy.class,
            names = {"EVERYSEC", "NEVER"})
    void open_unforcedRecordsLostOutOfOrderInAPowerLoss_keepsThePrefixUnderANewIncarnation(FsyncPolicy fsync)
            throws IOException {
        List<Long> ends = crashed(fsync);
        ReplicaId before = incarnation();
        Path log = log();
        Crash.zero(log, ends.get(3), ends.get(5));
        rebooted(fsync);
        try (Storage storage = open(fsync)) {
            assertThat(writes(storage)).isEqualTo(4);
            assertThat(storage.recovered().self()).isNotEqualTo(before);
        }
        assertThat(dropped().resolve(log.getFileName() + ".from-" + ends.get(3)))
                .hasSize(ends.get(WRITES - 1) - ends.get(3));
    }

    /** The next start finds a whole log, because the bad end is gone, and must not take the old identity for whole. */
    @Test
    void open_killedAfterAnyOperationOfAStartThatDropsAnEnd_takesANewIncarnation() throws IOException {
        for (int operations = 1; ; operations++) {
            List<Long> ends = crashed(FsyncPolicy.EVERYSEC);
            ReplicaId before = incarnation();
            Crash.zero(log(), ends.get(WRITES - 2) + 10, ends.get(WRITES - 1));
            boolean completed = openedWith(operations);
            try (Storage storage = open(FsyncPolicy.EVERYSEC)) {
                assertThat(writes(storage)).isEqualTo(WRITES - 1);
                assertThat(storage.recovered().self())
                        .as("after %d operations", operations)
                        .isNotEqualTo(before);
            }
            Crash.delete(directory());
            if (completed) {
                assertThat(operations).isGreaterThan(10);
                return;
            }
        }
    }

    /** Starts with a disk that carries out a number of operations; returns whether they were enough. */
    private boolean openedWith(int operations) {
        LosingDisk disk = new LosingDisk(temporary);
        int[] left = {operations};
        disk.watch(() -> {
            if (left[0]-- == 0) {
                throw new IllegalStateException("the process has ended");
            }
        });
        try (Storage storage = DataDirectory.open(directory(), "node1", "hence", FsyncPolicy.EVERYSEC, disk)) {
            left[0] = Integer.MAX_VALUE;
            assertThat(storage.keys()).isEqualTo(WRITES - 1);
            return true;
        } catch (IllegalStateException ended) {
            return false;
        }
    }

    @Test
    void open_unforcedRecordsDamagedWithoutAPowerLoss_isRefused() throws IOException {
        List<Long> ends = crashed(FsyncPolicy.EVERYSEC);
        Crash.zero(log(), ends.get(3), ends.get(5));
        assertThatThrownBy(() -> open(FsyncPolicy.EVERYSEC)).hasMessageContaining("its log is damaged");
    }

    @Test
    void open_damageFromBeforeRunsWereNoted_isRefused() throws IOException {
        List<Long> ends = crashed(FsyncPolicy.EVERYSEC);
        Crash.flip(log(), ends.get(3), 1);
        Files.delete(directory().resolve("LAST_RUN"));
        assertThatThrownBy(() -> open(FsyncPolicy.EVERYSEC)).hasMessageContaining("its log is damaged");
    }

    @Test
    void open_policyChangedToAlways_judgesTheLogByThePolicyThatWroteIt() throws IOException {
        List<Long> ends = crashed(FsyncPolicy.EVERYSEC);
        rebooted(FsyncPolicy.EVERYSEC);
        Crash.zero(log(), ends.get(3), ends.get(5));
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(writes(storage)).isEqualTo(4);
        }
        assertThat(directory().resolve("LAST_RUN")).content().startsWith("ALWAYS");
    }

    @Test
    void open_whileAnotherRuns_doesNotTakeItsLogForATornOne() throws IOException {
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            Batches batches = new Batches(storage);
            batches.set("key0", "A");
            Crash.flip(log(), Files.size(log()) - 1, 1);
            assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS)).hasMessageContaining("is in use by another process");
            Crash.flip(log(), Files.size(log()) - 1, 1);
            assertThat(dropped()).doesNotExist();
        }
    }

    /** Random flips anywhere: a start is rejected, or has every write except the last one if its own record was hit. */
    @Test
    void open_randomFlips_refusesOrHasEveryWriteThatWasForcedBeforeAnother() throws IOException {
        long seed = Long.getLong("hence.seed", 1);
        int traces = Integer.getInteger("hence.traces", 40);
        for (int trace = 0; trace < traces; trace++, seed++) {
            Random random = new Random(seed);
            int count = 2 + random.nextInt(6);
            List<Long> ends =
                    Crash.afterWrites(directory(), FsyncPolicy.ALWAYS, values(count, 1 + random.nextInt(15_000)));
            long size = Files.size(log());
            long offset = random.nextLong(size);
            // If the last record is hit as well, no record follows the one before it.
            boolean last = offset >= ends.get(count - 2);
            long most = last ? 8 : Math.min(8, ends.get(count - 2) - offset);
            Crash.flip(log(), offset, 1 + random.nextInt((int) most));
            int left;
            try (Storage storage = open(FsyncPolicy.ALWAYS)) {
                left = writes(storage);
            } catch (StorageException refused) {
                assertThat(refused).as("seed %d", seed).hasMessageContaining("its log is damaged");
                left = count;
            }
            assertThat(left).as("seed %d", seed).isGreaterThanOrEqualTo(last ? count - 1 : count);
            Crash.delete(directory());
        }
    }
}
