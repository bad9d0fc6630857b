package dev.hence.simulator.check;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as clients see them. */
final class Numbers {
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    private static final Pattern COUNT = Pattern.compile("0|-?[1-9]\\d{0,17}");
    private static final BigInteger MIN = BigInteger.TWO.pow(63).negate();
    private static final BigInteger MAX = BigInteger.TWO.pow(63).subtract(BigInteger.ONE);

    private Numbers() {}

    /** Parses a text as a number; null if it is not one. */
    static @Nullable BigDecimal parse(String text) {
        return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    /** Returns a text with increments on top; they are not visible if it is not a number. */
    static String text(String assigned, BigDecimal increments) {
        BigDecimal number = parse(assigned);
        return number == null ? assigned : text(number.add(increments));
    }

    /** Formats a number; integers are clamped to 64 bits. */
    static String text(BigDecimal number) {
        return isWhole(number) ? number.toBigInteger().min(MAX).max(MIN).toString() : plain(number);
    }

    static boolean isWhole(BigDecimal number) {
        return number.remainder(BigDecimal.ONE).signum() == 0;
    }

    /** Whether a text is an integer in its shortest form, to which integers can be added. */
    static boolean isCount(String text) {
        return COUNT.matcher(text).matches();
    }

    /** Returns a score with increments on top, rounded to the nearest double. */
    static String score(String assigned, BigDecimal increments) {
        return switch (assigned) {
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            default -> Double.toString(new BigDecimal(assigned).add(increments).doubleValue());
        };
    }

    /** All digits, without trailing zeros of a fraction. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
