package dev.hence.redis;

import dev.hence.property.Eventually;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of the Redis protocol that exposes all of it. Each reply is available in one of three forms:
 *
 * <ul>
 *   <li>{@link #ask}: readable text. Strings and numbers unchanged, null as {@code nil}, errors and simple strings with
 *       their first character, lists in brackets.
 *   <li>{@link #value}: text, numbers, booleans, lists, maps, null, and {@link Failed}.
 *   <li>{@link #wire}: the bytes, with a space for each line end.
 * </ul>
 */
public class RedisClient implements AutoCloseable {

    private static final int ANSWER_MILLIS_MAX = (int) Eventually.LIMIT.toMillis();

    /** An error. */
    public record Failed(String text) {}

    private final InputStream in;
    private final OutputStream out;
    private final Closeable connection;

    RedisClient(InputStream in, OutputStream out, Closeable connection) {
        this.in = in;
        this.out = out;
        this.connection = connection;
    }

    /** A client connected to a port of this machine. */
    static RedisClient to(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(ANSWER_MILLIS_MAX);
        socket.setTcpNoDelay(true);
        return new RedisClient(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream(), socket) {
            @Override
            void endOfRequests() throws IOException {
                socket.shutdownOutput();
            }
        };
    }

    /** Sends bytes unchanged, one per character. */
    void send(String raw) throws IOException {
        out.write(raw.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a request. */
    public void request(String... words) throws IOException {
        send(encoded(words));
    }

    /** The bytes of a request, one per character. */
    static String encoded(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            String bytes = new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            text.append('$').append(bytes.length()).append("\r\n").append(bytes).append("\r\n");
        }
        return text.toString();
    }

    /** Half-closes the connection: nothing more will be sent. */
    void endOfRequests() throws IOException {
        throw new IOException("no socket");
    }

    /** Whether the node has ended the connection; blocks until it sends more or ends it. */
    boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("closed after \"" + line + "\" (expected: a line)");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.substring(0, text.length() - 1);
    }

    private String string(int length) throws IOException {
        String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        in.skipNBytes(2);
        return text;
    }

    // Readable text

    /** Sends a request and returns its reply. */
    public String ask(String... words) throws IOException {
        request(words);
        return reply();
    }

    /** The next replies. */
    List<String> replies(int count) throws IOException {
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(reply());
        }
        return replies;
    }

    /** The next reply. */
    String reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', '-' -> line;
            case ':', ',' -> rest;
            case '_' -> "nil";
            case '$', '=' -> rest.equals("-1") ? "nil" : string(Integer.parseInt(rest));
            case '*', '~' -> rest.equals("-1") ? "nil" : shownList(Integer.parseInt(rest));
            case '>' -> "push" + shownList(Integer.parseInt(rest));
            case '%' -> "map" + shownList(2 * Integer.parseInt(rest));
            default -> throw unknown(line);
        };
    }

    private String shownList(int count) throws IOException {
        return replies(count).toString();
    }

    private static IOException unknown(String line) {
        return new IOException("reply: \"" + line + "\" (expected: one of the protocol)");
    }

    // Values

    /** Sends a command and returns the next reply; a null reply is null. */
    public Object value(String... words) throws IOException {
        request(words);
        return value();
    }

    /** The error reply to a command. */
    public String refusal(String... words) throws IOException {
        Object reply = value(words);
        if (reply instanceof Failed(String text)) {
            return text;
        }
        throw new AssertionError(String.join(" ", words) + ": " + reply + " (expected: an error)");
    }

    /** The next reply or message. Tests know where it is null, so it is not declared nullable. */
    @SuppressWarnings("NullAway")
    public Object value() throws IOException {
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
            case '$' -> rest.equals("-1") ? null : string(Integer.parseInt(rest));
            case '=' -> string(Integer.parseInt(rest)).substring("txt:".length());
            case '*', '~', '>' -> rest.equals("-1") ? null : list(Integer.parseInt(rest));
            case '%' -> map(Integer.parseInt(rest));
            default -> throw unknown(line);
        };
    }

    private List<@Nullable Object> list(int length) throws IOException {
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

    // Bytes

    /** Sends a request and returns its reply as sent, with a space for each line end. */
    public String wire(String... words) throws IOException {
        request(words);
        return wire();
    }

    private String wire() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '$', '=' -> rest.equals("-1") ? line : line + " " + string(Integer.parseInt(rest));
            case '*', '~', '>' -> line + wires(Integer.parseInt(rest));
            case '%' -> line + wires(2 * Integer.parseInt(rest));
            default -> line;
        };
    }

    private String wires(int count) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int element = 0; element < count; element++) {
            text.append(' ').append(wire());
        }
        return text.toString();
    }

    /** Same as {@link #wire}, for words separated by spaces; two quotation marks stand for the empty word. */
    public String run(String line) {
        return runWords(words(line));
    }

    /** Same as {@link #run}, for words that may contain spaces. */
    public String runWords(String... words) {
        try {
            return wire(words);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Same as {@link #run}, in version 3 of the protocol. */
    public String run3(String line) {
        run("HELLO 3");
        String reply = run(line);
        run("HELLO 2");
        return reply;
    }

    private static String[] words(String line) {
        return Arrays.stream(line.split(" ", -1))
                .map(word -> word.equals("\"\"") ? "" : word)
                .toArray(String[]::new);
    }

    /** The strings in the reply, sorted: for unordered replies. */
    public List<String> sorted(String line) {
        return Arrays.stream(run(line).split(" "))
                .filter(word -> !word.startsWith("*") && !word.startsWith("$"))
                .sorted()
                .toList();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
