package dev.hence.engine.storage;

import dev.hence.engine.disk.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * How the last run wrote to the database's log, in the file {@code LAST_RUN}: what a start has to know before it can
 * open the database.
 *
 * <p>Invariant: it is about everything in the log that matters. The database is opened, and with that emptied of what
 * earlier runs logged, before a run's own policy is noted, and the policy is noted before the run writes.
 *
 * @param fsync the policy
 * @param bootId the boot of the machine; empty where there is no such id
 */
record LastRun(FsyncPolicy fsync, String bootId) {

    private static final String FILE = "LAST_RUN";

    /** What the last run noted; empty in a fresh directory and one from before this was noted. */
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

    /** Notes it, so that it survives a power loss. */
    void write(Path directory, DurableFiles files) throws IOException {
        files.replace(directory.resolve(FILE), (fsync.name() + " " + bootId).strip() + "\n");
    }

    /** Whether the machine has certainly not been started again since. */
    boolean isSameBoot(String now) {
        return !now.isEmpty() && now.equals(bootId);
    }
}
