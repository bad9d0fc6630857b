package dev.hence.core.datatype;

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
 * <p>A removal takes away the increments that its origin had seen and no others. Since a replica's increments
 * are delivered in their order, what it takes of each replica is the first so many of them. So one running
 * total a replica is enough: a <em>run</em> has the dot it started at, the last increment and the total up to
 * it, and a <em>base</em>, the total up to which increments are removed; what counts is their difference. A
 * removal brings a {@link Mark} for every run it saw, last increment and total, which becomes the base unless a
 * later one is there.
 *
 * <p><b>Why nothing else is kept.</b> A run whose last increment is removed leaves, base and all. Either its
 * replica has seen the removal before its next increment: then its own run is gone too, and it starts another.
 * Or it has not: then the next increment, which says its size and the total, brings the run back with the total
 * before it as base. A mark of an earlier run than the one here is of increments that are gone already.
 *
 * @param runs at most one for each replica, in the order of replicas
 */
public record Counter(List<Run> runs) {

    /** No increments. */
    public static final Counter NONE = new Counter(List.of());

    /**
     * The increments of one replica.
     *
     * @param start the replica's counter at the first increment of the run: its name
     * @param last the replica's counter at the last increment
     * @param timestamp the hybrid logical time of that
     * @param total the sum of all increments of the run, removed ones included
     * @param baseAt up to which counter of the replica increments are removed
     * @param base the sum of those
     */
    public record Run(
            ReplicaId replica, long start, long last, long timestamp, BigDecimal total, long baseAt, BigDecimal base) {
        /** What counts. */
        public BigDecimal sum() {
            return base.signum() == 0 ? total : total.subtract(base);
        }
    }

    /**
     * What a removal had seen of one run: it is to be removed up to here.
     *
     * @param start the name of the run
     * @param last the replica's counter at the last increment seen
     * @param total the sum of the run's increments up to that one
     */
    public record Mark(ReplicaId replica, long start, long last, BigDecimal total) {}

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
                        .map(run -> new Mark(run.replica(), run.start(), run.last(), run.total()))
                        .toList();
    }

    /**
     * The effect of an increment.
     *
     * @param start the run it belongs to
     * @param delta its size
     * @param total the sum of the run, this increment included
     */
    public Counter increment(Dot dot, long timestamp, long start, BigDecimal delta, BigDecimal total) {
        Run known = run(dot.replica());
        List<Run> changed = new ArrayList<>(runs.size() + 1);
        for (Run run : runs) {
            if (!run.replica().equals(dot.replica())) {
                changed.add(run);
            }
        }
        // A run that is not here has nothing left that counts: its total up to here is its base.
        Run same = known != null && known.start() == start ? known : null;
        BigDecimal base = same == null ? total.subtract(delta) : same.base();
        long baseAt = same == null ? dot.counter() - 1 : same.baseAt();
        if (same != null && same.total().add(delta).compareTo(total) != 0) {
            throw new AssertionError(
                    "increment " + dot + ": total " + total + " (expected: " + same.total() + " and " + delta + ")");
        }
        changed.add(new Run(dot.replica(), start, dot.counter(), timestamp, total, baseAt, base));
        return new Counter(changed);
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
            if (mark.replica().equals(run.replica()) && mark.start() == run.start() && mark.last() > run.baseAt()) {
                return new Run(
                        run.replica(),
                        run.start(),
                        run.last(),
                        run.timestamp(),
                        run.total(),
                        mark.last(),
                        mark.total());
            }
        }
        return run;
    }
}
