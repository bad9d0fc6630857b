package dev.hence.engine.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The operations on files and directories, one file system operation each. No change survives a power loss
 * before it is forced: the content of a file by {@link #force} of the file, the names in a directory by {@link #force}
 * of the directory. {@link DurableFiles} forces in the right order.
 *
 * <p>It is an interface so that tests can check what a power loss would leave after each operation.
 */
public interface Disk {

    /** Creates one directory; its parent must exist. */
    void createDirectory(Path directory) throws IOException;

    /** Writes a file, replacing its content. An existing file keeps its inode. */
    void write(Path file, byte[] content) throws IOException;

    /** Writes a new file with the content of another one from an offset on. */
    void copy(Path from, long offset, Path to) throws IOException;

    /** Renames a file atomically, replacing the file of the new name. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file if it exists. */
    void delete(Path file) throws IOException;

    /**
     * Forces the content of a file, or the names in a directory, to the disk; blocks until they survive a power loss.
     */
    void force(Path fileOrDirectory) throws IOException;

    /**
     * Writes the content of a file again, in place, so that the next force writes all of it. After a force that failed,
     * the operating system may take what it could not write for written, and a later force succeeds without it.
     */
    default void rewrite(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer part = ByteBuffer.allocate(1 << 20);
            for (long at = 0; channel.read(part.clear(), at) > 0; ) {
                part.flip();
                while (part.hasRemaining()) {
                    at += channel.write(part, at);
                }
            }
        }
    }

    /** Cuts off the end of a file. */
    void truncate(Path file, long size) throws IOException;

    /** Opens a file to append to it; creates it if it does not exist. */
    AppendFile open(Path file) throws IOException;

    /** Whether there is a file or directory of this name. */
    default boolean exists(Path file) {
        return Files.exists(file);
    }

    /** The files in a directory, in any order; none if it does not exist. */
    default List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    /** The size of a file in bytes. */
    default long size(Path file) throws IOException {
        return Files.size(file);
    }

    /** When a file was last written to, in milliseconds since 1970. */
    default long writtenMillis(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    /** Returns the beginning of a file: at most n bytes, fewer if it is shorter. */
    default byte[] read(Path file, int bytesMax) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(bytesMax);
        }
    }

    /** Returns the content of a file, which nobody changes meanwhile. */
    default ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }
}
