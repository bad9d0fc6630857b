package dev.hence.node.logging;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Logs problems that others can cause repeatedly, without filling the log.
 *
 * <p>Each trouble is about something: a peer, requests that cannot be parsed. What was told last about it is not
 * repeated, so a trouble that lasts is told once and again only when it has become another. Of those that change all
 * the time at most {@value #LINES_PER_MINUTE_MAX} lines a minute are written; the next line after that says how many
 * were left out.
 *
 * <p>Thread-safe. It remembers one trouble of each thing it is about, so what it is about has to be bounded.
 */
public final class RateLimitedLog {

    /** The most lines a minute about one thing. */
    public static final int LINES_PER_MINUTE_MAX = 10;

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final Level level;
    private final LongSupplier nanoTime;
    private final Map<Object, Told> told = new HashMap<>();

    /** What was said about one thing. */
    private static final class Told {
        private String last = "";
        private long minuteStartNanos;
        private int lines;
        private long leftOut;
    }

    public RateLimitedLog(Logger log, Level level) {
        this(log, level, System::nanoTime);
    }

    RateLimitedLog(Logger log, Level level, LongSupplier nanoTime) {
        this.log = log;
        this.level = level;
        this.nanoTime = nanoTime;
    }

    /** Logs a trouble unless it was told, or too much is told about the same thing. */
    public void tell(Object about, String trouble) {
        String line = line(about, trouble);
        if (!line.isEmpty()) {
            log.atLevel(level).log(line);
        }
    }

    private synchronized String line(Object about, String trouble) {
        Told before = told.get(about);
        if (before == null) {
            before = new Told();
            before.minuteStartNanos = nanoTime.getAsLong();
            told.put(about, before);
        } else if (before.last.equals(trouble)) {
            return "";
        }
        before.last = trouble;
        long now = nanoTime.getAsLong();
        if (now - before.minuteStartNanos >= MINUTE_NANOS) {
            before.minuteStartNanos = now;
            before.lines = 0;
        }
        if (before.lines == LINES_PER_MINUTE_MAX) {
            before.leftOut++;
            return "";
        }
        before.lines++;
        String suffix = before.leftOut == 0 ? "" : " (" + before.leftOut + " more lines like this were suppressed)";
        before.leftOut = 0;
        return trouble + suffix;
    }
}
