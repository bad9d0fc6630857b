package dev.hence.core.clock;

/**
 * Detects that a wall clock was set: it has advanced by a different amount than a monotonic clock.
 *
 * <p>A machine that was suspended looks the same, since its forward clock stood still meanwhile; for code that acts by
 * the wall clock it is the same. Slow drift is not noticed here, but by comparison with others ({@link
 * dev.hence.core.replication.ClockAgreement}).
 *
 * <p>Not thread-safe.
 */
public final class ClockJumps {
    private final long toleranceMillis;
    private long wallMillis;
    private long forwardMillis;

    /**
     * @param toleranceMillis what the two may differ by between two looks
     * @param wallMillis the wall clock now
     * @param forwardMillis now, by a clock that only runs forward
     */
    public ClockJumps(long toleranceMillis, long wallMillis, long forwardMillis) {
        this.toleranceMillis = toleranceMillis;
        this.wallMillis = wallMillis;
        this.forwardMillis = forwardMillis;
    }

    /** By how much the wall clock was set since the last look, forward or back; 0 if it was not. */
    public long look(long newWallMillis, long newForwardMillis) {
        long jumpMillis = (newWallMillis - wallMillis) - (newForwardMillis - forwardMillis);
        wallMillis = newWallMillis;
        forwardMillis = newForwardMillis;
        return Math.abs(jumpMillis) > toleranceMillis ? jumpMillis : 0;
    }
}
