package dev.hence.core.clock;

/**
 * A hybrid logical clock: its timestamps follow the wall clock where possible and respect happens-before always.
 *
 * <p>A timestamp is one 64-bit number, milliseconds since 1970 shifted left by 16 bits, with the low bits counting the
 * events of one millisecond. An update's timestamp is larger than that of every update in its past, because those were
 * passed to {@link #observe}. Timestamps order concurrent writes only; they never decide what is causal, and a skewed
 * clock never delays delivery.
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
     * The largest timestamp accepted from another replica. It leaves room for a burst of events beyond the last
     * plausible wall clock, so no replica ever issues a timestamp that others reject.
     */
    public static final long TIMESTAMP_MAX = (WALL_MILLIS_MAX << COUNTER_BITS) + (1L << 50);

    private long last;

    /** @param last the largest timestamp issued or observed so far, 0 for none */
    public HybridLogicalClock(long last) {
        if (last < 0) {
            throw new IllegalArgumentException("timestamp: " + last + " (expected: at least 0)");
        }
        this.last = last;
    }

    /** Whether a wall clock is plausible; a node refuses to start when it is not. */
    public static boolean isPlausible(long wallMillis) {
        return wallMillis >= WALL_MILLIS_MIN && wallMillis <= WALL_MILLIS_MAX;
    }

    /** Returns the milliseconds since 1970 of a timestamp. */
    public static long wallMillis(long timestamp) {
        return timestamp >>> COUNTER_BITS;
    }

    /**
     * Returns the timestamp of a new local event: larger than every timestamp issued or observed before.
     *
     * <p>An implausible wall clock is treated as standing still: adopting it would let one wrong clock win every
     * concurrent write for decades.
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

    /** The largest timestamp issued or observed. */
    public long last() {
        return last;
    }
}
