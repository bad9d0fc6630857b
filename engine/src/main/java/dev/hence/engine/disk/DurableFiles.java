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
 * File changes that are atomic and durable across a power loss: a power loss at any moment leaves a file in its state
 * before or after a change, and a change survives one once its method has returned.
 *
 * <p>Invariant: a name is forced only after the content it refers to. So no power loss leaves an existing but empty
 * file, except as documented at {@link #overwrite}.
 *
 * <p>Thread-safe if callers use different files.
 */
public final class DurableFiles {

    private static final Logger log = LoggerFactory.getLogger(DurableFiles.class);

    private final Disk disk;

    public DurableFiles(Disk disk) {
        this.disk = disk;
    }

    /** Creates a directory and its missing parents. */
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
     * An existing directory may have been created by a run that ended before it forced the name. Directories of other
     * users may not permit a force, and do not need one.
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

    /** Replaces the content of a file, by way of a temporary file beside it. */
    public void replace(Path file, String content) throws IOException {
        replace(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces the content of a file, by way of a temporary file beside it. */
    public void replace(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        disk.write(temporary, content);
        disk.force(temporary);
        disk.rename(temporary, file);
        force(file.toAbsolutePath().getParent());
    }

    /**
     * Overwrites a file and keeps its inode. A power loss during the call may leave it empty or partly written, so
     * nothing may depend on its content.
     */
    public void overwrite(Path file, String content) throws IOException {
        disk.write(file, content.getBytes(StandardCharsets.UTF_8));
        disk.force(file);
        force(file.toAbsolutePath().getParent());
    }

    /** Creates a file with the content of another one from an offset on. */
    public void copyTail(Path from, long offset, Path to) throws IOException {
        disk.copy(from, offset, to);
        disk.force(to);
        force(to.toAbsolutePath().getParent());
    }

    /** Removes a file if it exists. */
    public void delete(Path file) throws IOException {
        if (Files.exists(file)) {
            disk.delete(file);
            force(file.toAbsolutePath().getParent());
        }
    }

    /** Forces the names in a directory to the disk. */
    public void force(@Nullable Path directory) throws IOException {
        if (directory != null) {
            disk.force(directory);
        }
    }
}
