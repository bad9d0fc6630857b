package dev.hence.redis.node;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The recent growth rates of a node's counters: the mean between the newest sample and the oldest one kept. With one
 * sample per second that is the mean of the last two seconds, so an idle node soon shows zero.
 *
 * <p>Thread-safe.
 */
final class Throughput {

    private static final int SAMPLES_MAX = 3;
    private static final double NANOS_PER_SECOND = 1e9;

    private record Sample(long nanos, Usage.Totals totals) {}

    private final Deque<Sample> samples = new ArrayDeque<>(SAMPLES_MAX);

    /** Adds a sample. Counters that decreased were reset, so earlier samples are dropped. */
    synchronized void sample(Usage.Totals totals, long nowNanos) {
        Sample newest = samples.peekLast();
        if (newest != null && totals.commands() < newest.totals().commands()) {
            samples.clear();
        }
        if (samples.size() == SAMPLES_MAX) {
            samples.removeFirst();
        }
        samples.addLast(new Sample(nowNanos, totals));
    }

    /** The growth per second; zeros until there are two samples. */
    synchronized Usage.Rates rates() {
        Sample oldest = samples.peekFirst();
        Sample newest = samples.peekLast();
        if (oldest == null || newest == null || newest.nanos() <= oldest.nanos()) {
            return new Usage.Rates(0, 0, 0);
        }
        double seconds = (newest.nanos() - oldest.nanos()) / NANOS_PER_SECOND;
        Usage.Totals now = newest.totals();
        Usage.Totals then = oldest.totals();
        return new Usage.Rates(
                (now.commands() - then.commands()) / seconds,
                Math.max(0, now.receivedBytes() - then.receivedBytes()) / seconds,
                Math.max(0, now.sentBytes() - then.sentBytes()) / seconds);
    }
}
