package dev.hence.engine.log;

import dev.hence.core.clock.Dot;
import dev.hence.core.update.Update;
import java.nio.file.Path;
import java.util.List;

/**
 * A frame of a log, decoded.
 *
 * @param file the segment
 * @param groupOffset where its group begins in the segment
 * @param groupCrc the checksum of its group
 * @param sequence the sequence of its first update
 * @param bytes its size
 * @param updates at least one
 */
public record LoggedFrame(Path file, long groupOffset, int groupCrc, long sequence, int bytes, List<Update> updates) {

    /** Copies the list. */
    public LoggedFrame {
        updates = List.copyOf(updates);
    }

    /** The first update. */
    public Update first() {
        return updates.getFirst();
    }

    /** The dot of the last update. */
    public Dot last() {
        return updates.getLast().dot();
    }

    /** The sequence after the last update. */
    public long endSequence() {
        return sequence + updates.size();
    }

    /** The number of operations of all updates. */
    public int operations() {
        return updates.stream().mapToInt(update -> update.operations().size()).sum();
    }
}
