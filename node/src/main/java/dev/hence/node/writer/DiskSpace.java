package dev.hence.node.writer;

import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteRefusedException.Reason;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monitor of the free space of the data directory's disk. Writes are rejected while the storage still has room to
 * do its work, rather than when a commit fails.
 *
 * <p>Not every file system reports its size: some report no blocks at all, and others fail. That is no reason to reject
 * writes, and is logged once.
 *
 * <p>Thread-safe. Queries the disk at most twice a second.
 */
public final class DiskSpace {

    private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final FileStore store;
    private final Path directory;
    private final long freeBytesMin;
    private volatile long lookedNanos;
    private final AtomicBoolean unknown = new AtomicBoolean();
    private volatile @Nullable WriteRefusedException refusal;

    public DiskSpace(Path directory, long freeBytesMin) throws IOException {
        this(Files.getFileStore(directory), directory, freeBytesMin);
    }

    public DiskSpace(FileStore store, Path directory, long freeBytesMin) {
        this.store = store;
        this.directory = directory;
        this.freeBytesMin = freeBytesMin;
        look();
    }

    /** Why nothing can be written; empty if there is room. */
    Optional<WriteRefusedException> refusal() {
        if (isToBeAsked()) {
            look();
        }
        return Optional.ofNullable(refusal);
    }

    /** Whether {@link #refusal} queries the disk, which may take long. */
    boolean isToBeAsked() {
        return System.nanoTime() - lookedNanos > LOOK_NANOS;
    }

    /** Queries the disk now. */
    void look() {
        lookedNanos = System.nanoTime();
        try {
            long free = store.getUsableSpace();
            if (free >= freeBytesMin) {
                refusal = null;
            } else if (store.getTotalSpace() <= 0) {
                unknown("it reports a size of 0 blocks");
            } else {
                refusal = new WriteRefusedException(
                        Reason.DISK_FULL,
                        "disk of " + directory + ": " + free + " bytes free (expected: at least " + freeBytesMin
                                + "); writes are rejected until there is enough space");
            }
        } catch (IOException failed) {
            unknown(failed.toString());
        }
    }

    private void unknown(String why) {
        refusal = null;
        if (unknown.compareAndSet(false, true)) {
            log.warn(
                    "disk of {}: free space unknown: {}. A full disk is not detected until a write fails",
                    directory,
                    why);
        }
    }
}
