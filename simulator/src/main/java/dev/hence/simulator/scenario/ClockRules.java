package dev.hence.simulator.scenario;

import dev.hence.core.clock.ClockBound;

/**
 * What nodes make of wall clocks. The times are short, since a run lasts seconds.
 *
 * @param aheadMillisMax how far the timestamp of an update may be ahead of the receiver's wall clock
 * @param removesExpired whether nodes remove keys that have expired
 */
public record ClockRules(long aheadMillisMax, boolean removesExpired) {
    /** For clocks that are as wrong as they like, where only deadlines and ties depend on them. */
    public static final ClockRules NONE = new ClockRules(ClockBound.NONE.aheadMillisMax(), false);

    /** By how much clocks that agree may differ, and for how long an expired key stays. */
    public static final long MARGIN_MILLIS = 800;

    /** For how much longer if another replica set its deadline. */
    public static final long OTHERS_MILLIS = 700;

    /** How long a heartbeat counts. */
    public static final long HEARD_MILLIS_MAX = 1_500;

    /** Whether wrong clocks are held off. */
    public boolean isBounded() {
        return !equals(NONE);
    }
}
