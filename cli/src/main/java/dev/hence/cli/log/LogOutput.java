package dev.hence.cli.log;

import dev.hence.core.update.Update;
import dev.hence.engine.log.LogCheck;
import dev.hence.engine.log.LogVerdict;
import dev.hence.engine.log.LoggedFrame;
import dev.hence.engine.log.SegmentFile;
import java.util.List;

/** Prints what a log holds, in the order of its parts. */
interface LogOutput {

    void segments(List<SegmentFile> segments);

    void frame(LoggedFrame frame);

    /** An update of the frame before. */
    void update(long sequence, Update update);

    /**
     * The end of what is shown.
     *
     * @param next the sequence after the last update that was shown
     * @param more the number of updates from there on
     */
    void end(long next, long more, LogCheck check);

    void verdict(LogVerdict verdict);
}
