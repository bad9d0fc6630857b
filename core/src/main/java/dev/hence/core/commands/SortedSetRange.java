package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A part of a sorted set. */
public sealed interface SortedSetRange {

    /**
     * By rank, beginning at 0; negative ranks count from the end, -1 being the last. Both are inclusive, and are
     * counted in the direction in which the set is read.
     */
    record ByRank(long first, long last) implements SortedSetRange {}

    /** Between two bounds. */
    sealed interface Between extends SortedSetRange {}

    /** By score, both inclusive; empty if {@code min > max}. */
    record ByScore(double min, double max) implements Between {

        /** All scores. */
        public static final ByScore ALL = new ByScore(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

        private static final ByScore NONE = new ByScore(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

        /**
         * @param isMinExcluded whether {@code min} itself is excluded
         * @param isMaxExcluded whether {@code max} itself is excluded
         */
        public static ByScore of(double min, boolean isMinExcluded, double max, boolean isMaxExcluded) {
            boolean isNothing = (isMinExcluded && min == Double.POSITIVE_INFINITY)
                    || (isMaxExcluded && max == Double.NEGATIVE_INFINITY);
            return isNothing
                    ? NONE
                    : new ByScore(isMinExcluded ? Math.nextUp(min) : min, isMaxExcluded ? Math.nextDown(max) : max);
        }
    }

    /**
     * By the bytes of the members, independent of their scores. It takes a walk over the whole set, unless all scores
     * are equal.
     *
     * @param from the inclusive lower bound
     * @param to the exclusive upper bound; null for none
     */
    record ByMember(Bytes from, @Nullable Bytes to) implements Between {

        /** All members. */
        public static final ByMember ALL = new ByMember(Bytes.EMPTY, null);

        /** No members. */
        public static final ByMember NONE = new ByMember(Bytes.EMPTY, Bytes.EMPTY);

        /** Returns the next possible member in byte order: as a bound it includes, or excludes, the given one. */
        public static Bytes after(Bytes member) {
            return Bytes.wrap(Arrays.copyOf(member.array(), member.length() + 1));
        }

        boolean contains(Bytes member) {
            return member.compareTo(from) >= 0 && (to == null || member.compareTo(to) < 0);
        }
    }
}
