package dev.hence.client;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The error of one attempt of a call: a node's error document, or the client's own text if there is none.
 *
 * @param code what it is, for programs
 * @param status the HTTP status of the answer; 0 if there was none
 * @param detail what it is, for people
 * @param node the base URL of the node; empty if it was none in particular
 * @param definite whether the attempt certainly changed nothing, had it been a write
 * @param missing the updates that the node lacks, if that is the problem
 * @param limit the limit that was exceeded, if that is the problem
 */
record Problem(
        String code, int status, String detail, String node, boolean definite, List<Dot> missing, OptionalLong limit) {

    static final String UNREACHABLE = "unreachable";
    static final String CONNECTION_LOST = "connection-lost";
    static final String DEADLINE_EXCEEDED = "deadline-exceeded";
    static final String UNEXPECTED_ANSWER = "unexpected-answer";
    static final String INTERRUPTED = "interrupted";
    static final String CLOSED = "closed";

    static final String KEY_ABSENT = "key-absent";
    private static final String SESSION_BEHIND = "session-behind";
    private static final String PRECONDITION_FAILED = "precondition-failed";

    Problem {
        missing = List.copyOf(missing);
    }

    /** A problem that is not described by an error document of a node. */
    static Problem ofClient(String code, int status, String detail, String node, boolean definite) {
        return new Problem(code, status, detail, node, definite, List.of(), OptionalLong.empty());
    }

    /** For the exception: {@code unreachable: connection refused (at http://localhost:5001)}. */
    String message() {
        return code + ": " + detail + (node.isEmpty() ? "" : " (at " + node + ")");
    }

    /** Whether another node, or the same a little later, may do what this one did not. */
    boolean isOfNode() {
        return switch (code) {
            case UNREACHABLE, CONNECTION_LOST, DEADLINE_EXCEEDED -> true;
            case INTERRUPTED, CLOSED -> false;
            default -> status >= 500;
        };
    }

    /** What the caller gets. */
    HenceException toException(boolean write, @Nullable Throwable cause) {
        if (write && !definite) {
            return new IndefiniteException(this, cause);
        }
        return switch (code) {
            case SESSION_BEHIND -> new SessionBehindException(this);
            case PRECONDITION_FAILED -> new PreconditionFailedException(this);
            default ->
                status == 413 || status == 431 ? new LimitExceededException(this) : new DefiniteException(this, cause);
        };
    }
}
