package dev.hence.redis.connection;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Decimals;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * The words of a command as a client sent them; the first is its name. The numeric accessors reject invalid numbers
 * with the error texts of Redis.
 */
public final class Arguments {

    private static final int WORD_OVERHEAD_BYTES = 48;

    private final List<Bytes> words;

    /** @param words at least one */
    public Arguments(List<Bytes> words) {
        this.words = words;
    }

    /** Splits text at spaces; for tests and hand-written commands. */
    public static Arguments of(String... words) {
        return new Arguments(Arrays.stream(words).map(Bytes::utf8).toList());
    }

    /** The number of words, the name included. */
    public int count() {
        return words.size();
    }

    /** A word. */
    public Bytes get(int at) {
        return words.get(at);
    }

    /** Their approximate size in memory, in bytes. */
    public long sizeBytes() {
        long sum = 0;
        for (Bytes word : words) {
            sum += WORD_OVERHEAD_BYTES + word.length();
        }
        return sum;
    }

    /** The words from a position on. */
    public List<Bytes> from(int at) {
        return words.subList(at, words.size());
    }

    /** The words from {@code from} (inclusive) to {@code to} (exclusive). */
    public List<Bytes> between(int from, int to) {
        return words.subList(from, to);
    }

    /** A word as text. */
    public String text(int at) {
        return words.get(at).toString();
    }

    /** Whether a word is an option's name, ignoring case. */
    public boolean is(int at, String option) {
        byte[] word = words.get(at).array();
        if (word.length != option.length()) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            int c = word[i];
            int capital = c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
            if (capital != option.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A word as a signed 64-bit integer. */
    public long integer(int at) {
        OptionalLong number = Decimals.parseLong(words.get(at));
        if (number.isEmpty()) {
            throw RedisError.notAnInteger();
        }
        return number.getAsLong();
    }

    /**
     * A word as an integer within bounds.
     *
     * @param message the error if it is out of range, without the prefix
     */
    public long integer(int at, long min, long max, String message) {
        long number = integer(at);
        if (number < min || number > max) {
            throw new RedisError("ERR " + message);
        }
        return number;
    }

    /**
     * A word as a count.
     *
     * @param message the error if it is too small or not a number, without the prefix
     */
    public long count(int at, long min, String message) {
        OptionalLong number = Decimals.parseLong(words.get(at));
        if (number.isEmpty() || number.getAsLong() < min) {
            throw new RedisError("ERR " + message);
        }
        return number.getAsLong();
    }
}
