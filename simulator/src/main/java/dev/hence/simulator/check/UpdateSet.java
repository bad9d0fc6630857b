package dev.hence.simulator.check;

import dev.hence.simulator.trace.TracedUpdate;
import java.util.Arrays;

/**
 * A set of updates, one bit for each {@link TracedUpdate#id}.
 *
 * <p>A {@link java.util.BitSet} has no subset test without a temporary copy, and that test is the checkers' most
 * frequent operation.
 */
final class UpdateSet {
    private long[] words;

    UpdateSet() {
        this(new long[4]);
    }

    private UpdateSet(long[] words) {
        this.words = words;
    }

    UpdateSet copy() {
        return new UpdateSet(words.clone());
    }

    boolean contains(int id) {
        int word = id >> 6;
        return word < words.length && (words[word] & 1L << id) != 0;
    }

    boolean contains(TracedUpdate update) {
        return contains(update.id());
    }

    /** Adds an update; returns whether it was new. */
    boolean add(TracedUpdate update) {
        int word = update.id() >> 6;
        if (word >= words.length) {
            words = Arrays.copyOf(words, Math.max(word + 1, words.length * 2));
        }
        long before = words[word];
        words[word] = before | 1L << update.id();
        return words[word] != before;
    }

    void remove(TracedUpdate update) {
        int word = update.id() >> 6;
        if (word < words.length) {
            words[word] &= ~(1L << update.id());
        }
    }

    void addAll(UpdateSet others) {
        if (others.words.length > words.length) {
            words = Arrays.copyOf(words, others.words.length);
        }
        for (int i = 0; i < others.words.length; i++) {
            words[i] |= others.words[i];
        }
    }

    /** Returns the first update of the other set that is not in this one; -1 if all are. */
    int firstMissingOf(UpdateSet others) {
        for (int i = 0; i < others.words.length; i++) {
            long missing = i < words.length ? others.words[i] & ~words[i] : others.words[i];
            if (missing != 0) {
                return (i << 6) + Long.numberOfTrailingZeros(missing);
            }
        }
        return -1;
    }

    boolean containsAll(UpdateSet others) {
        return firstMissingOf(others) < 0;
    }

    /** Returns the first update with this id or a larger one; -1 if there is none. */
    int next(int from) {
        int word = from >> 6;
        if (word >= words.length) {
            return -1;
        }
        long rest = words[word] & -1L << from;
        while (rest == 0) {
            if (++word == words.length) {
                return -1;
            }
            rest = words[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(rest);
    }
}
