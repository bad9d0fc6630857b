package dev.hence.http;

import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.node.config.Limits;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteUncertainException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps everything that can be thrown while a request is answered to the error that the client gets. */
final class Failures {

    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private final Limits limits;

    Failures(Limits limits) {
        this.limits = limits;
    }

    /**
     * The problem that a failure is to the client. An unexpected one is logged with a reference that
     * the client is told.
     *
     * @param what the request, for the log
     */
    HttpProblem problem(Throwable failure, String what) {
        return switch (failure) {
            case HttpProblem problem -> problem;
            case UpdateTooLargeException tooLarge ->
                HttpProblem.tooLarge(ErrorCode.UPDATE_TOO_LARGE, message(tooLarge), limits.updateBytesMax());
            case WriteRefusedException refused -> refused(refused);
            case WriteUncertainException uncertain -> {
                log.error("{}: it is unknown whether the write happened", what, uncertain);
                yield new HttpProblem(ErrorCode.NODE_FAILED, message(uncertain));
            }
            case InterruptedException interrupted -> closing();
            default -> transport(failure, what);
        };
    }

    /** The problem of a node that closes. */
    static HttpProblem closing() {
        return new HttpProblem(ErrorCode.NOT_READY, "the node is shutting down").withHeader(HttpProblem.RETRY_AFTER);
    }

    private static HttpProblem refused(WriteRefusedException refused) {
        return switch (refused.reason()) {
            case CLOSING, RESCUING ->
                new HttpProblem(ErrorCode.NOT_READY, message(refused)).withHeader(HttpProblem.RETRY_AFTER);
            case CLOCK_AHEAD -> new HttpProblem(ErrorCode.CLOCK_AHEAD, message(refused));
            case FORKED -> new HttpProblem(ErrorCode.FORKED, message(refused));
            case DISK_FULL -> new HttpProblem(ErrorCode.DISK_FULL, message(refused));
            // Refused before it was tried: unlike the commit that failed, it certainly did not happen.
            case FAILED -> new HttpProblem(ErrorCode.NODE_FAILED, message(refused)).certain();
        };
    }

    /** What Jetty says of requests that it could not read to their end. */
    private HttpProblem transport(Throwable failure, String what) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException http) {
                return ofStatus(http.getCode(), http.getReason(), failure, what);
            }
            if (cause instanceof TimeoutException) {
                return new HttpProblem(ErrorCode.REQUEST_TIMEOUT, "body: ended early (expected: the announced length)");
            }
        }
        return internal(failure, what);
    }

    /** The problem for a status that Jetty has chosen. */
    HttpProblem ofStatus(int status, @Nullable String reason, @Nullable Throwable failure, String what) {
        String detail = reason == null ? "malformed request" : "request: " + reason;
        return switch (status) {
            case 404 -> new HttpProblem(ErrorCode.NOT_FOUND, detail);
            case 408 -> new HttpProblem(ErrorCode.REQUEST_TIMEOUT, detail);
            case 414, 431 ->
                HttpProblem.tooLarge(
                        ErrorCode.HEADERS_TOO_LARGE,
                        "headers: too long (expected: request line and headers of at most " + limits.headerBytesMax()
                                + " bytes)",
                        limits.headerBytesMax());
            case 503 -> closing();
            default ->
                status < 500 || status == 501 || status == 505
                        ? HttpProblem.badRequest(detail)
                        : internal(failure, what);
        };
    }

    private static HttpProblem internal(@Nullable Throwable failure, String what) {
        String reference =
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        log.error("{} failed, reference {}", what, reference, failure);
        return new HttpProblem(ErrorCode.INTERNAL, "a bug; see the node's log, reference " + reference);
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }
}
