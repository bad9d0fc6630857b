package dev.hence.core.crdt;

import java.math.BigDecimal;

/**
 * Scores of sorted sets as values of cells. Readers see the nearest double; the exact decimal is stored and summed, so
 * 0.1 added ten times is 1.
 */
public final class Scores {

    private static final Bytes POSITIVE = Bytes.utf8("inf");
    private static final Bytes NEGATIVE = Bytes.utf8("-inf");

    private Scores() {}

    /** The value of a score that is a number or an infinity. */
    public static Bytes value(double score) {
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException("score: not a number (expected: one)");
        }
        if (Double.isInfinite(score)) {
            return score > 0 ? POSITIVE : NEGATIVE;
        }
        return Decimals.canonical(exact(score));
    }

    /** Returns the shortest decimal that denotes a finite score. */
    public static BigDecimal exact(double score) {
        return score == Math.rint(score) && Math.abs(score) < 1e15
                ? BigDecimal.valueOf((long) score)
                : new BigDecimal(Double.toString(score));
    }

    /** Whether a value is a valid score. */
    public static boolean isScore(Bytes value) {
        return value.equals(POSITIVE) || value.equals(NEGATIVE) || Decimals.parse(value) != null;
    }

    static double infinity(Bytes value) {
        if (value.equals(POSITIVE)) {
            return Double.POSITIVE_INFINITY;
        }
        if (value.equals(NEGATIVE)) {
            return Double.NEGATIVE_INFINITY;
        }
        throw new AssertionError("score: \"" + value + "\" (expected: a number, inf or -inf)");
    }
}
