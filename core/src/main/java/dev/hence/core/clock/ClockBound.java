package dev.hence.core.clock;

/**
 * How far a timestamp may be ahead of a wall clock. What is further ahead comes from a clock that is wrong, or meets
 * one that is.
 *
 * <p>A replica takes a remote update only within the bound of its own wall clock ({@link
 * dev.hence.core.delivery.Receipt.AheadOfTime}), so whatever the clocks of others show:
 *
 * <p><b>Invariant.</b> The hybrid clock of a replica whose wall clock is right is never further ahead of true time
 * than the bound. By induction: a local timestamp is its wall clock, or one more than one it has; a remote one was
 * within the bound of its wall clock when it came, and since then its wall clock has only moved on.
 *
 * <p>The bound is judged by the receiver's wall clock and by nothing that comes with the update. Judged by a clock
 * that the update itself has moved - the receiver's hybrid clock, or the origin's - small steps would walk away
 * without end. What is held becomes admissible by the passing of time alone, so nodes whose clocks differ, in a chain
 * each within the bound of the next, are late with each other's updates by as much as they differ, and never stall.
 *
 * @param aheadMillisMax at least 0
 */
public record ClockBound(long aheadMillisMax) {

    /** Admits everything: for replicas that meet no wrong clock, as in tests of other things. */
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

    /** By how much a timestamp is ahead of a wall clock; negative if it is behind. */
    public static long aheadMillis(long timestamp, long wallMillis) {
        return HybridLogicalClock.wallMillis(timestamp) - wallMillis;
    }
}
