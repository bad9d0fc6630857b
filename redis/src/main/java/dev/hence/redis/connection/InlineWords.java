package dev.hence.redis.connection;

import dev.hence.core.crdt.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of an inline request, separated by white space or quoted. Within double quotes a backslash begins
 * {@code \n}, {@code \r}, {@code \t}, {@code \b}, {@code \a}, {@code \xFF} or makes the next character literal; within
 * single quotes only {@code \'} is special. A closing quote ends its word, so white space must follow.
 */
final class InlineWords {

    private final byte[] line;
    private final int end;
    private final ByteArrayOutputStream word = new ByteArrayOutputStream();
    private int at;

    private InlineWords(byte[] line, int from, int end) {
        this.line = line;
        this.at = from;
        this.end = end;
    }

    /** The words of a line that ends before {@code end}; empty if there is only white space. */
    static List<Bytes> split(byte[] line, int from, int end) throws ProtocolException {
        return new InlineWords(line, from, end).words();
    }

    private List<Bytes> words() throws ProtocolException {
        List<Bytes> words = new ArrayList<>();
        while (true) {
            while (at < end && isSpace(line[at])) {
                at++;
            }
            if (at == end) {
                return words;
            }
            word.reset();
            while (at < end && !isSpace(line[at])) {
                part();
            }
            words.add(Bytes.wrap(word.toByteArray()));
        }
    }

    private void part() throws ProtocolException {
        byte first = line[at++];
        if (first != '"' && first != '\'') {
            word.write(first);
            return;
        }
        while (at < end && line[at] != first) {
            if (line[at] == '\\' && at + 1 < end) {
                escaped(first == '"');
            } else {
                word.write(line[at++]);
            }
        }
        at++;
        if (at > end || (at < end && !isSpace(line[at]))) {
            throw new ProtocolException("Protocol error: unbalanced quotes in request");
        }
    }

    private void escaped(boolean inDoubleQuotes) {
        byte next = line[at + 1];
        if (!inDoubleQuotes) {
            boolean quote = next == '\'';
            word.write(quote ? '\'' : '\\');
            at += quote ? 2 : 1;
        } else if (next == 'x' && at + 3 < end && digit(line[at + 2]) >= 0 && digit(line[at + 3]) >= 0) {
            word.write(digit(line[at + 2]) << 4 | digit(line[at + 3]));
            at += 4;
        } else {
            word.write(
                    switch (next) {
                        case 'n' -> '\n';
                        case 'r' -> '\r';
                        case 't' -> '\t';
                        case 'b' -> '\b';
                        case 'a' -> 7;
                        default -> next;
                    });
            at += 2;
        }
    }

    private static int digit(byte c) {
        return Character.digit(c, 16);
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
    }
}
