package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.engine.disk.LosingDisk;
import dev.hence.engine.wire.IdentityRecord;
import dev.hence.engine.wire.LogBlockRecord;
import dev.hence.engine.wire.UpdateRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;

/**
 * A directory that a node of format 4 left when it was killed: it had written and received strings, collections,
 * counters and a deadline, and nothing of it was in RocksDB's tables yet.
 */
final class LegacyConversionTest {

    private static final int UPDATES = 51;
    private static final int KEYS = 48;

    @TempDir
    Path temporary;

    private Path root;
    private Path directory;

    @BeforeEach
    void unpack() throws IOException {
        root = Files.createDirectory(temporary.resolve("disk"));
        directory = root.resolve("data");
        try (InputStream fixture = Objects.requireNonNull(getClass().getResourceAsStream("/format4.zip"));
                ZipInputStream zip = new ZipInputStream(fixture)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }

    private static Storage open(Path directory) {
        return DataDirectory.open(directory, "node1", "hence", FsyncPolicy.ALWAYS);
    }

    private static void requireEverything(Storage storage) {
        assertThat(storage.deliveredCount()).isEqualTo(UPDATES);
        assertThat(storage.keys()).isEqualTo(KEYS);
        assertThat(storage.expiringKeys()).isEqualTo(1);
        assertThat(storage.head(Bytes.utf8("string")).string().value()).isEqualTo(Bytes.utf8("two"));
        assertThat(storage.head(Bytes.utf8("counter")).string().value()).isEqualTo(Bytes.utf8("42"));
        assertThat(storage.head(Bytes.utf8("key40")).string().value()).isEqualTo(Bytes.utf8("value40"));
        assertThat(storage.head(Bytes.utf8("list")).type()).isEqualTo(DataType.LIST);
        assertThat(storage.head(Bytes.utf8("hash")).collection(DataType.HASH).count())
                .isEqualTo(2);
        requireSameAsReplayed(storage);
    }

    /** The log gives every update, and applying them in their order gives the rows. */
    private static void requireSameAsReplayed(Storage storage) {
        List<Update> updates = storage.deliveries(0, 1_000, 1 << 30);
        assertThat(updates).hasSize(UPDATES);
        MemoryState memory = new MemoryState();
        Replica replica = new Replica(
                Replica.Recovered.fresh(new ReplicaId("reader", 1)),
                memory,
                new Replica.Limits(new DeliveryBuffer.Limits(1, 1), 1 << 20));
        Frame.each(updates).forEach(replica::replay);
        CommitBatch changes = Objects.requireNonNull(replica.takeChanges());
        memory.store(changes.keys());
        assertThat(storage.recovered().clock()).isEqualTo(changes.clock());
        for (Bytes key : changes.keys().keySet()) {
            KeyHead expected = memory.head(key);
            assertThat(storage.head(key)).as("%s", key).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "4", ""})
    void open_directoryOfAnEarlierFormat_hasEverythingAndTheCurrentFormat(String format) throws IOException {
        Files.writeString(directory.resolve("FORMAT"), format);
        try (Storage storage = open(directory)) {
            requireEverything(storage);
            new Batches(storage).set("more", "x");
        }
        assertThat(directory.resolve("FORMAT")).hasContent("5");
        try (Storage storage = open(directory)) {
            assertThat(storage.deliveredCount()).isEqualTo(UPDATES + 1);
            assertThat(storage.keys()).isEqualTo(KEYS + 1);
        }
        assertThat(RocksFiles.existingFamilies(directory.resolve("db"))).isEqualTo(RocksFiles.FAMILIES);
    }

    @Test
    void open_powerLossAfterAnyOperation_losesNothing() throws IOException {
        LosingDisk disk = new LosingDisk(root);
        disk.force(root);
        disk.force(directory);
        List<Path> all = new ArrayList<>();
        disk.watch(() -> {
            Path left = temporary.resolve("left" + all.size());
            all.add(left);
            try {
                disk.powerLoss(directory, left);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        DataDirectory.open(directory, "node1", "hence", FsyncPolicy.ALWAYS, disk)
                .close();
        assertThat(all).hasSizeGreaterThan(10);
        for (Path left : all) {
            try (Storage storage = open(left)) {
                requireEverything(storage);
            }
        }
    }

    @Test
    void open_earlierFormatWithADamagedLog_isRefusedAndLeftAsItIs() throws IOException {
        Crash.flip(directory.resolve("db/000004.log"), 3_000, 8);
        Map<String, String> before = Crash.contents(directory);
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("its log is damaged")
                .hasMessageContaining("000004.log");
        assertThat(Crash.contents(directory)).isEqualTo(before);
    }

    @Test
    void open_emptyFormatBesideADatabaseThatDoesNotNameIt_isToldByTheLog() throws Exception {
        forgetFormatInDatabase();
        Files.writeString(directory.resolve("FORMAT"), "");
        try (Storage storage = open(directory)) {
            requireEverything(storage);
        }
        assertThat(directory.resolve("FORMAT")).hasContent("5");
    }

    @Test
    void open_emptyFormatBesideALogOfSingleUpdates_isRefusedAsFormatTwo() throws Exception {
        forgetFormatInDatabase();
        try (RocksFiles files = openDatabase();
                RocksIterator rows = files.db().newIterator(files.log())) {
            rows.seekToFirst();
            UpdateRecord update = LogBlockRecord.parseFrom(rows.value()).getUpdates(0);
            files.db().put(files.log(), rows.key(), update.toByteArray());
        }
        Files.writeString(directory.resolve("FORMAT"), "");
        assertThatThrownBy(() -> open(directory)).hasMessageContaining("has format 2");
        assertThat(directory.resolve("FORMAT")).isEmptyFile();
    }

    private RocksFiles openDatabase() {
        return RocksFiles.openLegacy(directory.resolve("db"), WALRecoveryMode.AbsoluteConsistency);
    }

    private void forgetFormatInDatabase() throws Exception {
        try (RocksFiles files = openDatabase()) {
            IdentityRecord noted = IdentityRecord.parseFrom(files.db().get(files.meta(), MetaRows.IDENTITY));
            assertThat(noted.getFormat()).isEqualTo(4);
            byte[] before = noted.toBuilder().clearFormat().build().toByteArray();
            files.db().put(files.meta(), MetaRows.IDENTITY, before);
        }
    }
}
