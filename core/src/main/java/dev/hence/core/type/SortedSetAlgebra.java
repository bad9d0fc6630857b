package dev.hence.core.type;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Cell;
import dev.hence.core.datatype.DataType;
import dev.hence.core.keyspace.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * What sorted sets have in common or apart. Plain sets may take part: each of their members has the score 1.
 *
 * <p>Results are in the order of a sorted set. To store one, it is made in the same transaction as {@link
 * SortedSets#replace}.
 *
 * <p>All throw {@link WrongTypeException} if a key shows a type other than these two.
 */
public final class SortedSetAlgebra {

    /** How the scores of a member make one. */
    public enum Aggregate {
        /** Their sum; 0 if infinities of both signs meet. */
        SUM,
        /** The smallest. */
        MIN,
        /** The largest. */
        MAX;

        private double of(double one, double other) {
            return switch (this) {
                case SUM -> numberOrZero(one + other);
                case MIN -> Math.min(one, other);
                case MAX -> Math.max(one, other);
            };
        }
    }

    /**
     * A set that takes part.
     *
     * @param weight what its scores are multiplied by; not NaN
     */
    public record Input(Bytes key, double weight) {}

    private SortedSetAlgebra() {}

    private static double numberOrZero(double score) {
        return Double.isNaN(score) ? 0 : score;
    }

    /** The members that any of the sets has. */
    public static List<Scored> union(View view, List<Input> inputs, Aggregate aggregate) {
        Map<Bytes, Double> scores = new HashMap<>();
        for (Input input : inputs) {
            Source source = Source.of(view, input);
            source.walk(each -> {
                scores.merge(each.member(), each.score(), aggregate::of);
                return true;
            });
        }
        return scores.entrySet().stream()
                .map(entry -> new Scored(entry.getKey(), entry.getValue()))
                .sorted()
                .toList();
    }

    /** The members that all of the sets have. */
    public static List<Scored> intersection(View view, List<Input> inputs, Aggregate aggregate) {
        List<Scored> common = new ArrayList<>();
        walkIntersection(view, inputs, aggregate, common::add);
        common.sort(null);
        return common;
    }

    /**
     * The number of members that all of the sets have.
     *
     * @param limit where to stop counting, at least 1
     */
    public static long intersectionSize(View view, List<Bytes> keys, long limit) {
        long[] size = new long[1];
        List<Input> inputs = keys.stream().map(key -> new Input(key, 1)).toList();
        walkIntersection(view, inputs, Aggregate.MAX, any -> ++size[0] < limit);
        return size[0];
    }

    /** @param visitor whether to go on after a member */
    private static void walkIntersection(
            View view, List<Input> inputs, Aggregate aggregate, Predicate<Scored> visitor) {
        List<Source> sources = inputs.stream()
                .map(input -> Source.of(view, input))
                .sorted(Comparator.comparingLong(Source::size))
                .toList();
        List<Source> others = sources.subList(1, sources.size());
        sources.getFirst().walk(each -> {
            double score = each.score();
            for (Source other : others) {
                OptionalDouble found = other.score(each.member());
                if (found.isEmpty()) {
                    return true;
                }
                score = aggregate.of(score, found.getAsDouble());
            }
            return visitor.test(new Scored(each.member(), score));
        });
    }

    /** The members of the first set that none of the others has, with their scores there. */
    public static List<Scored> difference(View view, List<Bytes> keys) {
        List<Source> sources =
                keys.stream().map(key -> Source.of(view, new Input(key, 1))).toList();
        List<Source> others = sources.subList(1, sources.size());
        List<Scored> left = new ArrayList<>();
        sources.getFirst().walk(each -> {
            if (others.stream().noneMatch(other -> other.score(each.member()).isPresent())) {
                left.add(each);
            }
            return true;
        });
        left.sort(null);
        return left;
    }

    private record Source(HashedRows rows, double weight, DataType type) {

        static Source of(View view, Input input) {
            DataType type = Keys.type(view, input.key()) == DataType.SET ? DataType.SET : DataType.SORTED_SET;
            return new Source(HashedRows.of(view, input.key(), type), input.weight(), type);
        }

        long size() {
            return rows.size();
        }

        void walk(Predicate<Scored> visitor) {
            rows.walk((member, cell) -> visitor.test(new Scored(member, weighted(cell))));
        }

        OptionalDouble score(Bytes member) {
            Cell cell = rows.cell(member);
            return cell.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(weighted(cell));
        }

        private double weighted(Cell cell) {
            return numberOrZero(weight * (type == DataType.SET ? 1 : cell.score()));
        }
    }
}
