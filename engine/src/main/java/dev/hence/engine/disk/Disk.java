package dev.hence.engine.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The operations that change files and directories, one file system operation each. No change survives a power loss
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

    /** Cuts off the end of a file. */
    void truncate(Path file, long size) throws IOException;

    /** Opens a file to append to it; creates it if it does not exist. */
    AppendFile open(Path file) throws IOException;
}
