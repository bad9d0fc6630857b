package dev.hence.redis;

import dev.hence.property.Eventually;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket that speaks the Redis protocol and hides nothing of it. Replies are shown as text: strings and numbers as
 * they are, nothing as {@code nil}, errors and simple strings with their first character, lists in brackets.
 */
final class RespClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = (int) Eventually.LIMIT.toMillis();

    private final Socket socket;
    private final InputStream in;

    public RespClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends bytes as they are, one for a character. */
    public void send(String raw) throws IOException {
        socket.getOutputStream().write(raw.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a request. */
    public void request(String... words) throws IOException {
        send(encoded(words));
    }

    /** The bytes of a request. */
    public static String encoded(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }

    /** Sends a request and returns its reply. */
    public String ask(String... words) throws IOException {
        request(words);
        return reply();
    }

    /** The next replies. */
    public List<String> replies(int count) throws IOException {
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(reply());
        }
        return replies;
    }

    /** The next reply. */
    public String reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', '-' -> line;
            case ':', ',' -> rest;
            case '_' -> "nil";
            case '$', '=' -> rest.equals("-1") ? "nil" : string(Integer.parseInt(rest));
            case '*', '~' -> rest.equals("-1") ? "nil" : list(Integer.parseInt(rest));
            case '>' -> "push" + list(Integer.parseInt(rest));
            case '%' -> "map" + list(2 * Integer.parseInt(rest));
            default -> throw new IOException("reply: \"" + line + "\" (expected: one of the protocol)");
        };
    }

    private String list(int count) throws IOException {
        return replies(count).toString();
    }

    private String string(int length) throws IOException {
        String text = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        in.skipNBytes(2);
        return text;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("closed after \"" + line + "\" (expected: a line)");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - 1);
    }

    /** Whether the node has ended the connection, after waiting for it to say more. */
    public boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Says that nothing more will be sent. */
    public void endOfRequests() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
