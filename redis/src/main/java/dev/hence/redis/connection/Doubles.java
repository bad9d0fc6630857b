package dev.hence.redis.connection;

import java.math.BigDecimal;

/**
 * Floating-point numbers as text: the shortest digits that identify the double, whole numbers without a fraction, and
 * an exponent only where it is shorter ({@code 3}, {@code 3.14}, {@code 1e+25}, {@code inf}).
 */
public final class Doubles {

    private static final double WHOLE_MAX = 1L << 52;
    private static final int ZEROS_MAX = 6;

    private Doubles() {}

    /** The text of a number. */
    public static String text(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == Math.rint(number) && Math.abs(number) <= WHOLE_MAX) {
            boolean minusZero = number == 0 && Double.doubleToRawLongBits(number) != 0;
            return minusZero ? "-0" : Long.toString((long) number);
        }
        // Since JDK 19 this returns the shortest digits.
        BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
        String digits = shortest.unscaledValue().toString();
        String text = positive(digits, -shortest.scale());
        return number < 0 ? "-" + text : text;
    }

    private static String positive(String digits, int power) {
        int exponent = digits.length() - 1 + power;
        if (power >= 0 && power <= ZEROS_MAX) {
            return digits + "0".repeat(power);
        }
        if (power < 0 && exponent >= 0) {
            return digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1);
        }
        if (power < 0 && exponent >= -ZEROS_MAX) {
            return "0." + "0".repeat(-exponent - 1) + digits;
        }
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return digits.charAt(0) + fraction + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent);
    }
}
