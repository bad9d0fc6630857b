package dev.hence.client;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A node as the client sees it: its URL, and whether it failed recently.
 *
 * <p>Thread-safe. The two fields of a failure are written one after the other; a reader between them sees
 * at worst a wait that is too short or too long by a factor of two.
 */
final class Node {

    private static final long AVOID_NANOS_MIN = 1_000_000_000L;
    private static final int DOUBLINGS_MAX = 5;

    private final URI base;
    private volatile int failuresInARow;
    private volatile long failedAtNanos;

    Node(URI base) {
        this.base = base;
    }

    /** The URL without a slash at its end. */
    static URI baseOf(String url) {
        String text = url.contains("://") ? url : "http://" + url;
        URI uri;
        try {
            uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        } catch (IllegalArgumentException e) {
            throw notANode(url, e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean isPlain = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null || !isPlain) {
            throw notANode(url, null);
        }
        return uri;
    }

    private static IllegalArgumentException notANode(String url, @Nullable IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "node: \"" + url + "\" (expected: a URL like http://localhost:5000)", cause);
    }

    URI base() {
        return base;
    }

    /** Where to send a request for a path that begins with a slash. */
    URI resolve(String path) {
        return URI.create(base + path);
    }

    /** Remembers that it answered. */
    void succeeded() {
        if (failuresInARow != 0) {
            failuresInARow = 0;
        }
    }

    /** Remembers that it failed: it is tried last for 1 s, 2 s... 32 s. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // two failures at once may count as one
    void failed() {
        failedAtNanos = System.nanoTime();
        failuresInARow = Math.min(failuresInARow + 1, DOUBLINGS_MAX + 1);
    }

    /** For how much longer to try it after all others, in nanoseconds; 0 if it is as good as any. */
    long avoidForNanos(long nowNanos) {
        int failures = failuresInARow;
        if (failures == 0) {
            return 0;
        }
        return Math.max(0, (AVOID_NANOS_MIN << (failures - 1)) - (nowNanos - failedAtNanos));
    }

    /** The base URL. */
    @Override
    public String toString() {
        return base.toString();
    }
}
