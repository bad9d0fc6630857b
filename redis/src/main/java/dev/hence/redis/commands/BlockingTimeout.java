package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.RedisError;
import java.math.BigInteger;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The timeout of a blocking command as clients write it: decimal seconds, optionally with a fraction, or whole seconds
 * in hexadecimal.
 */
final class BlockingTimeout {

    private static final double MILLIS_PER_SECOND = 1_000;

    private static final Pattern HEXADECIMAL = Pattern.compile("([+-]?)0[xX]([0-9a-fA-F]{1,32})");

    private BlockingTimeout() {}

    /** The timeout in milliseconds, rounded up; 0 for no timeout. */
    static long millis(Bytes word) {
        OptionalDouble decimal = ScoreArguments.parse(word);
        OptionalDouble seconds = decimal.isPresent() ? decimal : hexadecimal(word.toString());
        if (seconds.isEmpty()) {
            throw new RedisError("ERR timeout is not a float or out of range");
        }
        double millis = Math.ceil(seconds.getAsDouble() * MILLIS_PER_SECOND);
        if (millis < 0) {
            throw new RedisError("ERR timeout is negative");
        }
        if (millis >= Long.MAX_VALUE) {
            throw new RedisError("ERR timeout is out of range");
        }
        return (long) millis;
    }

    private static OptionalDouble hexadecimal(String word) {
        Matcher matcher = HEXADECIMAL.matcher(word);
        return matcher.matches()
                ? OptionalDouble.of(new BigInteger(matcher.group(1) + matcher.group(2), 16).doubleValue())
                : OptionalDouble.empty();
    }
}
