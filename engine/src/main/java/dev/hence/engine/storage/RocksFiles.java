package dev.hence.engine.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;

/** An open RocksDB with the column families that the storage uses, and the options it was opened with. */
final class RocksFiles implements AutoCloseable {

    /** The cache of recently read blocks of all families, with the filters and indexes of their files. */
    private static final long BLOCK_CACHE_BYTES = 128L << 20;

    /**
     * The maximum size of the write-ahead log, which a start after a crash replays. Smaller logs make rarely changing
     * families write more and smaller files; at this size they write no more than at four times the size.
     */
    private static final long WRITE_AHEAD_LOG_BYTES_MAX = 64L << 20;

    private static final int FILTER_BITS_PER_KEY = 10;

    /** The share of a memtable used for a filter that detects most absent keys without a search. */
    private static final double MEMTABLE_FILTER_RATIO = 0.05;

    /** Every read of a memtable checks all ranges that are deleted in it. */
    private static final int MEMTABLE_RANGE_DELETIONS_MAX = 256;

    /**
     * A walk skips deleted rows one at a time. A walk that meets too many of them in memory triggers a flush, and a
     * file with many adjacent deletions is soon compacted into the levels below, where the deletions are dropped.
     * Without this, a pick from a set that fills and empties would become slower with each element that the set ever
     * had.
     */
    private static final Map<String, String> DELETED_ROWS = Map.of(
            // How many in one walk, and how many per existing row on average.
            "memtable_op_scan_flush_trigger", "2000",
            "memtable_avg_op_scan_flush_trigger", "16",
            "table_properties_collectors",
                    "{id=CompactOnDeletionCollector;window_size=4096;deletion_trigger=2048;deletion_ratio=0.5}");

    /** The column families of the present format. */
    static final List<String> FAMILIES = List.of("default", "state", "log", "index", "elements", "deadlines");

    /** The families with frequent reads of absent rows. */
    private static final Set<String> READ_ANYWHERE = Set.of("state", "elements");

    private final Path directory;
    private final RocksDB db;
    private final List<ColumnFamilyHandle> handles;

    /** The options that the database needs while it is open; closed after it. */
    private final List<AbstractNativeReference> options;

    private final LargeRows largeRows = new LargeRows();

    private RocksFiles(
            Path directory, RocksDB db, List<ColumnFamilyHandle> handles, List<AbstractNativeReference> options) {
        this.directory = directory;
        this.db = db;
        this.handles = handles;
        this.options = options;
    }

    /**
     * @param logs how to handle an unreadable log record; from {@link LogRecovery}
     * @throws StorageException if the files cannot be opened, for example because another process has them open
     */
    static RocksFiles open(Path directory, WALRecoveryMode logs) {
        loadLibrary(directory);
        return open(directory, dbOptions().setWalRecoveryMode(logs), RocksDB::open);
    }

    /** Opens a database with the present column families read-only. */
    static RocksFiles openReadOnly(Path directory) {
        loadLibrary(directory);
        return open(directory, dbOptions(), RocksDB::openReadOnly);
    }

    @FunctionalInterface
    private interface Opening {
        RocksDB open(
                DBOptions options,
                String directory,
                List<ColumnFamilyDescriptor> families,
                List<ColumnFamilyHandle> handles)
                throws RocksDBException;
    }

    /** @param options created after the library was loaded; otherwise they load it themselves, from another place */
    private static RocksFiles open(Path directory, DBOptions options, Opening opening) {
        LRUCache blocks = new LRUCache(BLOCK_CACHE_BYTES);
        BloomFilter filter = new BloomFilter(FILTER_BITS_PER_KEY);
        ColumnFamilyOptions inOrder = familyOptions(blocks, filter);
        ColumnFamilyOptions anywhere = familyOptions(blocks, filter)
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_RATIO)
                .setMemtableWholeKeyFiltering(true)
                .setMemtableMaxRangeDeletions(MEMTABLE_RANGE_DELETIONS_MAX);
        List<AbstractNativeReference> open = List.of(inOrder, anywhere, options, filter, blocks);
        List<ColumnFamilyDescriptor> families = FAMILIES.stream()
                .map(name -> new ColumnFamilyDescriptor(
                        name.getBytes(StandardCharsets.US_ASCII), READ_ANYWHERE.contains(name) ? anywhere : inOrder))
                .toList();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB db = opening.open(options, directory.toString(), families, handles);
            return new RocksFiles(directory, db, handles, open);
        } catch (RocksDBException failed) {
            open.forEach(AbstractNativeReference::close);
            throw cannotOpen(directory, failed);
        }
    }

    private static DBOptions dbOptions() {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(4)
                .setMaxLogFileSize(4 << 20)
                .setMaxTotalWalSize(WRITE_AHEAD_LOG_BYTES_MAX)
                // There is only one writer, so inserts need no atomic instructions.
                .setAllowConcurrentMemtableWrite(false);
    }

    private static ColumnFamilyOptions familyOptions(LRUCache blocks, BloomFilter filter) {
        Properties named = new Properties();
        named.putAll(DELETED_ROWS);
        ColumnFamilyOptions options = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(named);
        return Objects.requireNonNull(options, () -> "RocksDB does not know all of " + DELETED_ROWS)
                .setWriteBufferSize(32L << 20)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(blocks)
                        .setFilterPolicy(filter)
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash));
    }

    /**
     * Loads RocksDB's native library. If it is not on the JVM's library path, it is unpacked here and not where RocksDB
     * would: each killed process would leave another copy among the temporary files.
     */
    static void loadLibrary(Path database) {
        Path unpacked = database.resolveSibling("native");
        try {
            Files.createDirectories(unpacked);
            NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
        } catch (IOException failed) {
            throw new StorageException("data directory: " + unpacked + " cannot be used: " + failed, failed);
        }
        RocksDB.loadLibrary();
    }

    /** Returns the exception for a database that is not opened. */
    static StorageException cannotOpen(Path directory, RocksDBException failed) {
        return new StorageException(explained(directory, failed), failed);
    }

    static String explained(Path directory, RocksDBException failed) {
        String message = String.valueOf(failed.getMessage());
        // Not every message with "lock": a damaged block does not mean that the directory is in use.
        boolean inUse = message.contains("While lock file") || message.contains("lock hold by current process");
        if (inUse) {
            return "data directory: " + directory + " is in use by another process (expected: one node per "
                    + "directory): "
                    + message;
        }
        String refusal = "data directory: " + directory + " cannot be opened: " + message;
        return isDamage(failed, message) ? refusal + "; " + LossAdvice.damaged(directory.resolveSibling("")) : refusal;
    }

    /**
     * Whether files are damaged or missing; other failures may be temporary, such as a full disk or missing
     * permissions.
     */
    private static boolean isDamage(RocksDBException failed, String message) {
        Status status = failed.getStatus();
        return message.contains("No such file")
                || message.startsWith("Corruption")
                || (status != null && status.getCode() == Status.Code.Corruption);
    }

    Path directory() {
        return directory;
    }

    /** The sizes of large rows of the column families of state. */
    LargeRows largeRows() {
        return largeRows;
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

    /** Returns the exception for a start that cannot read what it needs. */
    StorageException unreadable(String what, Exception failed) {
        return new StorageException(
                "data directory: " + directory + ": the " + what + " cannot be read: " + failed.getMessage() + "; "
                        + LossAdvice.damaged(directory.resolveSibling("")),
                failed);
    }

    /** Returns the size of a family in live files and in memory, in bytes. */
    long bytes(ColumnFamilyHandle family) throws RocksDBException {
        return db.getLongProperty(family, "rocksdb.live-sst-files-size")
                + db.getLongProperty(family, "rocksdb.cur-size-all-mem-tables");
    }

    /** Returns the exception for a failed RocksDB call. */
    StorageException failure(RocksDBException failed) {
        return new StorageException("storage: " + directory + ": " + failed.getMessage(), failed);
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        db.close();
        options.forEach(AbstractNativeReference::close);
    }
}
