package dev.hence.node.rescue;

import dev.hence.core.replica.Identity;
import dev.hence.engine.disk.Disk;
import dev.hence.engine.disk.DurableFiles;
import dev.hence.engine.disk.RealDisk;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.DirectoryLock;
import dev.hence.engine.storage.Storage;
import dev.hence.engine.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file in a data directory, {@code RESCUE}, that makes the node move the directory's content to {@code forked/}
 * inside it and reissue the updates that its peers do not have. It stays until that is done; the content set aside is
 * never removed.
 *
 * <p>The target is inside because that is always possible: a mount point cannot be renamed, and the user may not be
 * allowed to write to the parent.
 *
 * <p><b>Invariant.</b> Each step is on the disk before the next one. The order is written first, and the database is
 * moved last. So a directory with an order has either everything in {@code forked/} or its database still in the old
 * place, and is then completed before the database is opened ({@link #setAside}): by the command, or by the start of
 * the node, whichever comes first. No node ever starts with an empty directory whose forked content is forgotten.
 */
public final class RescueOrder {

    private static final String FILE = "RESCUE";
    private static final String DATABASE = "db";
    private static final String INSIDE = "forked";
    private static final String TEXT = "The content of this directory is set aside in " + INSIDE
            + "/, and the node reissues the updates of it that its peers do not have.\n";

    /**
     * A separate file system contains {@code lost+found}, which does not belong to the node and can be moved only by
     * root.
     */
    private static final Set<String> STAYS = Set.of(FILE, INSIDE, DirectoryLock.FILE, "lost+found");

    private final Path directory;
    private final Path order;
    private final Path inside;
    private final Disk disk;
    private final DurableFiles files;

    RescueOrder(Path directory, Disk disk) {
        this.directory = directory.toAbsolutePath().normalize();
        this.order = this.directory.resolve(FILE);
        this.inside = this.directory.resolve(INSIDE);
        this.disk = disk;
        this.files = new DurableFiles(disk);
    }

    /**
     * Writes the order and sets the content of a forked directory aside; the node must not run. If the order was
     * written before, this completes it.
     *
     * @return where the content was set aside
     * @throws StorageException if it has not forked, is open, or other content was set aside before
     */
    public static Path give(Path directory) {
        return new RescueOrder(directory, new RealDisk()).give();
    }

    /**
     * The directory to rescue from; empty if there is no order. Completes an interrupted command first. Must be called
     * before the directory is opened.
     *
     * @throws StorageException if the directory is open, or its content cannot be moved
     */
    public static Optional<Path> settle(Path directory) {
        return new RescueOrder(directory, new RealDisk()).settle();
    }

    Path give() {
        if (!isGiven()) {
            requireForked();
            requireAbsent();
        }
        return guarded(() -> setAside(true));
    }

    Optional<Path> settle() {
        return isGiven() ? Optional.of(guarded(() -> setAside(false))) : Optional.empty();
    }

    private boolean isGiven() {
        return Files.exists(order);
    }

    private Path setAside(boolean giving) throws IOException {
        if (isGiven() && hasDatabase(inside)) {
            return inside;
        }
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            if (giving) {
                files.replace(order, TEXT);
            }
            moveContent();
        } finally {
            lock.close();
        }
        requireDatabase(inside);
        return inside;
    }

    private void moveContent() throws IOException {
        files.createDirectories(inside);
        for (Path each : content()) {
            disk.rename(each, inside.resolve(each.getFileName()));
            files.force(inside);
            files.force(directory);
        }
    }

    private List<Path> content() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
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

    private static void requireDatabase(Path directory) {
        if (!hasDatabase(directory)) {
            throw new StorageException(
                    "rescue: " + directory + " is not a data directory (expected: one that has forked)");
        }
    }

    private void requireAbsent() {
        if (Files.exists(inside)) {
            throw new StorageException("rescue: " + inside + " exists (expected: no directory of that name; move it"
                    + " away, because it may contain updates that are not rescued yet)");
        }
    }

    private void requireForked() {
        requireDatabase(directory);
        try (Storage storage = DataDirectory.openForked(directory)) {
            Identity identity = storage.recovered().identity();
            if (identity.forked() == null) {
                throw new StorageException("rescue: " + directory + ", of " + identity.self()
                        + ", has not forked (expected: one whose node says so, see hence status)");
            }
        }
    }

    /** Removes the order after it was carried out. */
    void done() {
        guarded(() -> {
            files.delete(order);
            return order;
        });
    }

    private interface Step {
        Path take() throws IOException;
    }

    private Path guarded(Step step) {
        try {
            return step.take();
        } catch (IOException failed) {
            throw new StorageException("rescue: " + directory + ": " + failed, failed);
        }
    }
}
