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
 * The smallest thing that can be written: a register with a counter on top. A string key is one, and so is a
 * field of a hash, the score of a member, a list element; a member of a set is one whose value says nothing.
 *
 * <p>An assignment or removal takes what it had seen of both; an increment adds to the counter only, so
 * increments that are concurrent to an assignment count on top of it.
 *
 * @param register the assignments
 * @param counter the increments
 */
public record Cell(MvRegister register, Counter counter) {

    /** A cell that is not there. */
    public static final Cell EMPTY = new Cell(MvRegister.EMPTY, Counter.NONE);

    private static final Bytes ZERO = Bytes.utf8("0");

    /** Whether there is nothing: neither an assignment nor an increment. */
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
     * What readers see; null if there is nothing. Increments show only on a number; where nothing was assigned
     * they count from 0.
     */
    public @Nullable Bytes value() {
        if (counter.isEmpty()) {
            return register.isEmpty() ? null : register.entries().getFirst().value();
        }
        BigDecimal number = number();
        return number == null ? register.entries().getFirst().value() : Decimals.format(number);
    }

    /** The value as an exact number, increments included; null if the value is none. Nothing counts as 0. */
    public @Nullable BigDecimal number() {
        BigDecimal assigned = Decimals.parse(
                register.isEmpty() ? ZERO : register.entries().getFirst().value());
        return assigned == null || counter.isEmpty() ? assigned : assigned.add(counter.sum());
    }

    /** The value as the score of a sorted set's member: a number or an infinity. Nothing counts as 0. */
    public double score() {
        BigDecimal number = number();
        return number != null
                ? number.doubleValue()
                : Scores.infinity(register.entries().getFirst().value());
    }

    /**
     * Every value that was written concurrently, the one that shows first. The increments count on that one; where
     * there are only increments, their sum has the name of the newest.
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

    /** The newest write that is still here; null if there is none. */
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
     * assignments and of the last increments. Empty for a cell that is not there.
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

    /** The place of a write among concurrent ones: hybrid logical time, then replica. */
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
