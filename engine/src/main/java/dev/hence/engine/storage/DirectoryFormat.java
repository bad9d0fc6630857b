package dev.hence.engine.storage;

import dev.hence.engine.disk.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
    static final int CURRENT = 4;

    /**
     * An earlier format whose directories are read without conversion, and have the current format from then on: its
     * updates have no digest of what their context names, and its identities do not record earlier ones.
     */
    private static final int TAKEN_OVER = 3;

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
     * Checks that the directory has a supported format, and records the current one.
     *
     * @throws StorageException if it has another format
     */
    void settle() throws IOException {
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
        if (noted.isEmpty() || found != CURRENT) {
            // Written before anything that an earlier version would misread.
            files.replace(file, CURRENT + "\n");
        }
    }

    /** @throws StorageException if it is neither the current format nor one that is upgraded */
    void require(int found) {
        if (found != CURRENT && found != TAKEN_OVER) {
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
        if (!Files.isDirectory(database)) {
            return;
        }
        try (Stream<Path> there = Files.list(database)) {
            Optional<Path> remains = there.filter(DirectoryFormat::mayHoldData).findFirst();
            if (remains.isPresent()) {
                throw new StorageException("data directory: " + database + " has no file CURRENT, but "
                        + remains.get().getFileName() + " (expected: a whole database, or none); "
                        + LossAdvice.damaged(directory));
            }
        }
    }

    private static boolean mayHoldData(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            return name.endsWith(".sst") || (name.endsWith(".log") && Files.size(file) > 0);
        } catch (IOException unreadable) {
            return true;
        }
    }
}
