package dev.hence.server.rescue;

import dev.hence.core.replica.Identity;
import dev.hence.server.storage.DataDirectory;
import dev.hence.server.storage.Storage;
import dev.hence.server.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A file in a data directory that names another one, set aside, of which the node is to make again what its peers do
 * not have. It stays until that is done; the directory that was set aside is never removed.
 *
 * <p>Each step leaves something from which the order can be given again: the directory is renamed first, and an order
 * in a directory that is empty or missing finds it by its name.
 */
public final class RescueOrder {

    private static final String FILE = "RESCUE";

    private RescueOrder() {}

    /** The directory that is to be rescued from; empty if there is none. */
    public static Optional<Path> of(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            return Files.exists(file)
                    ? Optional.of(Path.of(Files.readString(file).strip()))
                    : Optional.empty();
        } catch (IOException unreadable) {
            throw new StorageException("rescue: " + file + " cannot be read: " + unreadable, unreadable);
        }
    }

    /**
     * Sets a forked directory aside and gives the order; the node must not run.
     *
     * @return the directory that was set aside
     * @throws StorageException if it has not forked, is open, or there is one set aside already and another to set aside
     */
    public static Path give(Path directory) {
        Path named = directory.toAbsolutePath().normalize();
        Path aside = named.resolveSibling(named.getFileName() + ".forked");
        Optional<Path> given = of(named);
        if (given.isPresent()) {
            return given.get();
        }
        try {
            if (Files.exists(named.resolve("db"))) {
                requireForked(named);
                if (Files.exists(aside)) {
                    throw new StorageException("rescue: " + aside + " exists (expected: no directory of that name; move"
                            + " it away, it may hold what was not rescued yet)");
                }
                Files.move(named, aside, StandardCopyOption.ATOMIC_MOVE);
            }
            requireForked(aside);
            Files.createDirectories(named);
            Path draft = named.resolve(FILE + ".new");
            Files.writeString(draft, aside + "\n");
            Files.move(draft, named.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            return aside;
        } catch (IOException failed) {
            throw new StorageException("rescue: " + named + ": " + failed, failed);
        }
    }

    private static void requireForked(Path directory) {
        if (!Files.exists(directory.resolve("db"))) {
            throw new StorageException(
                    "rescue: " + directory + " is no data directory (expected: one that has forked)");
        }
        try (Storage storage = DataDirectory.openForked(directory)) {
            Identity identity = storage.recovered().identity();
            if (identity.forked() == null) {
                throw new StorageException("rescue: " + directory + ", of " + identity.self()
                        + ", has not forked (expected: one whose node says so, see hence status)");
            }
        }
    }

    /** The order was carried out. */
    static void done(Path directory) {
        try {
            Files.delete(directory.resolve(FILE));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
