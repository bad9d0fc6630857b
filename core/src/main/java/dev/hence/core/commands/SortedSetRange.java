package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A part of a sorted set. */
public sealed interface SortedSetRange {

    /**
     * By place, the first being 0; from the end if negative, the last being -1. Both are included, and they are
     * counted in the direction in which the set is read.
     */
    record ByRank(long first, long last) implements SortedSetRange {}

    /** Between two bounds. */
    sealed interface Between extends SortedSetRange {}

    /** By score, both included; nothing if {@code min > max}. */
    record ByScore(double min, double max) implements Between {

        /** All scores. */
        public static final ByScore ALL = new ByScore(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

        private static final ByScore NONE = new ByScore(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

        /**
         * @param isMinExcluded whether only larger scores than {@code min} belong to it
         * @param isMaxExcluded whether only smaller scores than {@code max} belong to it
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
     * By the bytes of the members, whatever their scores. It takes a walk over all of the set, unless all scores
     * are the same.
     *
     * @param from the smallest member that may belong to it
     * @param to the smallest that is too large; null if none is
     */
    record ByMember(Bytes from, @Nullable Bytes to) implements Between {

        /** All members. */
        public static final ByMember ALL = new ByMember(Bytes.EMPTY, null);

        /** No members. */
        public static final ByMember NONE = new ByMember(Bytes.EMPTY, Bytes.EMPTY);

        /** The next member after this one in the order of bytes: as a bound it includes, or leaves out, this one. */
        public static Bytes after(Bytes member) {
            return Bytes.wrap(Arrays.copyOf(member.array(), member.length() + 1));
        }

        boolean contains(Bytes member) {
            return member.compareTo(from) >= 0 && (to == null || member.compareTo(to) < 0);
        }
    }
}
