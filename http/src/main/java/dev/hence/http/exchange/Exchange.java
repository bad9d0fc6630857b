package dev.hence.http.exchange;

import dev.hence.core.clock.VersionVector;
import dev.hence.node.memory.MemoryHolder;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request as its handler sees it. Parts that a handler does not ask for are not parsed.
 *
 * <p>Belongs to the thread of its handler.
 */
public final class Exchange {

    private final Request request;
    private final Route route;
    private final String path;
    private final Query query;
    private final VersionVector session;
    private final Duration bodyGrace;
    private final MemoryHolder memory;

    private Exchange(
            Request request,
            Route route,
            String path,
            Query query,
            VersionVector session,
            Duration bodyGrace,
            MemoryHolder memory) {
        this.request = request;
        this.route = route;
        this.path = path;
        this.query = query;
        this.session = session;
        this.bodyGrace = bodyGrace;
        this.memory = memory;
    }

    /**
     * A request that was found to be for a route.
     *
     * @param path its path, from {@link RequestPath#of}
     * @param session what its tokens stand for; the node has it
     * @param bodyGrace after which time its body has to come at a minimum rate
     * @param memory holds what its body takes
     * @throws HttpProblem if its query is not one of the route's
     */
    public static Exchange of(
            Request request, Route route, String path, VersionVector session, Duration bodyGrace, MemoryHolder memory) {
        return new Exchange(
                request,
                route,
                path,
                Query.parse(request.getHttpURI().getQuery(), route.parameters()),
                session,
                bodyGrace,
                memory);
    }

    /** All that the client has seen, by its session tokens. */
    public VersionVector session() {
        return session;
    }

    public Query query() {
        return query;
    }

    /**
     * The bytes of the path's last, open-ended part.
     *
     * @throws HttpProblem if its encoding is malformed
     */
    public byte[] pathParameter() {
        String name =
                route.path().substring(route.prefix().length() + 1, route.path().length() - 1);
        return PercentCoding.decode(name, path.substring(route.prefix().length()), false);
    }

    /** A header; null if it is absent. */
    public @Nullable String header(HttpHeader name) {
        return request.getHeaders().get(name);
    }

    /** Where the request comes from, for logs. */
    public String client() {
        return String.valueOf(request.getConnectionMetaData().getRemoteSocketAddress());
    }

    /** @throws HttpProblem if a conditional header is malformed */
    public Preconditions preconditions() {
        return Preconditions.of(request.getHeaders());
    }

    /**
     * The whole body.
     *
     * @throws HttpProblem if it is longer than the limit or comes too slowly, or there is no memory for it
     */
    public byte[] body(Bounds.BodyLimit limit) throws IOException, InterruptedException {
        return RequestBody.read(request, limit, bodyGrace, memory);
    }
}
