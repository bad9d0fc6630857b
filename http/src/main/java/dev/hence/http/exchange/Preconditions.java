package dev.hence.http.exchange;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a request on the present version of its key: {@code If-Match} and {@code
 * If-None-Match} (RFC 9110, section 13).
 *
 * <p>Immutable.
 */
public final class Preconditions {

    private static final Preconditions NONE = new Preconditions(null, null);

    private final @Nullable EntityTags ifMatch;
    private final @Nullable EntityTags ifNoneMatch;

    private Preconditions(@Nullable EntityTags ifMatch, @Nullable EntityTags ifNoneMatch) {
        this.ifMatch = ifMatch;
        this.ifNoneMatch = ifNoneMatch;
    }

    /** @throws HttpProblem if a header is malformed */
    static Preconditions of(HttpFields headers) {
        EntityTags ifMatch = read(headers, HttpHeader.IF_MATCH);
        EntityTags ifNoneMatch = read(headers, HttpHeader.IF_NONE_MATCH);
        return ifMatch == null && ifNoneMatch == null ? NONE : new Preconditions(ifMatch, ifNoneMatch);
    }

    private static @Nullable EntityTags read(HttpFields headers, HttpHeader header) {
        return headers.contains(header)
                ? EntityTags.parse(header.asString(), String.join(",", headers.getValuesList(header)))
                : null;
    }

    /**
     * Whether {@code If-Match} lets the request go on.
     *
     * @param tag the present version tag; empty if the key is absent
     */
    public boolean matchAllows(String tag) {
        return ifMatch == null || (!tag.isEmpty() && ifMatch.matchesStrongly(tag));
    }

    /**
     * Whether {@code If-None-Match} lets the request go on.
     *
     * @param tag the present version tag; empty if the key is absent
     */
    public boolean noneMatchAllows(String tag) {
        return ifNoneMatch == null || tag.isEmpty() || !ifNoneMatch.matchesWeakly(tag);
    }

    /** Whether there are any, so that the present version matters. */
    public boolean exist() {
        return ifMatch != null || ifNoneMatch != null;
    }

    /** Whether both let the request go on. */
    public boolean allow(String tag) {
        return matchAllows(tag) && noneMatchAllows(tag);
    }
}
