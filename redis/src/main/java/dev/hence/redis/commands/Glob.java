package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import java.util.Arrays;

/**
 * A pattern of names as Redis has them: {@code *} stands for any bytes, {@code ?} for one, {@code [a-z]} for one of
 * these, {@code [^a-z]} for one that is none of these, and a backslash takes the next byte as it is.
 *
 * <p>A pattern is a sequence of tokens. When a token does not fit, what the last star before it stands for is made one
 * byte longer and matching goes on from there; earlier stars need no second look, because what follows them up to the
 * last star fits already, and as early as it can. So the time is at most the length of the pattern times that of the
 * name, whatever either contains.
 *
 * <p>Immutable.
 */
public final class Glob {

    private final byte[] pattern;

    /** The pattern that a client sent; every sequence of bytes is one. */
    public Glob(Bytes pattern) {
        this.pattern = pattern.array();
    }

    /** Whether a name fits, from its first byte to its last. */
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

    /** What every name that fits begins with. */
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

    /** Whether a byte fits the token that begins at a place and is no star. */
    private boolean fits(int token, int value) {
        return switch (pattern[token]) {
            case '?' -> true;
            case '[' -> isInSet(token, value);
            default -> (pattern[taken(token)] & 0xff) == value;
        };
    }

    /** Where the token ends that begins at a place. */
    private int next(int token) {
        if (pattern[token] != '[') {
            return taken(token) + 1;
        }
        int at = firstOfSet(token);
        while (at < pattern.length && pattern[at] != ']') {
            at = nextOfSet(at);
        }
        // A set that is not closed ends with the pattern.
        return Math.min(at + 1, pattern.length);
    }

    /** Where the byte is that a token stands for: a backslash at the end of the pattern is just that. */
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
