package dev.hence.http;

import dev.hence.http.exchange.RequestPath;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Makes connections that leave the paths of requests alone, see {@link RequestPath}, and that say how long the head of
 * a request has been coming, for {@link HeadDeadline}.
 *
 * <p>This overrides the one method of Jetty's HTTP/1.1 connection that is given the request target before it
 * is parsed; there is no public place to do so.
 * The same holds for the beginning and the end of a head.
 */
final class LiteralPathConnections extends HttpConnectionFactory {

    LiteralPathConnections(HttpConfiguration configuration) {
        super(configuration);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new LiteralPathConnection(getHttpConfiguration(), connector, endPoint);
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }

    private static final class LiteralPathConnection extends HttpConnection implements HeadDeadline.HeadReader {

        private static final long NOTHING_DUE = Long.MIN_VALUE;

        private volatile long headSinceNanos = System.nanoTime();

        LiteralPathConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        @Override
        protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
            return super.newHttpStream(method, RequestPath.shield(uri), version);
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new TimedHeads();
        }

        @Override
        public long headNanos(long nowNanos) {
            long since = headSinceNanos;
            return since == NOTHING_DUE ? -1 : nowNanos - since;
        }

        /** Notes when a head begins and when it is complete. */
        private final class TimedHeads extends RequestHandler {
            @Override
            public void messageBegin() {
                // The first head is due since the connection was opened. The parser also says this of a kept connection
                // that has sent nothing yet.
                if (headSinceNanos == NOTHING_DUE && !isRequestBufferEmpty()) {
                    headSinceNanos = System.nanoTime();
                }
                super.messageBegin();
            }

            @Override
            public boolean headerComplete() {
                headSinceNanos = NOTHING_DUE;
                return super.headerComplete();
            }

            @Override
            public void badMessage(HttpException failure) {
                headSinceNanos = NOTHING_DUE;
                super.badMessage(failure);
            }
        }
    }
}
