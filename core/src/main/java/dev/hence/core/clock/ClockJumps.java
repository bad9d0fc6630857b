package dev.hence.core.clock;

/**
 * Detects that a wall clock was set: it has advanced by a different amount than a monotonic clock.
 *
 * <p>A suspended machine looks the same, because its monotonic clock stood still meanwhile; for code that acts on the
 * wall clock the two cases are equivalent. Slow drift is not detected here, but by comparison with other nodes ({@link
 * dev.hence.core.replication.ClockAgreement}).
 *
 * <p>Not thread-safe.
 */
public final class ClockJumps {
    private final long toleranceMillis;
    private long wallMillis;
    private long forwardMillis;

    /**
     * @param toleranceMillis the maximum difference between the two clocks from one call to the next
     * @param wallMillis the wall clock now
     * @param forwardMillis the time now on a monotonic clock
     */
    public ClockJumps(long toleranceMillis, long wallMillis, long forwardMillis) {
        this.toleranceMillis = toleranceMillis;
        this.wallMillis = wallMillis;
        this.forwardMillis = forwardMillis;
    }

    /** Returns by how much the wall clock was set since the last call, forward or back; 0 if it was not. */
    public long look(long newWallMillis, long newForwardMillis) {
        long jumpMillis = (newWallMillis - wallMillis) - (newForwardMillis - forwardMillis);
        wallMillis = newWallMillis;
        forwardMillis = newForwardMillis;
        return Math.abs(jumpMillis) > toleranceMillis ? jumpMillis : 0;
    }
}
