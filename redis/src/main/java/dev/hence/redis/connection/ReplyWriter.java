package dev.hence.redis.connection;

import dev.hence.core.crdt.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Encoder of replies, in protocol version 2 or 3.
 *
 * <p>Replies are gathered in a reusable buffer. It is sent whenever it is full, so that a large reply takes little
 * memory here; {@link #flush} sends the rest.
 *
 * <p>Not thread-safe.
 */
public final class ReplyWriter {

    private static final int BUFFER_BYTES_INITIAL = 2 << 10;
    private static final int BUFFER_BYTES_MAX = 64 << 10;
    private static final int NUMBER_BYTES_MAX = 24;

    private static final byte[] OK = ascii("+OK\r\n");
    private static final byte[] QUEUED = ascii("+QUEUED\r\n");
    private static final byte[] PONG = ascii("+PONG\r\n");
    private static final byte[] NULL_STRING = ascii("$-1\r\n");
    private static final byte[] NULL_LIST = ascii("*-1\r\n");
    private static final byte[] NULL_3 = ascii("_\r\n");
    private static final byte[] TRUE_3 = ascii("#t\r\n");
    private static final byte[] FALSE_3 = ascii("#f\r\n");
    private static final byte[] PLAIN_TEXT = ascii("txt:");

    private final OutputStream out;
    private byte[] buffer = new byte[BUFFER_BYTES_INITIAL];
    private int size;

    public ReplyWriter(OutputStream out) {
        this.out = out;
    }

    /** Whether {@link #flush} would send anything. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Sends the buffered bytes. */
    public void flush() throws IOException {
        int sending = size;
        size = 0;
        if (sending > 0) {
            out.write(buffer, 0, sending);
        }
    }

    /** Adds a reply in protocol version 2 or 3. */
    public void write(Reply reply, int version) throws IOException {
        boolean rich = version >= 3;
        switch (reply) {
            case Reply.Bulk(Bytes bytes) -> string('$', bytes.array());
            case Reply.Simple(String text) -> simple(text);
            case Reply.Int(long number) -> head(':', number);
            case Reply.Null any -> raw(rich ? NULL_3 : NULL_STRING);
            case Reply.NullArray any -> raw(rich ? NULL_3 : NULL_LIST);
            case Reply.Failure(String text) -> line('-', text);
            case Reply.Array(List<Reply> elements) -> list('*', elements.size(), elements, version);
            case Reply.SetOf(List<Reply> elements) -> list(rich ? '~' : '*', elements.size(), elements, version);
            case Reply.Push(List<Reply> elements) -> list(rich ? '>' : '*', elements.size(), elements, version);
            case Reply.MapOf(List<Reply> both) ->
                list(rich ? '%' : '*', rich ? both.size() / 2 : both.size(), both, version);
            case Reply.Pairs(List<Reply> elements) -> {
                if (rich) {
                    pairs(elements);
                } else {
                    list('*', elements.size(), elements, version);
                }
            }
            case Reply.Several(List<Reply> replies) -> {
                for (Reply each : replies) {
                    write(each, version);
                }
            }
            case Reply.Verbatim(String text) -> {
                if (rich) {
                    verbatim(text.getBytes(StandardCharsets.UTF_8));
                } else {
                    string('$', text.getBytes(StandardCharsets.UTF_8));
                }
            }
            case Reply.Real(double number) -> {
                if (rich) {
                    line(',', Doubles.text(number));
                } else {
                    string('$', ascii(Doubles.text(number)));
                }
            }
            case Reply.Bool(boolean value) -> {
                if (rich) {
                    raw(value ? TRUE_3 : FALSE_3);
                } else {
                    head(':', value ? 1 : 0);
                }
            }
        }
    }

    private void list(char type, long count, List<Reply> elements, int version) throws IOException {
        head(type, count);
        for (Reply element : elements) {
            write(element, version);
        }
    }

    private void pairs(List<Reply> elements) throws IOException {
        head('*', elements.size() / 2);
        for (int at = 0; at < elements.size(); at += 2) {
            list('*', 2, elements.subList(at, at + 2), 3);
        }
    }

    private void simple(String text) throws IOException {
        switch (text) {
            case "OK" -> raw(OK);
            case "QUEUED" -> raw(QUEUED);
            case "PONG" -> raw(PONG);
            default -> line('+', text);
        }
    }

    /** A line; characters that would end it early become spaces. */
    private void line(char type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\r' || bytes[i] == '\n') {
                bytes[i] = ' ';
            }
        }
        room(1);
        buffer[size++] = (byte) type;
        raw(bytes);
        lineEnd();
    }

    private void string(char type, byte[] bytes) throws IOException {
        head(type, bytes.length);
        raw(bytes);
        lineEnd();
    }

    private void verbatim(byte[] text) throws IOException {
        head('=', PLAIN_TEXT.length + text.length);
        raw(PLAIN_TEXT);
        raw(text);
        lineEnd();
    }

    private void lineEnd() throws IOException {
        room(2);
        buffer[size++] = '\r';
        buffer[size++] = '\n';
    }

    /** A type, a number and the line end. */
    private void head(char type, long number) throws IOException {
        room(NUMBER_BYTES_MAX);
        buffer[size++] = (byte) type;
        if (number >= 0 && number < 10) {
            buffer[size++] = (byte) ('0' + number);
        } else {
            digits(number);
        }
        buffer[size++] = '\r';
        buffer[size++] = '\n';
    }

    private void digits(long number) {
        // Counts downwards, because the negative range is larger by one.
        long rest = number < 0 ? number : -number;
        int length = number < 0 ? 2 : 1;
        for (long power = rest / 10; power != 0; power /= 10) {
            length++;
        }
        int place = size + length;
        size = place;
        do {
            buffer[--place] = (byte) ('0' - rest % 10);
            rest /= 10;
        } while (rest != 0);
        if (number < 0) {
            buffer[--place] = '-';
        }
    }

    private void raw(byte[] bytes) throws IOException {
        if (bytes.length > BUFFER_BYTES_MAX) {
            flush();
            // In parts, because an observer of the stream takes the end of a write as a sign that the client reads.
            for (int at = 0; at < bytes.length; at += BUFFER_BYTES_MAX) {
                out.write(bytes, at, Math.min(BUFFER_BYTES_MAX, bytes.length - at));
            }
            return;
        }
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    private void room(int bytes) throws IOException {
        if (buffer.length - size >= bytes) {
            return;
        }
        if (size + bytes <= BUFFER_BYTES_MAX) {
            buffer = Arrays.copyOf(buffer, Math.min(BUFFER_BYTES_MAX, Math.max(buffer.length * 2, size + bytes)));
            return;
        }
        flush();
        if (buffer.length < bytes) {
            buffer = new byte[BUFFER_BYTES_MAX];
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
