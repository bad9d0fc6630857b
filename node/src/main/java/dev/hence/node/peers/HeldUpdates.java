package dev.hence.node.peers;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.update.Update;
import dev.hence.node.clocks.ClockWatch;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The updates that block their streams because their timestamps are too far ahead of this node's wall clock. Each is
 * logged once, and listed while its stream keeps reporting it.
 *
 * <p>Thread-safe.
 */
final class HeldUpdates {

    private static final Logger log = LoggerFactory.getLogger(HeldUpdates.class);

    /** Longer than a stream takes to reopen, so that the list does not flicker in between. */
    private static final long SHOWN_NANOS = Duration.ofSeconds(5).toNanos();

    private record Stream(ReplicaId origin, String through) implements Comparable<Stream> {
        @Override
        public int compareTo(Stream other) {
            int order = origin.compareTo(other.origin);
            return order != 0 ? order : through.compareTo(other.through);
        }
    }

    private record Held(Dot dot, long timestamp, long sinceMillis, long seenNanos) {}

    private final ClockWatch clocks;
    private final Map<Stream, Held> byStream = new TreeMap<>();

    HeldUpdates(ClockWatch clocks) {
        this.clocks = clocks;
    }

    /** Records that a stream waits with an update; called periodically while it does. */
    synchronized void waits(Update update, String through) {
        Stream stream = new Stream(update.dot().replica(), through);
        Held before = byStream.get(stream);
        boolean isNew = before == null || !before.dot().equals(update.dot());
        long sinceMillis = before == null || isNew ? clocks.wallMillis() : before.sinceMillis();
        byStream.put(stream, new Held(update.dot(), update.timestamp(), sinceMillis, System.nanoTime()));
        if (isNew) {
            log.warn(
                    "Updates of {} from {} are held: {} is {} s ahead of this node's wall clock (expected: at most {}"
                            + " s). One of the clocks is wrong; see clock in /status",
                    update.dot().replica().name(),
                    through,
                    update.dot(),
                    seconds(ClockBound.aheadMillis(update.timestamp(), clocks.wallMillis())),
                    seconds(clocks.bound().aheadMillisMax()));
        }
    }

    /** Records that a stream continues. */
    synchronized void goesOn(Update update, String through) {
        if (byStream.remove(new Stream(update.dot().replica(), through)) != null) {
            log.info(
                    "Updates of {} from {} continue: the time of {} is reached",
                    update.dot().replica().name(),
                    through,
                    update.dot());
        }
    }

    /** The updates held now. */
    synchronized List<NodeStatus.Held> now() {
        long nowNanos = System.nanoTime();
        long wallMillis = clocks.wallMillis();
        byStream.values().removeIf(held -> nowNanos - held.seenNanos() > SHOWN_NANOS);
        return byStream.entrySet().stream()
                .map(entry -> new NodeStatus.Held(
                        entry.getValue().dot(),
                        entry.getKey().through(),
                        ClockBound.aheadMillis(entry.getValue().timestamp(), wallMillis),
                        entry.getValue().sinceMillis()))
                .toList();
    }

    /** The same as health issues. */
    List<HealthIssue> health() {
        return now().stream()
                .map(held -> new HealthIssue(
                        HealthIssue.Kind.UPDATES_HELD,
                        "update " + held.dot() + " from " + held.through() + ": " + seconds(held.aheadMillis())
                                + " s ahead of this node's wall clock (expected: at most "
                                + seconds(clocks.bound().aheadMillisMax()) + " s)"))
                .toList();
    }

    private static long seconds(long millis) {
        return TimeUnit.MILLISECONDS.toSeconds(millis);
    }
}
