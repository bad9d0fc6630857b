package dev.hence.node.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

final class RateLimitedLogTest {

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong();
    private final Logger logger = new LoggerContext().getLogger("complaints");
    private final RateLimitedLog complaints = new RateLimitedLog(logger, Level.ERROR, nanos::get);

    @BeforeEach
    void record() {
        logged.start();
        logger.addAppender(logged);
    }

    @Test
    void tell_troubleThatLasts_isLoggedOnceUntilItChanges() {
        complaints.tell("node1", "forked");
        complaints.tell("node1", "forked");
        complaints.tell("node2", "forked");
        complaints.tell("node1", "of another cluster");
        complaints.tell("node1", "forked");

        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("forked", "forked", "of another cluster", "forked");
    }

    @Test
    void tell_troublesThatChangeAllTheTime_fewLinesAMinuteAndHowManyWereLeftOut() {
        for (int i = 0; i < 1_000; i++) {
            complaints.tell("requests", "malformed " + i);
        }
        assertThat(logged.list).hasSize(RateLimitedLog.LINES_PER_MINUTE_MAX);

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        complaints.tell("requests", "malformed again");
        complaints.tell("requests", "malformed once more");

        assertThat(logged.list.subList(RateLimitedLog.LINES_PER_MINUTE_MAX, logged.list.size()))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("malformed again (990 more lines like this were suppressed)", "malformed once more");
    }
}
