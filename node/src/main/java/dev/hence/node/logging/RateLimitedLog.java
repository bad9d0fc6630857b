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
 * <p>Each problem has a subject, for example a peer, or requests that cannot be parsed. The last problem of a subject
 * is not repeated: a lasting problem is logged once, and again only when it changes. For problems that change
 * constantly, at most {@value #LINES_PER_MINUTE_MAX} lines a minute are written; the next line after that reports how
 * many were omitted.
 *
 * <p>Thread-safe. It stores one problem per subject, so the number of subjects must be bounded.
 */
public final class RateLimitedLog {

    /** The maximum number of lines per minute and subject. */
    public static final int LINES_PER_MINUTE_MAX = 10;

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final Level level;
    private final LongSupplier nanoTime;
    private final Map<Object, Told> told = new HashMap<>();

    /** The log state of one subject. */
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

    /** Logs a problem unless it is a repetition, or the subject has reached its limit. */
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
