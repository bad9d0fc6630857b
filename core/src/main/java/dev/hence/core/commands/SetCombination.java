package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A combination of several sets into one: intersection, union or difference. Absent or expired keys are empty sets; a
 * key of another type at any place is rejected with {@link WrongTypeException}.
 */
public enum SetCombination {
    /** The members that all sets have. */
    INTERSECTION {
        @Override
        public void forEach(View view, List<Bytes> keys, Consumer<Bytes> consumer) {
            walkIntersection(view, keys, member -> {
                consumer.accept(member);
                return true;
            });
        }
    },

    /** The members that any of the sets has. */
    UNION {
        @Override
        public void forEach(View view, List<Bytes> keys, Consumer<Bytes> consumer) {
            Set<Bytes> shown = new HashSet<>();
            for (Bytes key : keys) {
                Sets.forEach(view, key, member -> {
                    if (shown.add(member)) {
                        consumer.accept(member);
                    }
                });
            }
        }
    },

    /** The members of the first set that none of the others has. */
    DIFFERENCE {
        @Override
        public void forEach(View view, List<Bytes> keys, Consumer<Bytes> consumer) {
            HashedRows first = Sets.rows(view, keys.getFirst());
            Set<Bytes> excluded = new HashSet<>();
            List<HashedRows> large = new ArrayList<>();
            for (Bytes key : new LinkedHashSet<>(keys.subList(1, keys.size()))) {
                HashedRows other = Sets.rows(view, key);
                // Walking over a set is cheaper than looking up each member of a larger one in it.
                if (other.size() > first.size() || excluded.size() + other.size() > EXCLUDED_MAX) {
                    large.add(other);
                } else {
                    other.forEach((member, cell) -> excluded.add(member));
                }
            }
            first.forEach((member, cell) -> {
                if (!excluded.contains(member) && large.stream().noneMatch(other -> other.has(member))) {
                    consumer.accept(member);
                }
            });
        }
    };

    /** The maximum number of excluded members kept in memory. */
    private static final int EXCLUDED_MAX = 100_000;

    /** Visits the members, each once. */
    public abstract void forEach(View view, List<Bytes> keys, Consumer<Bytes> consumer);

    /**
     * Stores these members as a set under a key, replacing whatever it holds; the key becomes absent if there are none.
     * It may be one of the combined keys.
     *
     * @return the number of members
     * @throws UpdateTooLargeException if they do not fit into an update
     */
    public long store(Transaction transaction, Bytes destination, List<Bytes> keys) {
        UpdateRoom room = new UpdateRoom(transaction, destination);
        List<Bytes> members = new ArrayList<>();
        forEach(transaction, keys, member -> {
            room.take(member);
            members.add(member);
        });
        transaction.delete(destination);
        Sets.put(transaction, destination, members);
        return members.size();
    }

    /**
     * Returns the number of members that all of the sets have.
     *
     * @param limit where to stop counting, at least 1
     */
    public static long intersectionSize(View view, List<Bytes> keys, long limit) {
        long[] size = {0};
        walkIntersection(view, keys, member -> ++size[0] < limit);
        return size[0];
    }

    /** @param visitor returns whether to continue after a member */
    private static void walkIntersection(View view, List<Bytes> keys, Predicate<Bytes> visitor) {
        List<HashedRows> sets = new ArrayList<>();
        for (Bytes key : new LinkedHashSet<>(keys)) {
            sets.add(Sets.rows(view, key));
        }
        sets.sort(Comparator.comparingLong(HashedRows::size));
        List<HashedRows> others = sets.subList(1, sets.size());
        sets.getFirst()
                .walk((member, cell) -> !others.stream().allMatch(other -> other.has(member)) || visitor.test(member));
    }
}
