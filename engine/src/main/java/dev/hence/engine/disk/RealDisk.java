package dev.hence.engine.disk;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file system of this machine. */
public final class RealDisk implements Disk {

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        Files.write(file, content);
    }

    @Override
    public void copy(Path from, long offset, Path to) throws IOException {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(
                        to,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            long at = offset;
            while (at < source.size()) {
                at += source.transferTo(at, source.size() - at, target);
            }
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void force(Path fileOrDirectory) throws IOException {
        // Windows cannot open directories, and makes names durable by itself.
        if (Files.isDirectory(fileOrDirectory)
                && !fileOrDirectory
                        .getFileSystem()
                        .supportedFileAttributeViews()
                        .contains("posix")) {
            return;
        }
        StandardOpenOption how =
                Files.isDirectory(fileOrDirectory) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        // An interrupt closes a channel that is in use, and it is often the thread's order to end when it is done.
        boolean interrupted = Thread.interrupted();
        try {
            while (!tryForce(fileOrDirectory, how)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns false if the thread was interrupted meanwhile. */
    private static boolean tryForce(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException interrupted) {
            return false;
        }
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Override
    public AppendFile open(Path file) throws IOException {
        return new RealFile(file);
    }
}
