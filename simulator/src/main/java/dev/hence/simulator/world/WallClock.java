package dev.hence.simulator.world;

/** A machine's wall clock: it may be wrong, run fast or slow, and be set to any time. */
public final class WallClock {
    /** The right time at the start of a run, in milliseconds since 1970. */
    public static final long START_MILLIS = 1_790_000_000_000L;

    private final Agenda agenda;
    private double millisAtAnchor = START_MILLIS;
    private long anchorMicros;
    private double rate = 1;

    public WallClock(Agenda agenda) {
        this.agenda = agenda;
    }

    /** The time on this machine's clock, in milliseconds since 1970. */
    public long millis() {
        return (long) exact();
    }

    private double exact() {
        return millisAtAnchor + (agenda.nowMicros() - anchorMicros) / 1000.0 * rate;
    }

    /** Sets it forward, or back. */
    public void jump(long millis) {
        anchor();
        millisAtAnchor += millis;
    }

    /** Sets it to the right time. */
    public void mend() {
        anchor();
        rate = 1;
        millisAtAnchor = START_MILLIS + agenda.nowMicros() / 1000.0;
    }

    /** Sets its rate, as a multiple of the speed of true time; a negative rate runs backwards. */
    public void run(double newRate) {
        anchor();
        rate = newRate;
    }

    private void anchor() {
        millisAtAnchor = exact();
        anchorMicros = agenda.nowMicros();
    }
}
