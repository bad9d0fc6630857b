package dev.hence.system.cluster;

/** The outcome of a write, as its client knows it. */
public sealed interface WriteOutcome {

    /** It happened, and is durable. */
    record Acknowledged(HttpAnswer answer) implements WriteOutcome {}

    /** It definitely did not happen. */
    record Refused(String why) implements WriteOutcome {}

    /** It may have happened, or may still happen. */
    record Unknown(String why) implements WriteOutcome {}
}
