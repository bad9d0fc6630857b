package dev.hence.engine.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushJobInfo;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open RocksDB with the column families that the storage uses, and the options it was opened with. */
final class RocksFiles implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RocksFiles.class);

    /**
     * How many files of the newest rows there are before they are merged with all others: each merge rewrites most of the
     * next level. A read of a row asks the filters of all of them.
     */
    private static final int NEW_FILES_MAX = 8;

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

    /** Rows are written in their order: each is inserted beside the one before, without a search from the top. */
    private static final Map<String, String> SORTED_BATCHES =
            Map.of("memtable_insert_with_hint_prefix_extractor", "rocksdb.CappedPrefix.1");

    /** The column families of the present format. */
    static final List<String> FAMILIES = List.of("default", "state", "elements", "deadlines");

    /** Those that formats 3 and 4 had in addition: the log of updates, and its index. */
    private static final List<String> LOG_FAMILIES = List.of("log", "index");

    /** The column families of formats 3 and 4. */
    static final List<String> LEGACY_FAMILIES =
            Stream.concat(FAMILIES.stream(), LOG_FAMILIES.stream()).toList();

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
     * Opens a database, whose writes have no log of their own.
     *
     * @param beforeFlush is run before rows are written to files: what they are computed from must be on the disk
     *     first. If it fails, they are not written, and none are from then on
     * @throws StorageException if the files cannot be opened, for example because another process has them open
     */
    static RocksFiles open(Path directory, FlushCondition beforeFlush) {
        loadLibrary(directory);
        AbstractEventListener listener = new BeforeFlush(beforeFlush);
        DBOptions options = dbOptions()
                .setAtomicFlush(true)
                // Closing in order writes the rows itself. Otherwise it is uncertain whether their updates are logged.
                .setAvoidFlushDuringShutdown(true)
                .setListeners(List.of(listener));
        List<String> names = new ArrayList<>(FAMILIES);
        existingFamilies(directory).stream().filter(LOG_FAMILIES::contains).forEach(names::add);
        RocksFiles files = open(directory, options, names, RocksDB::open, listener);
        try {
            files.dropLog();
            return files;
        } catch (RuntimeException failed) {
            files.close();
            throw failed;
        }
    }

    /**
     * Opens a database of format 3 or 4.
     *
     * @param logs how to handle an unreadable record of its write-ahead log
     */
    static RocksFiles openLegacy(Path directory, WALRecoveryMode logs) {
        loadLibrary(directory);
        return open(directory, dbOptions().setWalRecoveryMode(logs), LEGACY_FAMILIES, RocksDB::open);
    }

    /** Opens a database read-only. */
    static RocksFiles openReadOnly(Path directory, List<String> families) {
        loadLibrary(directory);
        return open(directory, dbOptions(), families, RocksDB::openReadOnly);
    }

    static List<String> existingFamilies(Path directory) {
        if (!Files.exists(directory.resolve("CURRENT"))) {
            return List.of();
        }
        try (Options options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).stream()
                    .map(name -> new String(name, StandardCharsets.UTF_8))
                    .toList();
        } catch (RocksDBException failed) {
            throw cannotOpen(directory, failed);
        }
    }

    /** The updates of a converted directory are in its own log now. */
    private void dropLog() {
        try {
            for (ColumnFamilyHandle family : handles.subList(FAMILIES.size(), handles.size())) {
                db.dropColumnFamily(family);
            }
        } catch (RocksDBException failed) {
            throw failure(failed);
        }
    }

    /** What must be done before rows are written to files. */
    @FunctionalInterface
    interface FlushCondition {
        void establish() throws IOException;
    }

    /** Called by RocksDB's threads. */
    private static final class BeforeFlush extends AbstractEventListener {
        private final FlushCondition condition;

        BeforeFlush(FlushCondition condition) {
            super(EnabledEventCallback.ON_FLUSH_BEGIN);
            this.condition = condition;
        }

        @Override
        public void onFlushBegin(RocksDB db, FlushJobInfo info) {
            try {
                condition.establish();
            } catch (IOException | RuntimeException | Error failed) {
                log.error("rows are not written to files any more: {}", failed.toString());
                // A listener cannot refuse a flush, but a database that shuts down abandons it. With a flush at
                // shutdown,
                // this call would wait for this very thread.
                db.cancelAllBackgroundWork(false);
            }
        }
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
    private static RocksFiles open(
            Path directory, DBOptions options, List<String> names, Opening opening, AbstractNativeReference... others) {
        // For the recently read blocks of all families, and the filters and indexes of their files.
        LRUCache blocks = new LRUCache(MemoryShares.OF_THE_PROCESS.blockBytes());
        BloomFilter filter = new BloomFilter(FILTER_BITS_PER_KEY);
        ColumnFamilyOptions inOrder = familyOptions(blocks, filter);
        ColumnFamilyOptions anywhere = familyOptions(blocks, filter)
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_RATIO)
                .setMemtableWholeKeyFiltering(true)
                .setMemtableMaxRangeDeletions(MEMTABLE_RANGE_DELETIONS_MAX);
        List<AbstractNativeReference> open = new ArrayList<>(List.of(inOrder, anywhere, options, filter, blocks));
        open.addAll(Arrays.asList(others));
        List<ColumnFamilyDescriptor> families = names.stream()
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
                // There is only one writer, so inserts need no atomic instructions.
                .setAllowConcurrentMemtableWrite(false);
    }

    private static ColumnFamilyOptions familyOptions(LRUCache blocks, BloomFilter filter) {
        Properties named = new Properties();
        named.putAll(DELETED_ROWS);
        named.putAll(SORTED_BATCHES);
        ColumnFamilyOptions options = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(named);
        return Objects.requireNonNull(options, () -> "RocksDB does not know all of " + named)
                .setWriteBufferSize(MemoryShares.OF_THE_PROCESS.memtableBytes())
                .setLevel0FileNumCompactionTrigger(NEW_FILES_MAX)
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

    ColumnFamilyHandle elements() {
        return handles.get(2);
    }

    ColumnFamilyHandle deadlines() {
        return handles.get(3);
    }

    /** The log of updates; only of formats 3 and 4. */
    ColumnFamilyHandle log() {
        return handles.get(LEGACY_FAMILIES.indexOf("log"));
    }

    /**
     * Writes the rows that are in the database's memory only to files, all up to the same commit; returns when they are
     * there. RocksDB refuses to begin a flush without waiting while compactions lag behind.
     */
    void flush() throws RocksDBException {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true)) {
            db.flush(options, handles.subList(0, FAMILIES.size()));
        }
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

    /** Returns the memory of rows that are not in files yet, in bytes. */
    long memtableBytes() throws RocksDBException {
        return db.getAggregatedLongProperty("rocksdb.size-all-mem-tables");
    }

    /** Returns the memory of the cache that all families share, in bytes. */
    long blockBytes() throws RocksDBException {
        return db.getLongProperty(meta(), "rocksdb.block-cache-usage");
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
