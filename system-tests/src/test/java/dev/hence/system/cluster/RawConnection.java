package dev.hence.system.cluster;

import dev.hence.property.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A raw connection to a node, for byte-level tests: half a request, a request as another client sends it. */
public final class RawConnection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    public static RawConnection to(NodeProcess node) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()), 10_000);
        socket.setSoTimeout((int) Eventually.LIMIT.toMillis());
        return new RawConnection(socket);
    }

    /** Sends text unchanged, in UTF-8. */
    public void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** The next response, which must declare the length of its body. */
    public HttpAnswer answer() throws IOException {
        String statusLine = line();
        if (!statusLine.startsWith("HTTP/1.1 ")) {
            throw new IOException("status line: " + statusLine + " (expected: HTTP/1.1 and a status)");
        }
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    List.of(line.substring(colon + 1).strip()));
        }
        int length = Integer.parseInt(
                headers.getOrDefault("content-length", List.of("0")).getFirst());
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("body: " + body.length + " bytes (expected: " + length + ")");
        }
        return new HttpAnswer(Integer.parseInt(statusLine.substring(9, 12)), headers, body);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("connection: closed after " + line.size() + " bytes of a line");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
