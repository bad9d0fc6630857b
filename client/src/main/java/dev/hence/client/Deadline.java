package dev.hence.client;

import java.time.Duration;

/** The end of a time limit, measured by the monotonic clock. */
record Deadline(long atNanos) {

    // Far enough for anyone, and near enough that differences of the monotonic clock do not overflow.
    private static final long NANOS_MAX = Duration.ofDays(36_500).toNanos();

    static Deadline in(Duration duration) {
        return inNanos(nanos(duration));
    }

    /** The duration in nanoseconds, or a hundred years if that is less. */
    static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(NANOS_MAX)) > 0 ? NANOS_MAX : duration.toNanos();
    }

    static Deadline inNanos(long nanos) {
        return new Deadline(System.nanoTime() + nanos);
    }

    /** What is left, in nanoseconds; 0 or less when it has passed. */
    long remainingNanos() {
        return atNanos - System.nanoTime();
    }
}
