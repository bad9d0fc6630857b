package dev.hence.http.exchange;

import org.eclipse.jetty.server.Request;

/**
 * The path of a request as it came, byte for byte.
 *
 * <p>Jetty reads a path as that of a file: it resolves {@code ..} segments, and refuses what has no place in
 * the name of a file, such as {@code %00}. Here paths are keys. So a path is <em>shielded</em> before Jetty
 * sees it: a dot that begins a segment is percent-encoded, which stands for the same byte, and then every
 * percent sign is percent-encoded once more. Where routes are found, that is undone.
 */
public final class RequestPath {

    private RequestPath() {}

    /** A request target whose path Jetty cannot interpret. */
    public static String shield(String target) {
        int start = pathStart(target);
        int question = target.indexOf('?');
        int end = question < 0 ? target.length() : question;
        if (start < 0 || start >= end || !needsShield(target, start, end)) {
            return target;
        }
        StringBuilder shielded = new StringBuilder(target.length() + 16).append(target, 0, start);
        for (int i = start; i < end; i++) {
            char character = target.charAt(i);
            if (character == '%') {
                shielded.append("%25");
            } else if (character == '.' && i > 0 && target.charAt(i - 1) == '/') {
                shielded.append("%252E");
            } else {
                shielded.append(character);
            }
        }
        return shielded.append(target, end, target.length()).toString();
    }

    /**
     * The path of a request, still percent-encoded as its client did it.
     *
     * @throws HttpProblem if it has bytes beyond ASCII that are not UTF-8
     */
    public static String of(Request request) {
        String path = unshield(request.getHttpURI().getPath());
        if (path.indexOf('\uFFFD') >= 0) {
            throw HttpProblem.badRequest("path: bytes that are not UTF-8 (expected: percent-encoding)");
        }
        return path;
    }

    static String unshield(String path) {
        // In a shielded path a percent sign is always followed by 25.
        return path.indexOf('%') < 0 ? path : path.replace("%25", "%");
    }

    /** Where the path begins: at once, or behind the authority of an absolute URI; -1 if there is none. */
    private static int pathStart(String target) {
        if (target.startsWith("/")) {
            return 0;
        }
        int scheme = target.indexOf("://");
        return scheme < 0 ? -1 : target.indexOf('/', scheme + 3);
    }

    private static boolean needsShield(String target, int start, int end) {
        int percent = target.indexOf('%', start);
        int dot = target.indexOf("/.", start);
        return (percent >= 0 && percent < end) || (dot >= 0 && dot < end);
    }
}
