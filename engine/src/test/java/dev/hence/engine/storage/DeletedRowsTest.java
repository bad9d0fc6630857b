package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.property.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Rows that are deleted one by one do not slow down later walks. */
final class DeletedRowsTest {

    private static final int ROWS = 20_000;

    @TempDir
    Path temporary;

    @Test
    void walk_overManyDeletedRows_endsInTheirRemoval() throws Exception {
        try (RocksFiles files = RocksFiles.open(temporary.resolve("files"), () -> {})) {
            putAndDelete(files);
            Eventually.eventually("deleted rows are gone from memory and files", () -> {
                walk(files);
                // A scheduled flush runs with the next write.
                files.db().put(files.elements(), row(ROWS), row(ROWS));
                return inMemory(files) < ROWS / 2 && inFiles(files) < ROWS / 2;
            });
            assertThat(files.db().get(files.elements(), row(0))).isNull();
            assertThat(files.db().get(files.elements(), row(ROWS))).isEqualTo(row(ROWS));
        }
    }

    private static void putAndDelete(RocksFiles files) throws RocksDBException {
        try (WriteOptions options = new WriteOptions();
                WriteBatch put = new WriteBatch();
                WriteBatch delete = new WriteBatch()) {
            for (int i = 0; i < ROWS; i++) {
                put.put(files.elements(), row(i), row(i));
                delete.delete(files.elements(), row(i));
            }
            files.db().write(options, put);
            files.db().write(options, delete);
        }
    }

    /**
     * From a snapshot, as readers walk: deletions in a file of the bottom level are dropped when no snapshot is older.
     */
    private static void walk(RocksFiles files) {
        Snapshot snapshot = files.db().getSnapshot();
        try (ReadOptions options = new ReadOptions().setSnapshot(snapshot);
                RocksIterator rows = files.db().newIterator(files.elements(), options)) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                assertThat(rows.key()).isEqualTo(row(ROWS));
            }
        } finally {
            files.db().releaseSnapshot(snapshot);
        }
    }

    private static long inMemory(RocksFiles files) throws RocksDBException {
        return files.db().getLongProperty(files.elements(), "rocksdb.num-deletes-active-mem-table")
                + files.db().getLongProperty(files.elements(), "rocksdb.num-deletes-imm-mem-tables");
    }

    private static long inFiles(RocksFiles files) {
        return files.db().getLiveFilesMetaData().stream()
                .filter(file -> Arrays.equals(file.columnFamilyName(), "elements".getBytes(StandardCharsets.US_ASCII)))
                .mapToLong(file -> file.numDeletions())
                .sum();
    }

    private static byte[] row(int number) {
        return String.format("row%08d", number).getBytes(StandardCharsets.US_ASCII);
    }
}
