package dev.hence.redis.node;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How fast a node's counters grew over the last moments: the mean between the newest of its samples and the oldest that
 * it keeps. With a sample a second that is the mean of the last two seconds, so that a node at rest shows zero soon.
 *
 * <p>Thread-safe.
 */
final class Throughput {

    private static final int SAMPLES_MAX = 3;
    private static final double NANOS_PER_SECOND = 1e9;

    private record Sample(long nanos, Usage.Totals totals) {}

    private final Deque<Sample> samples = new ArrayDeque<>(SAMPLES_MAX);

    /** Adds a sample. Counters that went back were reset: what was sampled before says nothing any more. */
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
