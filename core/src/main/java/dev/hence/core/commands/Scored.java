package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import java.util.Comparator;

/**
 * A member and its score. The order is that of a sorted set: by score, then by member.
 *
 * @param score a number or an infinity
 */
public record Scored(Bytes member, double score) implements Comparable<Scored> {

    private static final Comparator<Scored> ORDER =
            Comparator.comparingDouble(Scored::score).thenComparing(Scored::member);

    /** Normalizes negative zero to zero. */
    public Scored {
        score += 0.0;
    }

    @Override
    public int compareTo(Scored other) {
        return ORDER.compare(this, other);
    }
}
