package dev.hence.node.store;

/** A write that certainly did not happen, because of the state of the node. */
public final class WriteRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why a node takes no writes. */
    public enum Reason {
        /** It is closing; another node, or this one a little later, will take the write. */
        CLOSING,
        /** The disk has less free space than the configured minimum. */
        DISK_FULL,
        /** It has failed; it has to be started again. */
        FAILED,
        /** Its timestamps are so far ahead of the other members' clocks that these would not take the write. */
        CLOCK_AHEAD,
        /** Others have other updates under names that this node gave: what it wrote now would reach no other node. */
        FORKED,
        /** It reissues the updates of a forked directory; clients can write after that. */
        RESCUING
    }

    private final Reason reason;

    public WriteRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The same as a condition of the node. */
    public HealthIssue asHealthIssue() {
        HealthIssue.Kind kind = switch (reason) {
            case CLOSING -> HealthIssue.Kind.CLOSING;
            case DISK_FULL -> HealthIssue.Kind.DISK_FULL;
            case FAILED -> HealthIssue.Kind.FAILED;
            case CLOCK_AHEAD -> HealthIssue.Kind.CLOCK_AHEAD;
            case FORKED -> HealthIssue.Kind.FORKED;
            case RESCUING -> HealthIssue.Kind.RESCUING;
        };
        return new HealthIssue(kind, String.valueOf(getMessage()));
    }
}
