package dev.hence.core.clock;

/**
 * A hybrid logical clock: timestamps that follow the wall clock where they can and the
 * happens-before order always.
 *
 * <p>A timestamp is one 64-bit number, milliseconds since 1970 shifted left by 16 bits, with the low
 * bits counting the events of one millisecond. An update's timestamp is larger than that of every
 * update in its past, because {@link #observe} has seen those. Timestamps order concurrent writes
 * only; they never decide what is causal, and a skewed clock never delays delivery.
 *
 * <p>Kulkarni, Demirbas, Madappa, Avva, Leone: Logical Physical Clocks (OPODIS 2014); here in the
 * one-number form, {@code max(wall << 16, last + 1)}.
 *
 * <p>Not thread-safe: it belongs to the one writer of a replica.
 */
public final class HybridLogicalClock {

    /** 2020-01-01T00:00Z, in milliseconds: an earlier wall clock is certainly wrong. */
    public static final long WALL_MILLIS_MIN = 1_577_836_800_000L;

    /** 2100-01-01T00:00Z, in milliseconds: a later wall clock is certainly wrong. */
    public static final long WALL_MILLIS_MAX = 4_102_444_800_000L;

    private static final int COUNTER_BITS = 16;

    /**
     * The largest timestamp that is accepted from elsewhere. Beyond the last plausible wall clock there is
     * room for a burst of events, so no replica ever makes one that others refuse.
     */
    public static final long TIMESTAMP_MAX = (WALL_MILLIS_MAX << COUNTER_BITS) + (1L << 50);

    private long last;

    /** @param last the largest timestamp given or seen before, 0 for none */
    public HybridLogicalClock(long last) {
        if (last < 0) {
            throw new IllegalArgumentException("timestamp: " + last + " (expected: at least 0)");
        }
        this.last = last;
    }

    /** Whether a wall clock can be believed at all; a node refuses to start when it cannot. */
    public static boolean isPlausible(long wallMillis) {
        return wallMillis >= WALL_MILLIS_MIN && wallMillis <= WALL_MILLIS_MAX;
    }

    /** The milliseconds since 1970 that a timestamp stands for. */
    public static long wallMillis(long timestamp) {
        return timestamp >>> COUNTER_BITS;
    }

    /**
     * The timestamp of a new local event: larger than all that were given or observed.
     *
     * <p>An implausible wall clock counts as one that stands still: taking it over would let a single
     * wrong clock win every concurrent write for decades.
     */
    public long tick(long wallMillis) {
        long wall = isPlausible(wallMillis) ? wallMillis << COUNTER_BITS : 0;
        last = Math.max(wall, Math.addExact(last, 1));
        return last;
    }

    /** Records another replica's timestamp, so that later ticks exceed it. */
    public void observe(long timestamp) {
        last = Math.max(last, timestamp);
    }

    /** The largest timestamp given or observed. */
    public long last() {
        return last;
    }
}
