package dev.hence.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.hence.core.clock.ReplicaId;
import org.junit.jupiter.api.Test;

final class ComplaintsTest {

    private static final ReplicaId NODE1 = new ReplicaId("node1", 1);
    private static final ReplicaId NODE2 = new ReplicaId("node2", 2);

    @Test
    void tell_troubleThatLasts_isLoggedOnceUntilItChanges() {
        Logger logger = new LoggerContext().getLogger("complaints");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        Complaints complaints = new Complaints(logger);

        complaints.tell(NODE1, "forked");
        complaints.tell(NODE1, "forked");
        complaints.tell(NODE2, "forked");
        complaints.tell(NODE1, "of another cluster");
        complaints.tell(NODE1, "forked");

        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("forked", "forked", "of another cluster", "forked");
    }
}
