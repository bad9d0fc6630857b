package dev.hence.core.crdt;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A counter: the exact sum of the increments that no assignment or removal had seen.
 *
 * <p>A removal removes the increments that its origin had seen and no others. A replica's increments are delivered in
 * order, so a removal always removes a prefix of them. One running total per replica is therefore enough: a
 * <em>run</em> holds the last increment and the total up to it, and a <em>base</em>, which is the last removed
 * increment and the total up to that. The difference of the two totals counts. A removal carries a {@link Mark} for
 * every run it saw, with its last increment and total; the mark becomes the base unless the run already has a later
 * one.
 *
 * <p><b>Why nothing else is kept.</b> A run whose last increment is removed is dropped together with its base. Two
 * cases follow. (1) Its replica has seen the removal before its next increment: then its own run is dropped too, it
 * counts from zero, and every replica that delivers that increment has delivered the removal. (2) It has not: then the
 * increment, which carries its size, the total and its predecessor, restores the run with the predecessor as base - the
 * same base that the removal would have set if it had been delivered later. A mark of an earlier run covers only
 * increments before the base of the present run, so it changes nothing.
 *
 * @param runs at most one for each replica, in the order of replicas
 */
public record Counter(List<Run> runs) {

    /** No increments. */
    public static final Counter NONE = new Counter(List.of());

    /**
     * The increments of one replica.
     *
     * @param last the replica's counter at the last increment
     * @param timestamp the hybrid logical time of that
     * @param total the sum of all increments of the run, removed ones included
     * @param baseAt the replica's counter at the last removed increment; if none is removed, one less than at the first
     * @param base the sum of the removed increments
     */
    public record Run(ReplicaId replica, long last, long timestamp, BigDecimal total, long baseAt, BigDecimal base) {
        /** Strips the numbers, so that equal ones are the same. */
        public Run {
            total = Decimals.strip(total);
            base = Decimals.strip(base);
        }

        /** The part of the total that counts. */
        public BigDecimal sum() {
            return base.signum() == 0 ? total : total.subtract(base);
        }
    }

    /**
     * The part of a run that a removal had seen: the run is removed up to here.
     *
     * @param last the replica's counter at the last increment seen
     * @param total the sum of the run's increments up to that one
     */
    public record Mark(ReplicaId replica, long last, BigDecimal total) {
        /** @throws IllegalArgumentException if the total has more digits than any sum can have */
        public Mark {
            total = Decimals.requireSum(Decimals.strip(total));
        }
    }

    /** Keeps the runs in their order. */
    public Counter {
        runs = runs.size() < 2
                ? List.copyOf(runs)
                : runs.stream().sorted(Comparator.comparing(Run::replica)).toList();
    }

    /** Whether no increment counts. */
    public boolean isEmpty() {
        return runs.isEmpty();
    }

    /** Returns the run of a replica; null if none of its increments counts. */
    public @Nullable Run run(ReplicaId replica) {
        for (Run run : runs) {
            if (run.replica().equals(replica)) {
                return run;
            }
        }
        return null;
    }

    /** The sum of all increments that count. */
    public BigDecimal sum() {
        BigDecimal sum = BigDecimal.ZERO;
        for (Run run : runs) {
            sum = sum.add(run.sum());
        }
        return sum;
    }

    /** The marks that a removal made here must carry. */
    public List<Mark> marks() {
        return runs.isEmpty()
                ? List.of()
                : runs.stream()
                        .map(run -> new Mark(run.replica(), run.last(), run.total()))
                        .toList();
    }

    /**
     * The effect of an increment.
     *
     * @param previous the replica's counter at the run's previous increment; for the first one, one less than its own
     *     counter
     * @param delta its size
     * @param total the sum of the run, this increment included
     */
    public Counter increment(Dot dot, long timestamp, long previous, BigDecimal delta, BigDecimal total) {
        ReplicaId replica = dot.replica();
        Run known = run(replica);
        if (known == null) {
            // No increment of the run counts any more, so everything before this one is its base.
            return with(new Run(replica, dot.counter(), timestamp, total, previous, total.subtract(delta)));
        }
        if (known.last() != previous || known.total().add(delta).compareTo(total) != 0) {
            throw new AssertionError("increment " + dot + ": " + delta + " to " + total + " after " + previous
                    + " (expected: to follow " + known + ")");
        }
        return with(new Run(replica, dot.counter(), timestamp, total, known.baseAt(), known.base()));
    }

    private Counter with(Run changed) {
        if (runs.isEmpty() || (runs.size() == 1 && runs.getFirst().replica().equals(changed.replica()))) {
            return new Counter(List.of(changed));
        }
        List<Run> all = new ArrayList<>(runs.size() + 1);
        for (Run run : runs) {
            if (!run.replica().equals(changed.replica())) {
                all.add(run);
            }
        }
        all.add(changed);
        return new Counter(all);
    }

    /** The effect of an assignment or removal: the increments it had seen no longer count. */
    public Counter remove(VersionVector context, List<Mark> marks) {
        if (runs.isEmpty()) {
            return this;
        }
        List<Run> left = new ArrayList<>(runs.size());
        for (Run run : runs) {
            if (run.last() > context.get(run.replica())) {
                left.add(rebased(run, marks));
            }
        }
        return left.isEmpty() ? NONE : new Counter(left);
    }

    private static Run rebased(Run run, List<Mark> marks) {
        for (Mark mark : marks) {
            if (mark.replica().equals(run.replica()) && mark.last() > run.baseAt()) {
                return new Run(run.replica(), run.last(), run.timestamp(), run.total(), mark.last(), mark.total());
            }
        }
        return run;
    }
}
