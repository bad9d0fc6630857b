package dev.hence.engine.storage;

import dev.hence.engine.disk.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * How the last run wrote to the log, from the file {@code LAST_RUN}, which a start reads before it opens the log.
 *
 * <p>Invariant: it applies to every record in the log that may not be on the disk. Opening the log forces the records of
 * earlier runs; only then a run records its own policy, and it does so before it writes.
 *
 * @param fsync the policy
 * @param bootId the boot of the machine; empty where there is no such id
 */
record LastRun(FsyncPolicy fsync, String bootId) {

    private static final String FILE = "LAST_RUN";

    /** Returns what the last run recorded; empty in a new directory and in one from a version without this file. */
    static Optional<LastRun> read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] words = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .strip()
                .split(" ", -1);
        return Arrays.stream(FsyncPolicy.values())
                .filter(policy -> policy.name().equals(words[0]))
                .findFirst()
                .map(policy -> new LastRun(policy, words.length > 1 ? words[1] : ""));
    }

    /** Records it durably. */
    void write(Path directory, DurableFiles files) throws IOException {
        files.replace(directory.resolve(FILE), (fsync.name() + " " + bootId).strip() + "\n");
    }

    /** Whether the machine has certainly not been rebooted since. */
    boolean isSameBoot(String now) {
        return !now.isEmpty() && now.equals(bootId);
    }
}
