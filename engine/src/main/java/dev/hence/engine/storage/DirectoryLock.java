package dev.hence.engine.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An exclusive lock on a data directory, for one process and one storage in it, held from before anything is read until
 * after everything is closed. RocksDB locks its own files only when it opens them.
 */
public final class DirectoryLock implements AutoCloseable {

    /** The name of the lock file. */
    public static final String FILE = "LOCK";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws StorageException if the lock is held already */
    public static DirectoryLock take(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException sameProcess) {
            // Reported as if it were another process.
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
        channel.close();
        throw new StorageException(
                "data directory: " + directory + " is in use by another process (expected: one node per directory)");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new StorageException("data directory: its lock cannot be released: " + failed, failed);
        }
    }
}
