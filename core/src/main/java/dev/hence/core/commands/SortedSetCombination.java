package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A combination of several sorted sets into one: intersection, union or difference. Plain sets are accepted: each of
 * their members has the score 1. Absent or expired keys are empty sets; a key of another type at any place is rejected
 * with {@link WrongTypeException}.
 */
public enum SortedSetCombination {
    /** The members that all sets have. */
    INTERSECTION {
        @Override
        List<Scored> gather(List<Source> sources, Aggregate aggregate, Consumer<Bytes> room) {
            List<Scored> common = new ArrayList<>();
            walkIntersection(sources, aggregate, each -> {
                room.accept(each.member());
                return common.add(each);
            });
            return common;
        }
    },

    /** The members that any of the sets has. */
    UNION {
        @Override
        List<Scored> gather(List<Source> sources, Aggregate aggregate, Consumer<Bytes> room) {
            Map<Bytes, Double> scores = new HashMap<>();
            for (Source source : sources) {
                source.forEach(each -> {
                    Double known = scores.get(each.member());
                    if (known == null) {
                        room.accept(each.member());
                    }
                    scores.put(each.member(), known == null ? each.score() : aggregate.of(known, each.score()));
                });
            }
            List<Scored> any = new ArrayList<>(scores.size());
            scores.forEach((member, score) -> any.add(new Scored(member, score)));
            return any;
        }
    },

    /** The members of the first set that none of the others has, with their scores there. */
    DIFFERENCE {
        @Override
        List<Scored> gather(List<Source> sources, Aggregate aggregate, Consumer<Bytes> room) {
            List<Source> others = sources.subList(1, sources.size());
            List<Scored> left = new ArrayList<>();
            sources.getFirst().forEach(each -> {
                if (others.stream().noneMatch(other -> other.has(each.member()))) {
                    room.accept(each.member());
                    left.add(each);
                }
            });
            return left;
        }
    };

    /** How the scores of a member are aggregated. */
    public enum Aggregate {
        /** Their sum; 0 for infinities of both signs. */
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
     * An input set.
     *
     * @param weight the factor of its scores; not NaN
     */
    public record Input(Bytes key, double weight) {}

    abstract List<Scored> gather(List<Source> sources, Aggregate aggregate, Consumer<Bytes> room);

    /**
     * Returns the members, in the order of a sorted set.
     *
     * @param inputs at least one
     * @param room receives each member before it is collected, and may throw if there is no room for more
     */
    public List<Scored> members(View view, List<Input> inputs, Aggregate aggregate, Consumer<Bytes> room) {
        List<Scored> members = gather(Source.ofAll(view, inputs), aggregate, room);
        members.sort(null);
        return members;
    }

    /**
     * Stores these members as a sorted set under a key, replacing whatever it holds; the key becomes absent if there
     * are none. It may be one of the combined keys.
     *
     * @return the number of members
     * @throws UpdateTooLargeException if they do not fit into an update
     */
    public long store(Transaction transaction, Bytes destination, List<Input> inputs, Aggregate aggregate) {
        UpdateRoom room = new UpdateRoom(transaction, destination);
        List<Scored> members = gather(Source.ofAll(transaction, inputs), aggregate, room::take);
        SortedSets.replace(transaction, destination, members);
        return members.size();
    }

    /**
     * Returns the number of members that all of the sets have.
     *
     * @param limit where to stop counting, at least 1
     */
    public static long intersectionSize(View view, List<Bytes> keys, long limit) {
        long[] size = new long[1];
        List<Input> inputs = keys.stream().map(key -> new Input(key, 1)).toList();
        walkIntersection(Source.ofAll(view, inputs), Aggregate.MAX, any -> ++size[0] < limit);
        return size[0];
    }

    /** @param visitor returns whether to continue after a member */
    private static void walkIntersection(List<Source> sources, Aggregate aggregate, Predicate<Scored> visitor) {
        List<Source> smallestFirst = new ArrayList<>(sources);
        smallestFirst.sort(Comparator.comparingLong(Source::size));
        List<Source> others = smallestFirst.subList(1, smallestFirst.size());
        smallestFirst.getFirst().walk(each -> {
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

    private static double numberOrZero(double score) {
        return Double.isNaN(score) ? 0 : score;
    }

    /** An input set with its weighted scores. */
    record Source(HashedRows rows, double weight, DataType type) {

        static List<Source> ofAll(View view, List<Input> inputs) {
            return inputs.stream().map(input -> of(view, input)).toList();
        }

        private static Source of(View view, Input input) {
            DataType type = Keys.type(view, input.key()) == DataType.SET ? DataType.SET : DataType.SORTED_SET;
            return new Source(HashedRows.of(view, input.key(), type), input.weight(), type);
        }

        long size() {
            return rows.size();
        }

        boolean has(Bytes member) {
            return rows.has(member);
        }

        void walk(Predicate<Scored> visitor) {
            rows.walk((member, cell) -> visitor.test(new Scored(member, weighted(cell))));
        }

        void forEach(Consumer<Scored> consumer) {
            rows.forEach((member, cell) -> consumer.accept(new Scored(member, weighted(cell))));
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
