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

    /** The number that a text is; null if it is none. */
    static @Nullable BigDecimal parse(String text) {
        return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    /** A text with increments on top; they do not show if it is no number. */
    static String text(String assigned, BigDecimal increments) {
        BigDecimal number = parse(assigned);
        return number == null ? assigned : text(number.add(increments));
    }

    /** A number: whole ones have 64 bits at most. */
    static String text(BigDecimal number) {
        return isWhole(number) ? number.toBigInteger().min(MAX).max(MIN).toString() : plain(number);
    }

    static boolean isWhole(BigDecimal number) {
        return number.remainder(BigDecimal.ONE).signum() == 0;
    }

    /** Whether a text is a whole number in its shortest form, to which whole numbers can be added. */
    static boolean isCount(String text) {
        return COUNT.matcher(text).matches();
    }

    /** A score with increments on top, to the nearest double. */
    static String score(String assigned, BigDecimal increments) {
        return switch (assigned) {
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            default -> Double.toString(new BigDecimal(assigned).add(increments).doubleValue());
        };
    }

    /** All digits, and no zeros at the end of a fraction. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
