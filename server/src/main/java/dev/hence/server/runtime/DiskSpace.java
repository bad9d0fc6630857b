package dev.hence.server.runtime;

import dev.hence.server.runtime.WriteRefusedException.Reason;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the free space of the data directory's disk, so that writes are refused while there is still
 * room for the storage to do its work, rather than when a commit fails.
 *
 * <p>Thread-safe. Looks at the disk at most twice a second.
 */
final class DiskSpace {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final FileStore store;
    private final Path directory;
    private final long freeBytesMin;
    private volatile long lookedNanos;
    private volatile @Nullable WriteRefusedException refusal;

    DiskSpace(Path directory, long freeBytesMin) throws IOException {
        this.store = Files.getFileStore(directory);
        this.directory = directory;
        this.freeBytesMin = freeBytesMin;
        look();
    }

    /** Why nothing can be written; empty if there is room. */
    Optional<WriteRefusedException> refusal() {
        if (System.nanoTime() - lookedNanos > LOOK_NANOS) {
            look();
        }
        return Optional.ofNullable(refusal);
    }

    private void look() {
        lookedNanos = System.nanoTime();
        try {
            long free = store.getUsableSpace();
            refusal = free >= freeBytesMin
                    ? null
                    : new WriteRefusedException(
                            Reason.DISK_FULL,
                            "disk of " + directory + ": " + free + " bytes free (expected: at least " + freeBytesMin
                                    + "); writes are refused until there is room");
        } catch (IOException unknown) {
            refusal = new WriteRefusedException(
                    Reason.DISK_FULL, "disk of " + directory + ": its free space cannot be read: " + unknown);
        }
    }
}
