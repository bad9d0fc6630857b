package dev.hence.server.http;

import dev.hence.server.http.exchange.RequestPath;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Makes connections that leave the paths of requests alone: see {@link RequestPath}.
 *
 * <p>This overrides the one method of Jetty's HTTP/1.1 connection that is given the request target before it
 * is parsed; there is no public place to do so.
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

    private static final class LiteralPathConnection extends HttpConnection {

        LiteralPathConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        @Override
        protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
            return super.newHttpStream(method, RequestPath.shield(uri), version);
        }
    }
}
