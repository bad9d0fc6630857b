package dev.hence.node.store;

/** A write that certainly did not happen, because of the state of the node. */
public final class WriteRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why a node rejects writes. */
    public enum Reason {
        /** It is closing; another node, or this one after its restart, will accept the write. */
        CLOSING,
        /** The disk has less free space than the configured minimum. */
        DISK_FULL,
        /** It has failed and must be restarted. */
        FAILED,
        /** Its timestamps are so far ahead of the other members' clocks that these would not accept the write. */
        CLOCK_AHEAD,
        /** Other nodes have different updates under dots of this node: new writes would reach no other node. */
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

    /** The same as a health issue. */
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
