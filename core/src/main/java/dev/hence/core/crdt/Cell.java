package dev.hence.core.crdt;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The smallest unit of writing: a register with a counter on top. A string key is a cell, and so are a hash field, the
 * score of a sorted set's member and a list element; a set member is a cell whose value has no meaning.
 *
 * <p>An assignment or removal removes what it had seen of both; an increment adds to the counter only, so increments
 * concurrent with an assignment count on top of it.
 *
 * @param register the assignments
 * @param counter the increments
 */
public record Cell(MvRegister register, Counter counter) {

    /** An absent cell. */
    public static final Cell EMPTY = new Cell(MvRegister.EMPTY, Counter.NONE);

    private static final Bytes ZERO = Bytes.utf8("0");

    /** Whether the cell is absent: it has neither an assignment nor an increment. */
    public boolean isEmpty() {
        return register.isEmpty() && counter.isEmpty();
    }

    /** The effect of an assignment. */
    public Cell assign(MvRegister.Entry entry, VersionVector context, List<Counter.Mark> marks) {
        return new Cell(register.assign(entry, context), counter.remove(context, marks));
    }

    /** The effect of a removal. */
    public Cell remove(VersionVector context, List<Counter.Mark> marks) {
        MvRegister left = register.remove(context);
        Counter counts = counter.remove(context, marks);
        return left.isEmpty() && counts.isEmpty() ? EMPTY : new Cell(left, counts);
    }

    /** The effect of an increment. */
    public Cell increment(Dot dot, long timestamp, long previous, BigDecimal delta, BigDecimal total) {
        return new Cell(register, counter.increment(dot, timestamp, previous, delta, total));
    }

    /**
     * Returns the value that readers see; null if the cell is absent. Increments are visible only on a number; without
     * an assignment they count from 0.
     */
    public @Nullable Bytes value() {
        if (counter.isEmpty()) {
            return register.isEmpty() ? null : register.entries().getFirst().value();
        }
        BigDecimal number = number();
        return number == null ? register.entries().getFirst().value() : Decimals.format(number);
    }

    /**
     * Returns the value as an exact number, increments included; null if it is not a number. An absent cell counts as
     * 0.
     */
    public @Nullable BigDecimal number() {
        BigDecimal assigned = Decimals.parse(
                register.isEmpty() ? ZERO : register.entries().getFirst().value());
        return assigned == null || counter.isEmpty() ? assigned : assigned.add(counter.sum());
    }

    /** The value as the score of a sorted set's member: a number or an infinity. An absent cell counts as 0. */
    public double score() {
        BigDecimal number = number();
        return number != null
                ? number.doubleValue()
                : Scores.infinity(register.entries().getFirst().value());
    }

    /**
     * Returns every concurrently written value, the visible one first. Increments count on that one; if there are only
     * increments, their sum is named after the newest.
     */
    public List<MvRegister.Entry> candidates() {
        Bytes shown = value();
        if (shown == null || counter.isEmpty()) {
            return register.entries();
        }
        if (register.isEmpty()) {
            Counter.Run newest = Collections.max(counter.runs(), Comparator.comparingLong(Counter.Run::timestamp));
            return List.of(new MvRegister.Entry(new Dot(newest.replica(), newest.last()), newest.timestamp(), shown));
        }
        List<MvRegister.Entry> candidates = new ArrayList<>(register.entries());
        MvRegister.Entry winner = candidates.getFirst();
        candidates.set(0, new MvRegister.Entry(winner.dot(), winner.timestamp(), shown));
        return candidates;
    }

    /** The newest write that is still present; null if there is none. */
    public @Nullable Stamp newest() {
        Stamp newest = register.isEmpty() ? null : Stamp.of(register.entries().getFirst());
        for (Counter.Run run : counter.runs()) {
            Stamp stamp = new Stamp(run.timestamp(), run.replica());
            newest = newest == null || stamp.compareTo(newest) > 0 ? stamp : newest;
        }
        return newest;
    }

    /**
     * The version tag: equal for equal cells, different for different ones, at every node. It names the dots of
     * assignments and of the last increments. Empty for an absent cell.
     */
    public String versionTag() {
        if (counter.isEmpty()) {
            return register.versionTag();
        }
        List<String> parts = new ArrayList<>();
        if (!register.isEmpty()) {
            parts.add(register.versionTag());
        }
        parts.add(counter.runs().stream()
                .map(run -> "i" + run.last() + "." + run.baseAt() + "."
                        + Long.toHexString(run.replica().incarnation()))
                .collect(Collectors.joining("+")));
        return String.join("+", parts);
    }

    /** The order of a write among concurrent ones: hybrid logical time, then replica. */
    public record Stamp(long timestamp, ReplicaId replica) implements Comparable<Stamp> {
        static Stamp of(MvRegister.Entry entry) {
            return new Stamp(entry.timestamp(), entry.dot().replica());
        }

        @Override
        public int compareTo(Stamp other) {
            int byTime = Long.compare(timestamp, other.timestamp);
            return byTime != 0 ? byTime : replica.compareTo(other.replica);
        }
    }
}
