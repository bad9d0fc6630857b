package dev.hence.redis.testing;

import dev.hence.property.Eventually;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of the Redis protocol that shows replies as they are: text, numbers, booleans, lists, maps, null, and {@link
 * Failed}.
 */
public final class RedisClient implements AutoCloseable {

    private static final int ANSWER_MILLIS_MAX = (int) Eventually.LIMIT.toMillis();

    /** An error. */
    public record Failed(String text) {}

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** A client that is connected to a port of this machine. */
    public RedisClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(ANSWER_MILLIS_MAX);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** Sends a command and takes the next reply, which is null if it is the null of the protocol. */
    public Object ask(String... words) throws IOException {
        send(words);
        return read();
    }

    /** The error that a command answers. */
    public String refusal(String... words) throws IOException {
        Object reply = ask(words);
        if (reply instanceof Failed(String text)) {
            return text;
        }
        throw new AssertionError(String.join(" ", words) + ": " + reply + " (expected: an error)");
    }

    /** Sends a command. */
    public void send(String... words) throws IOException {
        StringBuilder request = new StringBuilder("*").append(words.length).append("\r\n");
        for (String word : words) {
            int bytes = word.getBytes(StandardCharsets.UTF_8).length;
            request.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
        }
        out.write(request.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** The next reply or message. Tests know where it is null, so it is not declared as such. */
    @SuppressWarnings("NullAway")
    public Object read() throws IOException {
        return next();
    }

    private @Nullable Object next() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> new Failed(rest);
            case ':' -> Long.parseLong(rest);
            case ',' -> Double.parseDouble(rest);
            case '#' -> rest.equals("t");
            case '_' -> null;
            case '$' -> string(Integer.parseInt(rest));
            case '=' -> plain(string(Integer.parseInt(rest)));
            case '*', '~', '>' -> list(Integer.parseInt(rest));
            case '%' -> map(Integer.parseInt(rest));
            default -> throw new IOException("reply: " + line);
        };
    }

    private static String plain(@Nullable String verbatim) {
        return String.valueOf(verbatim).substring("txt:".length());
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\r'; c = in.readUnsignedByte()) {
            line.append((char) c);
        }
        in.readByte();
        return line.toString();
    }

    private @Nullable String string(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        in.readShort();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private @Nullable List<@Nullable Object> list(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            list.add(next());
        }
        return list;
    }

    private Map<String, @Nullable Object> map(int length) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < length; i++) {
            map.put(String.valueOf(next()), next());
        }
        return map;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
