package dev.hence.engine.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Finds the log of a data directory for tools that only read it. Takes no lock and changes nothing. */
public final class StoredLog {

    private StoredLog() {}

    /**
     * Returns the directory of a data directory's log.
     *
     * @throws StorageException if it is not a data directory, or of another format
     */
    public static Path find(Path directory) {
        try {
            if (!isDirectory(directory)) {
                throw new StorageException("data directory: " + directory
                        + (Files.exists(directory) ? " is not a directory" : " does not exist")
                        + " (expected: the data directory of a node)");
            }
            requireFormat(directory);
            Path log = directory.resolve(DataDirectory.LOG);
            if (!isDirectory(log)) {
                throw new StorageException("data directory: " + directory + " has no directory " + DataDirectory.LOG
                        + " (expected: the data directory of a node)");
            }
            return log;
        } catch (IOException failed) {
            throw unreadable(directory, failed);
        }
    }

    /** Returns the failure to read a log as one line. */
    public static StorageException unreadable(Path directory, IOException failed) {
        String why = failed instanceof AccessDeniedException
                ? failed.getMessage() + ": permission denied"
                : String.valueOf(failed);
        return new StorageException("data directory: " + directory + " cannot be read: " + why, failed);
    }

    private static boolean isDirectory(Path path) throws IOException {
        try {
            return Boolean.TRUE.equals(Files.getAttribute(path, "isDirectory"));
        } catch (NoSuchFileException absent) {
            return false;
        }
    }

    /** Without a readable format, as after a power loss, the log itself shows what it is. */
    private static void requireFormat(Path directory) throws IOException {
        Path file = directory.resolve("FORMAT");
        if (!Files.exists(file)) {
            return;
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) == DirectoryFormat.CURRENT) {
            return;
        }
        boolean later = Integer.parseInt(text) > DirectoryFormat.CURRENT;
        throw new StorageException("data directory: " + directory + " has format " + text + ", of "
                + (later ? "a later" : "an earlier") + " version of Hence"
                + (later ? "" : ", with its log in the database") + " (expected: " + DirectoryFormat.CURRENT + ")");
    }
}
