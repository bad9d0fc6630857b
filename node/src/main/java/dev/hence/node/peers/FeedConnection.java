package dev.hence.node.peers;

import dev.hence.node.config.PeerAddress;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * A request for a peer's feed, and the response. The thread that reads the response reads the socket itself: a client with
 * threads of its own would wake two more of them for each update.
 *
 * <p>One thread uses it; others may {@link #close} it, which ends a read.
 */
final class FeedConnection implements Closeable {

    private static final String PATH = "/replication/feed";
    private static final ContentType PROTOBUF = ContentType.create("application/x-protobuf");
    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final int status;
    private final InputStream body;

    private FeedConnection(Socket socket, ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        this.socket = socket;
        this.status = response.getCode();
        this.body = entity == null ? InputStream.nullInputStream() : entity.getContent();
    }

    /**
     * Connects to a peer, sends a request, and waits for the head of the response.
     *
     * @param connectMax how long to wait for the connection
     * @param answerMax how long to wait for the response
     * @param open where it is registered meanwhile, so that it can be closed
     * @throws IOException if there is none in time, or the peer does not speak HTTP
     */
    static FeedConnection open(
            PeerAddress peer, byte[] message, Duration connectMax, Duration answerMax, OpenStreams open)
            throws IOException {
        Socket socket = new Socket();
        boolean opened = false;
        try {
            open.connecting(socket);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(peer.host(), peer.port()), millis(connectMax));
            socket.setSoTimeout(millis(answerMax));
            FeedConnection connection = new FeedConnection(socket, exchange(socket, peer, message));
            // From now on heartbeats show whether the peer is there.
            socket.setSoTimeout(0);
            opened = true;
            return connection;
        } catch (SocketTimeoutException silent) {
            throw new IOException(
                    socket.isConnected()
                            ? "no answer within " + answerMax.toMillis() + " ms"
                            : "no connection within " + connectMax.toMillis() + " ms",
                    silent);
        } catch (HttpException unknown) {
            throw new IOException("no HTTP response: " + unknown.getMessage(), unknown);
        } finally {
            open.connected(socket);
            if (!opened) {
                socket.close();
            }
        }
    }

    private static ClassicHttpResponse exchange(Socket socket, PeerAddress peer, byte[] message)
            throws IOException, HttpException {
        // It holds nothing but the socket, which is closed instead.
        @SuppressWarnings("resource")
        DefaultBHttpClientConnection http = new DefaultBHttpClientConnection(
                Http1Config.custom().setBufferSize(BUFFER_BYTES).build(),
                StandardCharsets.US_ASCII.newDecoder(),
                StandardCharsets.US_ASCII.newEncoder());
        http.bind(socket);
        ClassicHttpRequest request = new BasicClassicHttpRequest("POST", PATH);
        request.setHeader(HttpHeaders.HOST, peer.authority());
        request.setHeader(HttpHeaders.CONTENT_TYPE, PROTOBUF);
        request.setHeader(HttpHeaders.CONTENT_LENGTH, message.length);
        request.setEntity(new ByteArrayEntity(message, PROTOBUF));
        http.sendRequestHeader(request);
        http.sendRequestEntity(request);
        http.flush();
        ClassicHttpResponse response = http.receiveResponseHeader();
        http.receiveResponseEntity(response);
        return response;
    }

    private static int millis(Duration duration) {
        return Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
    }

    /** The HTTP status. */
    int status() {
        return status;
    }

    /** The body, as it arrives. */
    InputStream body() {
        return body;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
