package dev.hence.http.exchange;

import java.util.Set;

/**
 * One request that the node answers, declared as data: the router, the metrics and the test that holds the
 * API's description against the code read the same list.
 *
 * @param method the method; {@code HEAD} is answered by every {@code GET}
 * @param path a path such as {@code /status}, or one that ends in a parameter that takes all the rest of the
 *     path, slashes included: {@code /kv/{key}}
 * @param summary what it does, in one line
 * @param parameters the query parameters that it understands; all others are refused
 * @param handler what answers it
 */
public record Route(Method method, String path, String summary, Set<String> parameters, Handler handler) {

    /** The methods in use. */
    public enum Method {
        GET,
        PUT,
        POST,
        DELETE
    }

    /**
     * Answers requests. It runs on a virtual thread of its own and may block.
     *
     * <p>Thread-safe.
     */
    @FunctionalInterface
    public interface Handler {
        /** @throws Exception {@link HttpProblem} for a request that is refused; whatever else is a bug */
        Answer answer(Exchange exchange) throws Exception;
    }

    /** @throws IllegalArgumentException if the path is not of the form given above */
    public Route {
        parameters = Set.copyOf(parameters);
        int brace = path.indexOf('{');
        boolean literal = brace < 0;
        boolean trailing = brace > 0 && path.charAt(brace - 1) == '/' && path.indexOf('}') == path.length() - 1;
        if (!path.startsWith("/") || !(literal || trailing)) {
            throw new IllegalArgumentException("route path: " + path + " (expected: /a/b or /a/{rest})");
        }
    }

    /** A route without query parameters. */
    public static Route of(Method method, String path, String summary, Handler handler) {
        return new Route(method, path, summary, Set.of(), handler);
    }

    /** Whether the path ends in a parameter. */
    public boolean hasPathParameter() {
        return path.endsWith("}");
    }

    /** The path before its parameter; the whole path if it has none. */
    public String prefix() {
        int brace = path.indexOf('{');
        return brace < 0 ? path : path.substring(0, brace);
    }
}
