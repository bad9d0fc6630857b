package dev.hence.engine.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Operations that change files and directories, one file system operation each. None of them survives a power loss
 * before it is forced: the content of a file by {@link #force} of the file, the names in a directory by {@link #force}
 * of the directory. {@link DurableFiles} has the order in which that is done.
 *
 * <p>It is a port so that tests can count what a power loss would leave after each operation.
 */
public interface Disk {

    /** Makes one directory; its parent is there. */
    void createDirectory(Path directory) throws IOException;

    /** Writes a file, in place of what it held. A file that is there keeps its inode. */
    void write(Path file, byte[] content) throws IOException;

    /** Writes a new file with what another one holds from an offset on. */
    void copy(Path from, long offset, Path to) throws IOException;

    /** Gives a file another name, in place of the file that had it; never both or neither. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file if it is there. */
    void delete(Path file) throws IOException;

    /** Returns when the content of a file, or the names in a directory, survive a power loss. */
    void force(Path fileOrDirectory) throws IOException;
}
