package dev.hence.http.exchange;

import dev.hence.node.store.HealthIssue;

/**
 * All errors that a client can receive: the table from which responses are made, and against which the reference page
 * and the OpenAPI document are tested.
 */
public enum ErrorCode {
    BAD_REQUEST("bad-request", 400, true, "The request is malformed"),
    SESSION_TOKEN("session-token", 400, true, "The session token is invalid"),
    NOT_FOUND("not-found", 404, true, "The path does not exist"),
    KEY_ABSENT("key-absent", 404, true, "The key has no value"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, true, "The path does not support this method"),
    REQUEST_TIMEOUT("request-timeout", 408, true, "The request did not arrive in time"),
    WRONG_TYPE("wrong-type", 409, true, "The key holds another type of value"),
    UPDATES_GONE("updates-gone", 410, true, "Updates that the reader wants are deleted"),
    PRECONDITION_FAILED("precondition-failed", 412, true, "The condition of the request does not hold"),
    KEY_TOO_LARGE("key-too-large", 413, true, "The key is too large"),
    VALUE_TOO_LARGE("value-too-large", 413, true, "The value is too large"),
    BODY_TOO_LARGE("body-too-large", 413, true, "The request body is too large"),
    UPDATE_TOO_LARGE("update-too-large", 413, true, "The update is too large"),
    HEADERS_TOO_LARGE("headers-too-large", 431, true, "The request line with the headers is too large"),
    SESSION_BEHIND("session-behind", 503, true, "The node has not yet applied what the session has seen"),
    NOT_READY("not-ready", 503, true, "The node is not ready"),
    TOO_MANY_CONNECTIONS("too-many-connections", 503, true, "The maximum number of connections is reached"),
    TOO_MANY_LARGE_REQUESTS(
            "too-many-large-requests",
            503,
            true,
            "The node currently has no memory for another large request or response"),
    CLOCK_AHEAD("clock-ahead", 503, true, HealthIssue.Kind.CLOCK_AHEAD.title()),
    DISK_FULL("disk-full", 507, true, HealthIssue.Kind.DISK_FULL.title()),
    FORKED("forked", 503, true, HealthIssue.Kind.FORKED.title()),
    NODE_FAILED("node-failed", 500, false, HealthIssue.Kind.FAILED.title()),
    INTERNAL("internal", 500, false, "Internal error");

    private final String code;
    private final int status;
    private final boolean definite;
    private final String title;

    ErrorCode(String code, int status, boolean definite, String title) {
        this.code = code;
        this.status = status;
        this.definite = definite;
        this.title = title;
    }

    /** The code that programs look at. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the request certainly changed nothing. */
    public boolean definite() {
        return definite;
    }

    /** What went wrong, in one line that is the same for every occurrence. */
    public String title() {
        return title;
    }

    /** The {@code type} of the problem document. */
    public String type() {
        return "https://hence.dev/errors/" + code;
    }
}
