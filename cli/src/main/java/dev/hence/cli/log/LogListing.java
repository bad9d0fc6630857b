package dev.hence.cli.log;

import dev.hence.cli.terminal.Console;
import dev.hence.engine.log.LoggedFrame;

/** Shows frames or updates until there are enough of them, or nobody reads on. */
final class LogListing {

    private final LogOutput output;
    private final Console console;
    private final boolean updates;
    private final long from;
    private long left;
    private long next;

    LogListing(LogOutput output, Console console, long from, long limit, boolean updates) {
        this.output = output;
        this.console = console;
        this.from = from;
        this.left = limit;
        this.next = from;
        this.updates = updates;
    }

    /** Returns whether to show more. */
    boolean show(LoggedFrame frame) {
        output.frame(frame);
        if (updates) {
            for (next = Math.max(from, frame.sequence()); left > 0 && next < frame.endSequence(); next++) {
                output.update(next, frame.updates().get((int) (next - frame.sequence())));
                left--;
            }
        } else {
            next = frame.endSequence();
            left--;
        }
        return left > 0 && !console.isBroken();
    }

    /** The sequence after the last update that was shown. */
    long next() {
        return next;
    }
}
