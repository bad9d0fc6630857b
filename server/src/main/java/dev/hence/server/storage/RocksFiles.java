package dev.hence.server.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;

/** An open RocksDB with the column families that the storage uses, and the options it was opened with. */
final class RocksFiles implements AutoCloseable {

    private static final List<String> FAMILIES = List.of("default", "state", "log", "index", "elements", "deadlines");

    private final Path directory;
    private final DBOptions options;
    private final ColumnFamilyOptions familyOptions;
    private final RocksDB db;
    private final List<ColumnFamilyHandle> handles;

    private RocksFiles(
            Path directory,
            DBOptions options,
            ColumnFamilyOptions familyOptions,
            RocksDB db,
            List<ColumnFamilyHandle> handles) {
        this.directory = directory;
        this.options = options;
        this.familyOptions = familyOptions;
        this.db = db;
        this.handles = handles;
    }

    /** @throws StorageException if the files cannot be opened, for example because another process has them open */
    static RocksFiles open(Path directory) {
        loadLibrary(directory.resolveSibling("native"));
        DBOptions options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(4)
                .setMaxLogFileSize(4 << 20)
                .setMaxTotalWalSize(256L << 20)
                // After a power loss the last record may be torn; what was acknowledged lies before it.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery);
        ColumnFamilyOptions familyOptions = new ColumnFamilyOptions()
                .setWriteBufferSize(32L << 20)
                .setCompressionType(CompressionType.LZ4_COMPRESSION);
        List<ColumnFamilyDescriptor> families = FAMILIES.stream()
                .map(name -> new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), familyOptions))
                .toList();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB db = RocksDB.open(options, directory.toString(), families, handles);
            return new RocksFiles(directory, options, familyOptions, db, handles);
        } catch (RocksDBException failed) {
            familyOptions.close();
            options.close();
            throw new StorageException(explained(directory, failed), failed);
        }
    }

    /**
     * Loads RocksDB's native library. Where the JVM's library path does not have it, it is unpacked here and
     * not where RocksDB would: each process that is killed would leave another copy among the temporary files.
     */
    private static void loadLibrary(Path unpacked) {
        try {
            Files.createDirectories(unpacked);
            NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
        } catch (IOException failed) {
            throw new StorageException("data directory: " + unpacked + " cannot be used: " + failed, failed);
        }
        RocksDB.loadLibrary();
    }

    static String explained(Path directory, RocksDBException failed) {
        String message = String.valueOf(failed.getMessage());
        // Not just any "lock": a damaged block is no directory in use.
        boolean inUse = message.contains("While lock file") || message.contains("lock hold by current process");
        return inUse
                ? "data directory: " + directory + " is in use by another process (expected: one node a directory): "
                        + message
                : "data directory: " + directory + " cannot be opened: " + message;
    }

    Path directory() {
        return directory;
    }

    RocksDB db() {
        return db;
    }

    ColumnFamilyHandle meta() {
        return handles.get(0);
    }

    ColumnFamilyHandle state() {
        return handles.get(1);
    }

    ColumnFamilyHandle log() {
        return handles.get(2);
    }

    ColumnFamilyHandle index() {
        return handles.get(3);
    }

    ColumnFamilyHandle elements() {
        return handles.get(4);
    }

    ColumnFamilyHandle deadlines() {
        return handles.get(5);
    }

    /** What became of a call that RocksDB failed. */
    StorageException failure(RocksDBException failed) {
        return new StorageException("storage: " + directory + ": " + failed.getMessage(), failed);
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
        familyOptions.close();
        options.close();
    }
}
