package dev.hence.core.clock;

/**
 * The maximum by which a timestamp may be ahead of a wall clock. Beyond that, either the clock that made the timestamp
 * is wrong, or the clock that judges it.
 *
 * <p>A replica accepts a remote update only within the bound of its own wall clock ({@link
 * dev.hence.core.delivery.Receipt.AheadOfTime}). Therefore, whatever the clocks of other nodes show:
 *
 * <p><b>Invariant.</b> The hybrid clock of a replica whose wall clock is right is never further ahead of true time than
 * the bound. By induction: a local timestamp is its wall clock, or one more than a timestamp it already has; a remote
 * one was within the bound of its wall clock on arrival, and the wall clock has only advanced since.
 *
 * <p>The bound is checked against the receiver's wall clock only, never against anything the update carries. If it were
 * checked against a clock that updates move - the receiver's hybrid clock, or the origin's - a sequence of small steps
 * could drift without limit. A held update becomes admissible by the passing of time alone. Nodes whose clocks differ,
 * in a chain where each is within the bound of the next, therefore delay each other's updates by at most the
 * difference, and never stall.
 *
 * @param aheadMillisMax at least 0
 */
public record ClockBound(long aheadMillisMax) {

    /** Admits every timestamp: for replicas that never meet a wrong clock, as in tests that are not about clocks. */
    public static final ClockBound NONE = new ClockBound(Long.MAX_VALUE);

    /** @throws IllegalArgumentException if the bound is negative */
    public ClockBound {
        if (aheadMillisMax < 0) {
            throw new IllegalArgumentException("clock bound: " + aheadMillisMax + " ms (expected: at least 0)");
        }
    }

    /** Whether a timestamp is within the bound of a wall clock. */
    public boolean admits(long timestamp, long wallMillis) {
        return aheadMillis(timestamp, wallMillis) <= aheadMillisMax;
    }

    /** Returns how far a timestamp is ahead of a wall clock, in milliseconds; negative if it is behind. */
    public static long aheadMillis(long timestamp, long wallMillis) {
        return HybridLogicalClock.wallMillis(timestamp) - wallMillis;
    }
}
