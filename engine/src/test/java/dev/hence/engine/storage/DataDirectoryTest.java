package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Replica;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

final class DataDirectoryTest {

    @TempDir
    Path temporary;

    private Path directory() {
        return temporary.resolve("data");
    }

    private Storage open(FsyncPolicy fsync) {
        return DataDirectory.open(directory(), "node1", "hence", fsync);
    }

    private static ReplicaId self(Storage storage) {
        return storage.recovered().self();
    }

    @Test
    void open_freshDirectories_givesEachAnIncarnationOfItsOwn() {
        try (Storage one = DataDirectory.open(temporary.resolve("one"), "node1", "hence", FsyncPolicy.ALWAYS);
                Storage other = DataDirectory.open(temporary.resolve("other"), "node1", "hence", FsyncPolicy.ALWAYS)) {
            assertThat(self(one).name()).isEqualTo("node1");
            assertThat(self(one)).isNotEqualTo(self(other));
            assertThat(one.recovered()).isEqualTo(Replica.Recovered.fresh(self(one)));
        }
    }

    @ParameterizedTest
    @EnumSource(FsyncPolicy.class)
    void open_afterACleanStop_continuesTheIdentity(FsyncPolicy fsync) throws IOException {
        ReplicaId before;
        try (Storage storage = open(fsync)) {
            before = self(storage);
        }
        try (Storage storage = open(fsync)) {
            assertThat(self(storage)).isEqualTo(before);
            assertThat(Files.readString(directory().resolve("INCARNATION"))).isEqualTo(before + "\n");
        }
    }

    @Test
    void open_afterARenewal_continuesTheNewIdentityWithAllThatTheOldOneWrote() {
        ReplicaId renewed = new ReplicaId("node1", 77);
        ReplicaId before;
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            before = self(storage);
            Batches batches = new Batches(storage);
            batches.set("x", "A");
            batches.renew(renewed);
            batches.set("x", "B");
        }
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(self(storage)).isEqualTo(renewed);
            assertThat(storage.recovered().clock().get(before)).isEqualTo(1);
            assertThat(storage.recovered().clock().get(renewed)).isEqualTo(1);
        }
    }

    @Test
    void open_aCopy_takesANewIncarnationAndKeepsWhatTheOldOneWrote() throws IOException {
        ReplicaId original;
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            original = self(storage);
            new Batches(storage).set("x", "A");
        }
        copy(directory(), temporary.resolve("copy"));
        try (Storage storage = DataDirectory.open(temporary.resolve("copy"), "node1", "hence", FsyncPolicy.ALWAYS)) {
            assertThat(self(storage)).isNotEqualTo(original);
            assertThat(storage.recovered().clock().get(original)).isEqualTo(1);
            assertThat(storage.updatesOf(original, 0, 1_000)).hasSize(1);
            assertThat(storage.head(Bytes.utf8("x")).isEmpty()).isFalse();
        }
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(self(storage)).isEqualTo(original);
        }
    }

    @Test
    void open_aBackupWhoseMarkerGotTheInodeOfTheDeletedOne_takesANewIncarnation() throws IOException {
        ReplicaId before;
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            before = self(storage);
        }
        Path marker = directory().resolve("INCARNATION");
        Object inode = Files.getAttribute(marker, "unix:ino");
        assumeTrue(hasBirthTime(), "this file system keeps no time of birth");
        assumeTrue(recreatedWithInode(marker, inode), "this file system does not give inodes out again");
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(self(storage)).isNotEqualTo(before);
        }
    }

    private boolean hasBirthTime() throws IOException {
        Path file = Files.createFile(temporary.resolve("probe"));
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));
        return !Files.getAttribute(file, "creationTime").equals(Files.getAttribute(file, "lastModifiedTime"));
    }

    private static boolean recreatedWithInode(Path marker, Object inode) throws IOException {
        byte[] content = Files.readAllBytes(marker);
        for (int attempt = 0; attempt < 100; attempt++) {
            Files.delete(marker);
            Files.write(marker, content);
            if (inode.equals(Files.getAttribute(marker, "unix:ino"))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void open_withoutItsMarker_takesANewIncarnation() throws IOException {
        ReplicaId before;
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            before = self(storage);
        }
        Files.delete(directory().resolve("INCARNATION"));
        // The file written in between has the former inode of the marker.
        Files.write(directory().resolve("other"), new byte[1]);
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(self(storage)).isNotEqualTo(before);
        }
    }

    @Test
    void open_whatBelongsToAnotherNode_isRefused() {
        open(FsyncPolicy.ALWAYS).close();
        assertThatThrownBy(() -> DataDirectory.open(directory(), "node2", "hence", FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(directory().toString())
                .hasMessageContaining("belongs to node \"node1\" (expected: \"node2\")");
        open(FsyncPolicy.ALWAYS).close();
    }

    @Test
    void open_whatBelongsToAnotherCluster_isRefused() {
        open(FsyncPolicy.ALWAYS).close();
        assertThatThrownBy(() -> DataDirectory.open(directory(), "node1", "test", FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("belongs to cluster \"hence\" (expected: \"test\")");
        open(FsyncPolicy.ALWAYS).close();
    }

    @Test
    void open_twice_saysThatItIsInUseAndDisturbsNobody() {
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("is in use by another process");
            assertThat(new Batches(storage).set("x", "A").dot().counter()).isEqualTo(1);
        }
    }

    @Test
    void open_damagedBlock_isNotTakenForADirectoryInUse() {
        assertThat(RocksFiles.explained(directory(), new RocksDBException("Corruption: block checksum mismatch")))
                .contains("cannot be opened")
                .doesNotContain("in use");
    }

    @Test
    void open_damagedFiles_saysThatTheyCannotBeOpened() throws IOException {
        open(FsyncPolicy.ALWAYS).close();
        try (Stream<Path> files = Files.list(directory().resolve("db"));
                RandomAccessFile manifest = new RandomAccessFile(
                        files.filter(file -> file.getFileName().toString().startsWith("MANIFEST"))
                                .findFirst()
                                .orElseThrow()
                                .toFile(),
                        "rw")) {
            manifest.write(new byte[100]);
        }
        assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(directory().toString())
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining("restore a backup");
    }

    @Test
    void open_whereAFileStands_saysThatItCannotBeUsed() throws IOException {
        Files.write(directory(), new byte[1]);
        assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(directory().toString());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            List<Path> all = files.toList();
            for (Path file : all) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"6, of a later version", "2, of an earlier version"})
    void open_directoryOfAnotherFormat_isRefusedWithWhatStartingEmptyWouldLoseAndLeftAsItIs(
            String other, String version) throws IOException {
        open(FsyncPolicy.ALWAYS).close();
        Path format = directory().resolve("FORMAT");
        assertThat(format).hasContent("5");
        Files.writeString(format, other + "\n");
        Map<String, String> before = Crash.contents(directory());
        assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has format " + other + ", " + version + " of Hence (expected: 5)")
                .hasMessageContaining("start the version that wrote it")
                .hasMessageContaining("single node")
                .hasMessageContaining("loses acknowledged writes");
        assertThat(Crash.contents(directory())).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\0\0", "absent"})
    void open_formatThatCannotBeReadBesideADatabase_isWrittenAgainAndNothingIsLost(String found) throws IOException {
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            new Batches(storage).set("x", "A");
        }
        damageFormat(found);
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            assertThat(storage.head(Bytes.utf8("x")).isEmpty()).isFalse();
        }
        assertThat(directory().resolve("FORMAT")).hasContent("5");
    }

    private void damageFormat(String found) throws IOException {
        Path format = directory().resolve("FORMAT");
        if (found.equals("absent")) {
            Files.delete(format);
        } else {
            Files.writeString(format, found);
        }
    }

    @Test
    void open_databaseOfFewerColumnFamilies_isRefusedAsFormatOneAndLeftAsItIs() throws Exception {
        Path database = Files.createDirectories(directory().resolve("db"));
        RocksFiles.loadLibrary(database);
        try (Options options = new Options().setCreateIfMissing(true)) {
            RocksDB.open(options, database.toString()).close();
        }
        Map<String, String> before = Crash.contents(directory());
        assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has format 1, of an earlier version");
        assertThat(Crash.contents(directory())).isEqualTo(before);
    }

    @Test
    void open_databaseWithoutItsFirstFile_isNoFreshOne() throws IOException {
        Crash.afterWrites(directory(), FsyncPolicy.ALWAYS, "A");
        Files.delete(directory().resolve("db/CURRENT"));
        Map<String, String> before = Crash.contents(directory());
        assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has no file CURRENT")
                .hasMessageContaining("loses acknowledged writes");
        assertThat(Crash.contents(directory())).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.999, 0.98})
    void open_flippedTableFile_isRefusedWithAdvice(double place) throws IOException {
        Path table = tableFile();
        Crash.flip(table, (long) (place * Files.size(table)), 8);
        assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining("restore a backup")
                .hasMessageContaining("single node");
    }

    @Test
    void open_missingTableFile_isRefusedWithAdvice() throws IOException {
        Files.delete(tableFile());
        assertThatThrownBy(() -> open(FsyncPolicy.ALWAYS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("restore a backup");
    }

    /** A table of the database; opening it has put what the log had into tables. */
    private Path tableFile() throws IOException {
        try (Storage storage = open(FsyncPolicy.ALWAYS)) {
            Batches batches = new Batches(storage);
            for (int i = 0; i < 50; i++) {
                batches.set("key" + i, "v".repeat(1_000));
            }
        }
        open(FsyncPolicy.ALWAYS).close();
        try (Stream<Path> files = Files.list(directory().resolve("db"))) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }
}
