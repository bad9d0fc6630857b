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
 * Increments that no assignment or removal had seen, summed exactly.
 *
 * <p>A removal takes away the increments that its origin had seen and no others. Since a replica's increments are
 * delivered in their order, what it takes of each replica is a prefix of them. So one running total a replica is
 * enough: a <em>run</em> has the last increment and the total up to it, and a <em>base</em>, the increment up to which
 * they are removed and the total up to that; what counts is their difference. A removal brings a {@link Mark} for every
 * run it saw, last increment and total, which becomes the base unless a later one is there.
 *
 * <p><b>Why nothing else is kept.</b> A run whose last increment is removed leaves, base and all. Either its
 * replica has seen the removal before its next increment: then its own run is gone too, it counts from zero, and
 * everybody who gets that increment has had the removal. Or it has not: then the increment, which says its size,
 * the total and what came before it, brings the run back with that as base - the same base that it would have
 * got from the removal, had that come later. A mark of an earlier run than the one here is of increments before
 * its base, so it changes nothing.
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
     * @param baseAt the replica's counter at the last increment that is removed; if none is, just before the first
     * @param base the sum of those removed
     */
    public record Run(ReplicaId replica, long last, long timestamp, BigDecimal total, long baseAt, BigDecimal base) {
        /** Strips the numbers, so that equal ones are the same. */
        public Run {
            total = Decimals.strip(total);
            base = Decimals.strip(base);
        }

        /** What counts. */
        public BigDecimal sum() {
            return base.signum() == 0 ? total : total.subtract(base);
        }
    }

    /**
     * What a removal had seen of one run: it is to be removed up to here.
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

    /** The run of a replica; null if none of its increments counts. */
    public @Nullable Run run(ReplicaId replica) {
        for (Run run : runs) {
            if (run.replica().equals(replica)) {
                return run;
            }
        }
        return null;
    }

    /** What all that counts comes to. */
    public BigDecimal sum() {
        BigDecimal sum = BigDecimal.ZERO;
        for (Run run : runs) {
            sum = sum.add(run.sum());
        }
        return sum;
    }

    /** What a removal made here has to say of what it saw. */
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
     * @param previous the replica's counter at the increment of the run before this one; if it is the first, just
     *     before this one
     * @param delta its size
     * @param total the sum of the run, this increment included
     */
    public Counter increment(Dot dot, long timestamp, long previous, BigDecimal delta, BigDecimal total) {
        ReplicaId replica = dot.replica();
        Run known = run(replica);
        if (known == null) {
            // Nothing of the run is left that counts, so all of it up to here is its base.
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

    /** The effect of an assignment or removal: what it had seen counts no more. */
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
