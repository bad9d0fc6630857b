package dev.hence.simulator.history;

/** The result of checking a history. */
public sealed interface Verdict {
    /**
     * It is causally convergent.
     *
     * @param operations the number of checked reads and writes
     */
    record Holds(int operations) implements Verdict {}

    /** It is not causally convergent, for this reason. */
    record Broken(BadPattern pattern) implements Verdict {}

    /** It is not in the decidable class; {@code why} is the reason, for messages. */
    record NotApplicable(String why) implements Verdict {}
}
