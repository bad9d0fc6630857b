package dev.hence.engine.log;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a log before it is opened.
 *
 * @param tails the bytes behind the whole records: at the end of the log, and where a run has continued after them
 * @param damage the first broken place that is followed by records; null if there is none
 */
public record LogCheck(List<Tail> tails, @Nullable Damage damage) {

    /**
     * Bytes up to the end of a file that belong to no whole record before any damage.
     *
     * @param endsWithin whether the file ends in the middle of a record that is intact so far: the result of a crash of
     *     the process but not of the machine
     */
    public record Tail(Path file, long offset, long bytes, boolean endsWithin) {}

    /**
     * A place that is not a whole record although records follow.
     *
     * @param file the file
     * @param offset the offset in it
     * @param laterFile the file of the first record that follows
     * @param laterOffset where that record begins
     */
    public record Damage(Path file, long offset, Path laterFile, long laterOffset) {}

    /** Copies the list. */
    public LogCheck {
        tails = List.copyOf(tails);
    }

    /** Whether there are only whole records. */
    public boolean isWhole() {
        return tails.isEmpty() && damage == null;
    }

    /** The number of bytes in no whole record, or behind damage. */
    public long bytes() {
        return tails.stream().mapToLong(Tail::bytes).sum();
    }

    /**
     * Whether the log may be opened, which drops what is behind the first broken place. Records behind a bad one are
     * damage, unless a power loss may have left them.
     *
     * @param everyWriteForced whether the last run forced each write before the next
     * @param sameBoot whether the machine was certainly not restarted since
     */
    public boolean mayBeOpened(boolean everyWriteForced, boolean sameBoot) {
        return damage == null || (!everyWriteForced && !sameBoot);
    }

    /**
     * Whether a client or a peer may have seen something that opening the log drops: not if only the process ended, in
     * the middle of a write.
     */
    public boolean mayDropWhatWasSeen(boolean sameBoot) {
        boolean onlyTheProcessEnded =
                damage == null && sameBoot && tails.stream().allMatch(Tail::endsWithin);
        return !isWhole() && !onlyTheProcessEnded;
    }
}
