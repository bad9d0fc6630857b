package dev.hence.redis.commands;

import dev.hence.core.commands.SortedSetRange.ByMember;
import dev.hence.core.commands.SortedSetRange.ByScore;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Decimals;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Parser of scores, weights, and bounds of scores or members. */
final class ScoreArguments {

    private static final int LENGTH_MAX = 400;
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern ZERO = Pattern.compile("[+-]?[0.]+([eE].*)?");

    private ScoreArguments() {}

    /** A score, or an increment of one. */
    static double score(Arguments arguments, int at) {
        return parse(arguments.get(at)).orElseThrow(RedisError::notAFloat);
    }

    /** The factor that the scores of a set are multiplied by. */
    static double weight(Arguments arguments, int at) {
        return parse(arguments.get(at)).orElseThrow(() -> new RedisError("ERR weight value is not a float"));
    }

    /** A finite or infinite number; empty for anything else, including numbers outside the range of a double. */
    static OptionalDouble parse(Bytes word) {
        OptionalLong whole = Decimals.parseLong(word);
        if (whole.isPresent()) {
            return OptionalDouble.of((double) whole.getAsLong());
        }
        if (word.length() > LENGTH_MAX) {
            return OptionalDouble.empty();
        }
        String text = new String(word.array(), StandardCharsets.ISO_8859_1);
        if (!DECIMAL.matcher(text).matches()) {
            return infinity(text.toLowerCase(Locale.ROOT));
        }
        double number = Double.parseDouble(text);
        boolean isTooSmall = number == 0 && !ZERO.matcher(text).matches();
        return Double.isInfinite(number) || isTooSmall ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    private static OptionalDouble infinity(String text) {
        return switch (text) {
            case "inf", "+inf", "infinity", "+infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-inf", "-infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            default -> OptionalDouble.empty();
        };
    }

    /** Two score bounds; a leading parenthesis makes a bound exclusive. */
    static ByScore scores(Bytes min, Bytes max) {
        return ByScore.of(bound(min), isOpen(min), bound(max), isOpen(max));
    }

    private static double bound(Bytes word) {
        return parse(isOpen(word) ? tail(word) : word)
                .orElseThrow(() -> new RedisError("ERR min or max is not a float"));
    }

    /**
     * Two member bounds: a minus sign, a plus sign, or a member after a bracket (inclusive) or a parenthesis
     * (exclusive).
     */
    static ByMember members(Bytes min, Bytes max) {
        Bytes low = member(min);
        Bytes high = member(max);
        if (is(min, '+') || is(max, '-')) {
            return ByMember.NONE;
        }
        return new ByMember(
                isOpen(min) ? ByMember.after(low) : low,
                is(max, '+') ? null : isOpen(max) ? high : ByMember.after(high));
    }

    private static Bytes member(Bytes word) {
        if (is(word, '-') || is(word, '+')) {
            return Bytes.EMPTY;
        }
        if (word.length() == 0 || (word.array()[0] != '[' && !isOpen(word))) {
            throw new RedisError("ERR min or max not valid string range item");
        }
        return tail(word);
    }

    private static boolean is(Bytes word, char only) {
        return word.length() == 1 && word.array()[0] == only;
    }

    private static boolean isOpen(Bytes word) {
        return word.length() > 0 && word.array()[0] == '(';
    }

    private static Bytes tail(Bytes word) {
        return Bytes.wrap(Arrays.copyOfRange(word.array(), 1, word.length()));
    }
}
