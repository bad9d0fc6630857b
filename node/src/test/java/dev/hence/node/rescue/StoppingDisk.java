package dev.hence.node.rescue;

import dev.hence.engine.disk.AppendFile;
import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Path;

/** The real disk of a process that ends before one of its operations, and does nothing from then on. */
final class StoppingDisk implements Disk {

    static final String ENDED = "the process has ended";

    /** Runs before a file is removed. */
    Runnable beforeDelete = () -> {};

    private final Disk real = new RealDisk();
    private int left;

    /** @param operations how many are carried out */
    StoppingDisk(int operations) {
        this.left = operations;
    }

    private void requireAlive() throws IOException {
        if (left <= 0) {
            throw new IOException(ENDED);
        }
        left--;
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        requireAlive();
        real.createDirectory(directory);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        requireAlive();
        real.write(file, content);
    }

    @Override
    public void copy(Path from, long offset, Path to) throws IOException {
        requireAlive();
        real.copy(from, offset, to);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        requireAlive();
        real.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        requireAlive();
        beforeDelete.run();
        real.delete(file);
    }

    @Override
    public void force(Path fileOrDirectory) throws IOException {
        requireAlive();
        real.force(fileOrDirectory);
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        requireAlive();
        real.truncate(file, size);
    }

    @Override
    public AppendFile open(Path file) throws IOException {
        requireAlive();
        return real.open(file);
    }
}
