package dev.hence.system.cluster;

/** How a write ended for the client that asked for it. */
public sealed interface WriteOutcome {

    /** It happened, and is durable. */
    record Acknowledged(HttpAnswer answer) implements WriteOutcome {}

    /** It certainly did not happen. */
    record Refused(String why) implements WriteOutcome {}

    /** It may have happened, or may still do so in a moment. */
    record Unknown(String why) implements WriteOutcome {}
}
