package dev.hence.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a set of durations looks like.
 *
 * @param count of the durations
 * @param medianMicros half are at most this
 * @param p99Micros 99 percent are at most this
 * @param maxMicros the longest
 */
public record Percentiles(long count, double medianMicros, double p99Micros, double maxMicros) {

    /** @param nanos at least one duration, in any order */
    public static Percentiles of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Percentiles(sorted.length, at(sorted, 0.50) / 1e3, at(sorted, 0.99) / 1e3, at(sorted, 1.0) / 1e3);
    }

    private static long at(long[] sorted, double fraction) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(fraction * (sorted.length - 1)))];
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "median %8.0f us   p99 %8.0f us   max %8.0f us", medianMicros, p99Micros, maxMicros);
    }
}
