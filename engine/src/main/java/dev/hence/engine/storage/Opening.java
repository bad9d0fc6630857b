package dev.hence.engine.storage;

import static java.util.Objects.requireNonNull;

import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.DurableFiles;
import dev.hence.engine.log.CheckedLog;
import dev.hence.engine.log.SegmentLog;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps in which the files of a data directory are locked, checked, converted and opened. */
final class Opening {

    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    final DurableFiles durable;
    final String bootId = DataDirectory.bootId();
    final IdentityFile identity;
    final LogRecovery recovery;

    /** Whether records were dropped that a client or a peer may have seen. */
    boolean endUncertain;

    private final Path directory;
    private final Path database;
    private final Disk disk;
    private final SegmentLog.Sizes sizes;
    private @Nullable DirectoryLock lock;
    private @Nullable CheckedLog checked;
    private @Nullable SegmentLog segments;
    private @Nullable RocksFiles files;
    private @Nullable RocksStorage storage;

    Opening(Path directory, Disk disk, SegmentLog.Sizes sizes) {
        this.directory = directory;
        this.sizes = sizes;
        this.database = directory.resolve(DataDirectory.DATABASE);
        this.disk = disk;
        this.durable = new DurableFiles(disk);
        this.identity = new IdentityFile(directory, durable);
        this.recovery = new LogRecovery(directory, durable);
    }

    /** Locks the directory and converts it if it has an earlier format. */
    void prepare() throws IOException {
        durable.createDirectories(directory);
        lock = DirectoryLock.take(directory);
        DirectoryFormat format = new DirectoryFormat(directory, database, durable);
        if (format.settle()) {
            endUncertain = new LegacyConversion(directory, database, disk).run(bootId);
            format.converted();
        }
    }

    /**
     * Checks the log, and sets aside what opening it will drop.
     *
     * @throws StorageException if it is damaged
     */
    void check() throws IOException {
        Path logs = directory.resolve(DataDirectory.LOG);
        durable.createDirectories(logs);
        checked = CheckedLog.of(logs);
        endUncertain |= recovery.prepare(checked.check(), bootId);
    }

    /**
     * Opens log and rows, and applies what the rows do not hold yet.
     *
     * @param isNew whether no identity was stored, so that there is nothing in them
     * @throws StorageException if the log does not continue the rows
     */
    RocksStorage open(boolean isNew) throws IOException {
        segments = requireNonNull(checked, "checked").open(disk, sizes);
        SegmentLog opened = segments;
        files = RocksFiles.open(database, opened::force);
        durable.force(database);
        RocksStorage rows = new RocksStorage(requireNonNull(lock, "locked"), files, segments, identity);
        storage = rows;
        if (isNew) {
            requireEmpty(rows, segments);
        } else {
            new Replay(rows, segments.firstSequence(), segments.endSequence()).run();
        }
        return rows;
    }

    private void requireEmpty(RocksStorage storage, SegmentLog segments) {
        long updates = Math.max(storage.deliveredCount(), segments.endSequence());
        if (updates > 0) {
            throw new StorageException("data directory: " + directory + " has no file IDENTITY, but " + updates
                    + " updates (expected: a whole directory, or an empty one); " + LossAdvice.damaged(directory));
        }
    }

    /** Releases what was opened. */
    void close() {
        if (storage != null) {
            storage.abandon();
            return;
        }
        if (files != null) {
            files.close();
        }
        if (segments != null) {
            try {
                segments.close();
            } catch (IOException failed) {
                log.warn("{}", failed.toString());
            }
        }
        if (lock != null) {
            lock.close();
        }
    }
}
