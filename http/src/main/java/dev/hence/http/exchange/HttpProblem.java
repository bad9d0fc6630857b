package dev.hence.http.exchange;

import dev.hence.core.clock.Dot;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused, or that failed: thrown by handlers, answered as a problem document (RFC 9457).
 *
 * <p>It has no stack trace: it tells a client what is wrong with a request, which is not an event in the node.
 */
public final class HttpProblem extends RuntimeException {

    /** Says that the same request may be taken soon. */
    public static final HttpField RETRY_AFTER = new HttpField(HttpHeader.RETRY_AFTER, "1");

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean definite;
    private final transient @Nullable Long limit;
    private final transient List<Dot> missing;
    private final transient List<HttpField> headers;

    private HttpProblem(
            ErrorCode code,
            boolean definite,
            String detail,
            @Nullable Long limit,
            List<Dot> missing,
            List<HttpField> headers) {
        super(detail, null, false, false);
        this.code = code;
        this.definite = definite;
        this.limit = limit;
        this.missing = missing;
        this.headers = headers;
    }

    /** @param detail this occurrence, for people: {@code limit: 2000 (expected: 1 to 1000)} */
    public HttpProblem(ErrorCode code, String detail) {
        this(code, code.definite(), detail, null, List.of(), List.of());
    }

    /** A request that is malformed. */
    public static HttpProblem badRequest(String detail) {
        return new HttpProblem(ErrorCode.BAD_REQUEST, detail);
    }

    /** Something that is larger than it may be. */
    public static HttpProblem tooLarge(ErrorCode code, String detail, long limit) {
        return new HttpProblem(code, code.definite(), detail, limit, List.of(), List.of());
    }

    /** A session that has seen what this node has not. */
    public static HttpProblem sessionBehind(String detail, List<Dot> missing) {
        return new HttpProblem(
                ErrorCode.SESSION_BEHIND, ErrorCode.SESSION_BEHIND.definite(), detail, null, missing, List.of());
    }

    /** The same problem with a header for its answer. */
    public HttpProblem withHeader(HttpField header) {
        return new HttpProblem(code, definite, detail(), limit, missing, List.of(header));
    }

    /** The same problem where it is certain that nothing was changed. */
    public HttpProblem certain() {
        return new HttpProblem(code, true, detail(), limit, missing, headers);
    }

    public ErrorCode code() {
        return code;
    }

    /** Whether the request certainly changed nothing. */
    public boolean definite() {
        return definite;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    /** The limit that was exceeded, if the problem is one. */
    public @Nullable Long limit() {
        return limit;
    }

    /** What the node lacks, if that is the problem. */
    public List<Dot> missing() {
        return missing;
    }

    /** Headers that belong to the answer. */
    public List<HttpField> headers() {
        return headers;
    }
}
