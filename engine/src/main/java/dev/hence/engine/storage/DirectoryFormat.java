package dev.hence.engine.storage;

import dev.hence.engine.disk.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The format number of a data directory: in the file {@code FORMAT}, so that it is known before the database is opened,
 * and in the database, so that the file can be restored.
 *
 * <p>Invariant: a directory of another format is not modified, and an existing database is never treated as a new one.
 */
final class DirectoryFormat {

    /** Incremented with every change that an older version could not read, or would misread. */
    static final int CURRENT = 5;

    /**
     * Earlier formats whose directories are converted: they had the log of updates and the identity in the database. In
     * format 3 updates had no digest of what their context names.
     */
    private static final Set<Integer> CONVERTED = Set.of(3, 4);

    private static final Logger log = LoggerFactory.getLogger(DirectoryFormat.class);

    private final Path directory;
    private final Path database;
    private final Path file;
    private final DurableFiles files;

    DirectoryFormat(Path directory, Path database, DurableFiles files) {
        this.directory = directory;
        this.database = database;
        this.file = directory.resolve("FORMAT");
        this.files = files;
    }

    /**
     * Checks that the directory has a supported format, and records the current one in a new directory.
     *
     * @return whether the directory must be converted, and then {@link #converted} be called
     * @throws StorageException if it has another format
     */
    boolean settle() throws IOException {
        boolean exists = Files.exists(database.resolve("CURRENT"));
        if (!exists) {
            requireNoRemains();
        }
        Optional<Integer> noted = noted();
        int found = noted.isPresent() ? noted.get() : exists ? StoredFormat.of(database) : CURRENT;
        require(found);
        if (noted.isEmpty() && exists) {
            log.warn("{}: missing or unreadable; the database has format {}", file, found);
        }
        if (found != CURRENT) {
            return true;
        }
        if (noted.isEmpty()) {
            converted();
        }
        return false;
    }

    /** Records the current format. */
    void converted() throws IOException {
        files.replace(file, CURRENT + "\n");
    }

    /** @throws StorageException if it is neither the current format nor one that is converted */
    void require(int found) {
        if (found != CURRENT && !CONVERTED.contains(found)) {
            throw new StorageException("data directory: " + directory + " has format " + found + ", of "
                    + (found > CURRENT ? "a later" : "an earlier") + " version of Hence (expected: " + CURRENT + "); "
                    + LossAdvice.otherFormat(directory));
        }
    }

    /** Returns the content of the file; a power loss may have left it empty where earlier versions wrote it. */
    private Optional<Integer> noted() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        return text.matches("[0-9]{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    /** RocksDB would create a new database in place of one whose first file is missing, and delete the rest of it. */
    private void requireNoRemains() throws IOException {
        for (Path place : List.of(database, directory.resolve(DataDirectory.LOG))) {
            if (Files.isDirectory(place)) {
                requireNoRemains(place);
            }
        }
    }

    private void requireNoRemains(Path place) throws IOException {
        try (Stream<Path> there = Files.list(place)) {
            Optional<Path> remains = there.filter(DirectoryFormat::mayHoldData).findFirst();
            if (remains.isPresent()) {
                throw new StorageException("data directory: " + database + " has no file CURRENT, but there is "
                        + directory.relativize(remains.get()) + " (expected: a whole database, or none); "
                        + LossAdvice.damaged(directory));
            }
        }
    }

    private static boolean mayHoldData(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".sst") || name.endsWith(".log");
    }
}
