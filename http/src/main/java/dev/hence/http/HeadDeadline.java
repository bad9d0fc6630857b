package dev.hence.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time limit for a connection to send the head of a request. One that takes longer is closed, however many bytes it
 * sends: with the timeout of silent connections alone a byte a minute would keep a connection for ever.
 *
 * <p>The time begins when the connection is opened, and again with the first byte of each further request. Between
 * requests and while one is answered nothing is due, so feeds, long waits and connections that are kept are not
 * affected.
 *
 * <p>Invariant: a connection that has been without a complete head for the deadline is closed at the next look, at most
 * {@link #LOOK_EVERY} later. A request pays for reading the clock; all connections are looked at together.
 *
 * <p>Thread-safe.
 */
final class HeadDeadline {

    /** A connection that may be in the middle of a head. */
    interface HeadReader {
        /** How long the head that is due has been coming; negative if none is due. */
        long headNanos(long nowNanos);
    }

    static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(HeadDeadline.class);

    private final ServerConnector connector;
    private final long deadlineNanos;
    private final AtomicBoolean stopped = new AtomicBoolean();

    HeadDeadline(ServerConnector connector, Duration deadline) {
        this.connector = connector;
        this.deadlineNanos = deadline.toNanos();
    }

    /** Begins to look; the connector has to be started. */
    void start() {
        lookLater();
    }

    void stop() {
        stopped.set(true);
    }

    private void lookLater() {
        connector.getScheduler().schedule(this::look, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (stopped.get() || !connector.isRunning()) {
            return;
        }
        try {
            long nowNanos = System.nanoTime();
            int closed = 0;
            for (EndPoint endPoint : connector.getConnectedEndPoints()) {
                if (endPoint.getConnection() instanceof HeadReader reader
                        && reader.headNanos(nowNanos) > deadlineNanos) {
                    endPoint.close();
                    closed++;
                }
            }
            if (closed > 0) {
                log.debug("closed {} connections that did not send the head of a request in time", closed);
            }
        } finally {
            lookLater();
        }
    }
}
