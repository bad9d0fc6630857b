package dev.hence.engine.storage;

import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.DurableFiles;
import dev.hence.engine.log.CheckedLog;
import dev.hence.engine.log.LogCheck;
import dev.hence.engine.log.LogTail;
import dev.hence.engine.log.SegmentLog;
import dev.hence.engine.wal.WriteAheadLogCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts a data directory of format 3 or 4, which had the log of updates and the identity in the database.
 *
 * <p><b>Invariant.</b> Until the format number is changed, which is the last step, the database holds everything; what
 * an interrupted conversion left is written again. Every update keeps its sequence, so the rows are not changed.
 */
final class LegacyConversion {

    private static final Logger log = LoggerFactory.getLogger(LegacyConversion.class);

    private final Path directory;
    private final Path database;
    private final Disk disk;
    private final DurableFiles durable;

    LegacyConversion(Path directory, Path database, Disk disk) {
        this.directory = directory;
        this.database = database;
        this.disk = disk;
        this.durable = new DurableFiles(disk);
    }

    /**
     * Converts the directory; its format number is still the old one afterwards.
     *
     * @return whether records of the database's log were dropped that a client or a peer may have seen
     * @throws StorageException if the database's log is damaged
     */
    boolean run(String bootId) throws IOException {
        LogRecovery recovery = new LogRecovery(directory, durable);
        LogCheck check = WriteAheadLogCheck.of(database);
        WALRecoveryMode mode =
                check.isWhole() ? WALRecoveryMode.AbsoluteConsistency : WALRecoveryMode.PointInTimeRecovery;
        boolean endUncertain = recovery.prepare(check, bootId);
        try (RocksFiles files = RocksFiles.openLegacy(database, mode)) {
            MetaRows meta = new MetaRows(files);
            StoredIdentity identity = meta.legacyIdentity();
            if (identity != null) {
                long updates = copyLog(files, meta);
                files.flush();
                new IdentityFile(directory, durable).write(identity);
                log.info("{}: converted to format {}, with {} updates", directory, DirectoryFormat.CURRENT, updates);
            }
            return endUncertain;
        } catch (RocksDBException failed) {
            throw RocksFiles.cannotOpen(database, failed);
        }
    }

    private long copyLog(RocksFiles files, MetaRows meta) throws IOException, RocksDBException {
        Path target = directory.resolve(DataDirectory.LOG);
        durable.createDirectories(target);
        removeRemains(target);
        ReplicaNumbers numbers = meta.replicaNumbers();
        long expected = meta.progress(numbers).nextSequence();
        try (SegmentLog converted = CheckedLog.of(target).open(disk, SegmentLog.Sizes.DEFAULT)) {
            UpdateLog updates = new UpdateLog(converted, files.largeRows(), new LogTail(0));
            new LegacyLog(files, numbers).forEachBlock(updates::append);
            converted.force();
            if (converted.endSequence() != expected) {
                throw new StorageException("data directory: " + directory + ": its log has " + converted.endSequence()
                        + " updates (expected: " + expected + "); " + LossAdvice.damaged(directory));
            }
            return expected;
        }
    }

    private void removeRemains(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            for (Path file : files.toList()) {
                disk.delete(file);
            }
        }
        disk.force(target);
    }
}
