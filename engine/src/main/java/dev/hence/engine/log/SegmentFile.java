package dev.hence.engine.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a segment file holds.
 *
 * @param id the random number that no other segment has; null if the file does not begin with a header
 * @param first the sequence of its first update
 * @param endSequence the sequence after its last update
 * @param bytes the size of its header and whole groups
 * @param size the size of the file
 */
public record SegmentFile(Path path, @Nullable Long id, long first, long endSequence, long bytes, long size) {

    static SegmentFile of(SegmentScan segment) {
        SegmentHeader header = segment.header();
        return new SegmentFile(
                segment.path(),
                header == null ? null : header.id(),
                header == null ? segment.endSequence() : header.first(),
                segment.endSequence(),
                segment.end(),
                segment.size());
    }

    /** The number of updates in whole groups. */
    public long updates() {
        return endSequence - first;
    }

    /** Whether there is nothing but a header and whole groups. */
    public boolean isWhole() {
        return id != null && bytes == size;
    }
}
