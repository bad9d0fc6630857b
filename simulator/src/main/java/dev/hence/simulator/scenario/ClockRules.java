package dev.hence.simulator.scenario;

import dev.hence.core.clock.ClockBound;

/**
 * The nodes' settings for wall clocks. The times are short, because a run lasts seconds.
 *
 * @param aheadMillisMax the maximum by which an update's timestamp may be ahead of the receiver's wall clock
 * @param removesExpired whether nodes remove expired keys
 */
public record ClockRules(long aheadMillisMax, boolean removesExpired) {
    /** For arbitrarily wrong clocks, where only deadlines and ties depend on them. */
    public static final ClockRules NONE = new ClockRules(ClockBound.NONE.aheadMillisMax(), false);

    /** The maximum difference of clocks that agree, and how long an expired key stays. */
    public static final long MARGIN_MILLIS = 800;

    /** How much longer it stays if another replica set its deadline. */
    public static final long OTHERS_MILLIS = 700;

    /** How long a heartbeat remains valid. */
    public static final long HEARD_MILLIS_MAX = 1_500;

    /** Whether nodes defend against wrong clocks. */
    public boolean isBounded() {
        return !equals(NONE);
    }
}
