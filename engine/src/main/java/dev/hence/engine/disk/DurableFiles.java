package dev.hence.engine.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes files so that a power loss at any moment leaves them as they were before or as they are after, and that the
 * effect of a method survives one once it has returned.
 *
 * <p>Invariant: a name is forced only after the content it leads to. So no power loss leaves a file that is there
 * but empty, except where {@link #overwrite} says so.
 *
 * <p>Thread-safe as far as its callers use different files.
 */
public final class DurableFiles {

    private static final Logger log = LoggerFactory.getLogger(DurableFiles.class);

    private final Disk disk;

    public DurableFiles(Disk disk) {
        this.disk = disk;
    }

    /** Makes a directory and those above it that are missing. */
    public void createDirectories(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().normalize().getParent();
        if (Files.isDirectory(directory)) {
            forceParent(parent);
            return;
        }
        if (parent != null) {
            createDirectories(parent);
        }
        try {
            disk.createDirectory(directory);
        } catch (FileAlreadyExistsException made) {
            if (!Files.isDirectory(directory)) {
                throw made;
            }
        }
        if (parent != null) {
            disk.force(parent);
        }
    }

    /**
     * A directory that is there may have been made by a run that ended before it forced its name. Others' directories
     * need not let this user do it, and if they were made by others they need no help.
     */
    private void forceParent(@Nullable Path parent) {
        try {
            if (parent != null) {
                disk.force(parent);
            }
        } catch (IOException notOurs) {
            log.debug("{} cannot be synced: {}", parent, notOurs.toString());
        }
    }

    /** Gives a file a new content, by way of a file beside it. */
    public void replace(Path file, String content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        disk.write(temporary, content.getBytes(StandardCharsets.UTF_8));
        disk.force(temporary);
        disk.rename(temporary, file);
        force(file.toAbsolutePath().getParent());
    }

    /**
     * Gives a file a new content and keeps its inode. A power loss meanwhile may leave it empty or partly written, so
     * its content must not matter.
     */
    public void overwrite(Path file, String content) throws IOException {
        disk.write(file, content.getBytes(StandardCharsets.UTF_8));
        disk.force(file);
        force(file.toAbsolutePath().getParent());
    }

    /** Makes a file with what another one holds from an offset on. */
    public void copyTail(Path from, long offset, Path to) throws IOException {
        disk.copy(from, offset, to);
        disk.force(to);
        force(to.toAbsolutePath().getParent());
    }

    /** Removes a file if it is there. */
    public void delete(Path file) throws IOException {
        if (Files.exists(file)) {
            disk.delete(file);
            force(file.toAbsolutePath().getParent());
        }
    }

    /** Makes the names in a directory survive a power loss. */
    public void force(@Nullable Path directory) throws IOException {
        if (directory != null) {
            disk.force(directory);
        }
    }
}
