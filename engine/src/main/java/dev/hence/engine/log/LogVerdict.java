package dev.hence.engine.log;

import java.nio.file.Path;
import java.util.List;

/**
 * The result of verifying a whole log.
 *
 * @param segments the number of segment files
 * @param frames the number of frames that were decoded
 * @param updates the number of updates that were decoded
 * @param bytes the size of all segment files
 * @param problems what is wrong; empty for a whole log
 * @param notes what the next start of the node repairs by itself, without loss
 */
public record LogVerdict(int segments, long frames, long updates, long bytes, List<Place> problems, List<Place> notes) {

    /**
     * Something found at a place.
     *
     * @param offset where it begins in the file
     * @param what what was found, and what was expected
     */
    public record Place(Path file, long offset, String what) {}

    /** Copies the lists. */
    public LogVerdict {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /** Whether nothing is wrong. */
    public boolean isWhole() {
        return problems.isEmpty();
    }
}
