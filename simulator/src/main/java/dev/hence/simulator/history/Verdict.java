package dev.hence.simulator.history;

/** What a history shows. */
public sealed interface Verdict {
    /**
     * It can be explained.
     *
     * @param operations the reads and writes that were looked at
     */
    record Holds(int operations) implements Verdict {}

    /** It cannot be explained, for this reason. */
    record Broken(BadPattern pattern) implements Verdict {}

    /** It is not of the kind that can be decided; {@code why} is for people. */
    record NotApplicable(String why) implements Verdict {}
}
