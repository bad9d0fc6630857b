package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import java.util.Arrays;

/**
 * A glob pattern with the syntax of Redis: {@code *} matches any bytes, {@code ?} one byte, {@code [a-z]} one byte of a
 * set, {@code [^a-z]} one byte outside a set, and a backslash makes the next byte literal.
 *
 * <p>A pattern is a sequence of tokens. When a token does not match, the text matched by the last star is extended by
 * one byte and matching continues from there. Earlier stars need no backtracking: the tokens between them and the last
 * star already match at the earliest possible position. The time is therefore at most the length of the pattern times
 * the length of the name, for any input.
 *
 * <p>Immutable.
 */
public final class Glob {

    private final byte[] pattern;

    /** A pattern sent by a client; every byte sequence is valid. */
    public Glob(Bytes pattern) {
        this.pattern = pattern.array();
    }

    /** Whether the pattern matches the whole name. */
    public boolean matches(Bytes name) {
        byte[] bytes = name.array();
        int token = 0;
        int at = 0;
        int afterStar = -1;
        int starEnd = 0;
        while (at < bytes.length) {
            if (token < pattern.length && pattern[token] == '*') {
                token++;
                afterStar = token;
                starEnd = at;
            } else if (token < pattern.length && fits(token, bytes[at] & 0xff)) {
                token = next(token);
                at++;
            } else if (afterStar >= 0) {
                starEnd++;
                token = afterStar;
                at = starEnd;
            } else {
                return false;
            }
        }
        while (token < pattern.length && pattern[token] == '*') {
            token++;
        }
        return token == pattern.length;
    }

    /** The literal prefix shared by all matching names. */
    public Bytes prefix() {
        byte[] prefix = new byte[pattern.length];
        int length = 0;
        for (int token = 0; token < pattern.length; token = next(token)) {
            if (pattern[token] == '*' || pattern[token] == '?' || pattern[token] == '[') {
                break;
            }
            prefix[length] = pattern[taken(token)];
            length++;
        }
        return Bytes.wrap(Arrays.copyOf(prefix, length));
    }

    /** Whether a byte matches the token at a position; the token is not a star. */
    private boolean fits(int token, int value) {
        return switch (pattern[token]) {
            case '?' -> true;
            case '[' -> isInSet(token, value);
            default -> (pattern[taken(token)] & 0xff) == value;
        };
    }

    /** The end of the token that begins at a position. */
    private int next(int token) {
        if (pattern[token] != '[') {
            return taken(token) + 1;
        }
        int at = firstOfSet(token);
        while (at < pattern.length && pattern[at] != ']') {
            at = nextOfSet(at);
        }
        // An unclosed set ends with the pattern.
        return Math.min(at + 1, pattern.length);
    }

    /** The position of the literal byte of a token; a backslash at the end of the pattern stands for itself. */
    private int taken(int token) {
        return pattern[token] == '\\' && token + 1 < pattern.length ? token + 1 : token;
    }

    private boolean isInSet(int token, int value) {
        int first = firstOfSet(token);
        boolean found = false;
        for (int at = first; at < pattern.length && pattern[at] != ']'; at = nextOfSet(at)) {
            int one = pattern[taken(at)] & 0xff;
            int other = isRange(at) ? pattern[at + 2] & 0xff : one;
            found |= Math.min(one, other) <= value && value <= Math.max(one, other);
        }
        boolean others = first == token + 2;
        return found != others;
    }

    private int firstOfSet(int token) {
        return token + 1 < pattern.length && pattern[token + 1] == '^' ? token + 2 : token + 1;
    }

    private int nextOfSet(int at) {
        return isRange(at) ? at + 3 : taken(at) + 1;
    }

    private boolean isRange(int at) {
        return at + 2 < pattern.length && pattern[at + 1] == '-' && pattern[at] != '\\';
    }
}
