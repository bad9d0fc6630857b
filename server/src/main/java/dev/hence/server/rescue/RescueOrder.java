package dev.hence.server.rescue;

import dev.hence.core.replica.Identity;
import dev.hence.server.storage.DataDirectory;
import dev.hence.server.storage.Storage;
import dev.hence.server.storage.StorageException;
import dev.hence.server.storage.disk.Disk;
import dev.hence.server.storage.disk.DurableFiles;
import dev.hence.server.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file in a data directory that names another one, set aside, of which the node is to make again what its peers do
 * not have. It stays until that is done; the directory that was set aside is never removed.
 *
 * <p>The directory is set aside by giving it another name beside it. Where it cannot have one - it is a mount point, or
 * the user may not write to its parent - its content is moved into {@code forked/} inside it.
 *
 * <p><b>Invariant.</b> Each step is on the disk before the next one, and leaves something from which the order can be
 * given again. The database is the last that is moved: a {@code forked/} without one is an attempt that got no further,
 * and one with it is complete. An order in a directory without a database finds what was set aside by its name.
 */
public final class RescueOrder {

    private static final Logger log = LoggerFactory.getLogger(RescueOrder.class);
    private static final String FILE = "RESCUE";
    private static final String DATABASE = "db";
    private static final String INSIDE = "forked";

    /** What is not the node's: a file system of its own has the latter, and only root may move it. */
    private static final Set<String> STAYS = Set.of(INSIDE, "lost+found");

    private final Path named;
    private final Path inside;
    private final Path beside;
    private final Disk disk;
    private final DurableFiles files;

    private RescueOrder(Path directory, Disk disk) {
        this.named = directory.toAbsolutePath().normalize();
        this.inside = named.resolve(INSIDE);
        this.beside = named.resolveSibling(named.getFileName() + ".forked");
        this.disk = disk;
        this.files = new DurableFiles(disk);
    }

    /** The directory that is to be rescued from; empty if there is none. */
    public static Optional<Path> of(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            // Inside the directory it is named from there, as a volume may be mounted somewhere else next time.
            return Files.exists(file)
                    ? Optional.of(directory
                            .toAbsolutePath()
                            .normalize()
                            .resolve(Files.readString(file).strip()))
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
        return give(directory, new RealDisk());
    }

    /** The same, with a way to watch what is done to files. */
    static Path give(Path directory, Disk disk) {
        Optional<Path> given = of(directory);
        return given.isPresent() ? given.get() : new RescueOrder(directory, disk).give();
    }

    private Path give() {
        try {
            Path aside = setAside();
            requireForked(aside);
            files.createDirectories(named);
            files.replace(named.resolve(FILE), (aside.equals(inside) ? INSIDE : aside) + "\n");
            return aside;
        } catch (IOException failed) {
            throw new StorageException("rescue: " + named + ": " + failed, failed);
        }
    }

    private Path setAside() throws IOException {
        if (!hasDatabase(named)) {
            return hasDatabase(inside) ? inside : beside;
        }
        boolean goesOn = Files.isDirectory(inside) && !hasDatabase(inside);
        if (!goesOn) {
            requireForked(named);
            requireAbsent(inside);
            requireAbsent(beside);
            if (isRenamed()) {
                return beside;
            }
        }
        moveContent();
        return inside;
    }

    private static void requireAbsent(Path aside) {
        if (Files.exists(aside)) {
            throw new StorageException(
                    "rescue: " + aside + " exists (expected: no directory of that name; move it away,"
                            + " it may hold what was not rescued yet)");
        }
    }

    /** Whether the whole directory could be given its other name. */
    private boolean isRenamed() throws IOException {
        try {
            disk.rename(named, beside);
        } catch (IOException refused) {
            log.info("{} cannot be renamed ({}): its content is moved to {}", named, refused.toString(), inside);
            return false;
        }
        files.force(named.getParent());
        return true;
    }

    private void moveContent() throws IOException {
        files.createDirectories(inside);
        for (Path each : content()) {
            disk.rename(each, inside.resolve(each.getFileName()));
            files.force(inside);
            files.force(named);
        }
    }

    private List<Path> content() throws IOException {
        try (Stream<Path> all = Files.list(named)) {
            return all.filter(each -> !STAYS.contains(each.getFileName().toString()))
                    .sorted(Comparator.comparing(RescueOrder::isDatabase).thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    private static boolean isDatabase(Path path) {
        return path.getFileName().toString().equals(DATABASE);
    }

    private static boolean hasDatabase(Path directory) {
        return Files.exists(directory.resolve(DATABASE));
    }

    private static void requireForked(Path directory) {
        if (!hasDatabase(directory)) {
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
            new DurableFiles(new RealDisk()).delete(directory.resolve(FILE));
        } catch (IOException failed) {
            throw new StorageException("rescue: " + directory.resolve(FILE) + " cannot be removed: " + failed, failed);
        }
    }
}
