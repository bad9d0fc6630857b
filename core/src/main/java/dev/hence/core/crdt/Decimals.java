package dev.hence.core.crdt;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as text: which values are numbers, and how a number is written. Every replica must give the same result, so
 * nothing here depends on a locale or on floating point.
 */
public final class Decimals {

    /** The maximum number of digits before the point: more than a double has. */
    private static final int WHOLE_DIGITS_MAX = 400;

    /**
     * The maximum number of digits after the point: as many as the smallest doubles have; sums of doubles have no more.
     */
    private static final int FRACTION_DIGITS_MAX = 1200;

    /** The maximum length of a text that is parsed as a number: enough for everything that {@link #plain} writes. */
    private static final int TEXT_LENGTH_MAX = WHOLE_DIGITS_MAX + FRACTION_DIGITS_MAX + "-.".length();

    private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private Decimals() {}

    /**
     * Parses a value as a number; returns null if it is not one. A number is digits with an optional sign, fraction and
     * exponent, and nothing around them.
     */
    public static @Nullable BigDecimal parse(Bytes value) {
        OptionalLong whole = parseLong(value);
        if (whole.isPresent()) {
            return BigDecimal.valueOf(whole.getAsLong());
        }
        if (value.length() == 0 || value.length() > TEXT_LENGTH_MAX || !looksLikeNumber(value.array())) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(new String(value.array(), StandardCharsets.US_ASCII));
            return isBounded(number) ? number : null;
        } catch (NumberFormatException none) {
            return null;
        }
    }

    /** Whether the digits of a number are few enough to be written out. */
    public static boolean isBounded(BigDecimal number) {
        return hasDigits(number, WHOLE_DIGITS_MAX);
    }

    /**
     * Returns the number itself. A sum of increments can be larger than any value, because other increments may be
     * negative.
     *
     * @throws IllegalArgumentException if it has more digits than any sum of numbers can have
     */
    public static BigDecimal requireSum(BigDecimal number) {
        if (!hasDigits(number, 2 * WHOLE_DIGITS_MAX)) {
            throw new IllegalArgumentException("number: " + number.precision() + " digits, " + number.scale()
                    + " behind the point (expected: at most " + 2 * WHOLE_DIGITS_MAX + " before and "
                    + FRACTION_DIGITS_MAX + " behind)");
        }
        return number;
    }

    private static boolean hasDigits(BigDecimal number, int wholeMax) {
        return (long) number.precision() - number.scale() <= wholeMax && number.scale() <= FRACTION_DIGITS_MAX;
    }

    // BigDecimal accepts digits of other scripts as well.
    private static boolean looksLikeNumber(byte[] text) {
        for (byte each : text) {
            boolean fits =
                    (each >= '0' && each <= '9') || each == '.' || each == '-' || each == '+' || (each | 0x20) == 'e';
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /**
     * Parses a value as a 64-bit integer in its shortest form, as Redis counters require: no plus sign, no leading
     * zeros. Empty if it is not one.
     */
    public static OptionalLong parseLong(Bytes value) {
        byte[] text = value.array();
        int length = text.length;
        if (length == 0 || length > 20) {
            return OptionalLong.empty();
        }
        boolean negative = text[0] == '-';
        int at = negative ? 1 : 0;
        if (at == length || (text[at] == '0' && length > 1) || text[at] < '0' || text[at] > '9') {
            return OptionalLong.empty();
        }
        // Accumulates a negative number, because there is one more negative number than there are positive ones.
        long number = 0;
        for (; at < length; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9 || number < (Long.MIN_VALUE + digit) / 10) {
                return OptionalLong.empty();
            }
            number = number * 10 - digit;
        }
        if (negative) {
            return OptionalLong.of(number);
        }
        return number == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(-number);
    }

    /**
     * Formats a number as clients see it: integers clamped to 64 bits, others with all their digits and no exponent.
     */
    public static Bytes format(BigDecimal number) {
        if (isWhole(number)) {
            return Bytes.utf8(Long.toString(clamp(number)));
        }
        return plain(number);
    }

    /** Formats a number exactly, with all digits and no exponent. */
    public static Bytes plain(BigDecimal number) {
        return Bytes.utf8(strip(number).toPlainString());
    }

    /** Returns the number without trailing zeros: identical for equal numbers. */
    public static BigDecimal strip(BigDecimal number) {
        return isShortInteger(number) ? number : number.stripTrailingZeros();
    }

    /** Whether a number is an integer of less than 19 digits without trailing zeros: its digits are its canonical form. */
    private static boolean isShortInteger(BigDecimal number) {
        return number.scale() == 0 && number.precision() < 19 && number.longValue() % 10 != 0;
    }

    /** Returns the number in the form used on the wire and on disk: exact, and identical for equal numbers. */
    public static Bytes canonical(BigDecimal number) {
        return Bytes.utf8(
                isShortInteger(number)
                        ? Long.toString(number.longValue())
                        : number.stripTrailingZeros().toString());
    }

    /** Whether a number has no fraction. */
    public static boolean isWhole(BigDecimal number) {
        return number.scale() <= 0
                || number.signum() == 0
                || number.stripTrailingZeros().scale() <= 0;
    }

    /** Returns the 64-bit number nearest to an integer. */
    public static long clamp(BigDecimal number) {
        if (number.compareTo(LONG_MIN) <= 0) {
            return Long.MIN_VALUE;
        }
        if (number.compareTo(LONG_MAX) >= 0) {
            return Long.MAX_VALUE;
        }
        BigInteger whole = number.toBigInteger();
        return whole.longValueExact();
    }
}
