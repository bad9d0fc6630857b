package dev.hence.core.type;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.DataType;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Sets: members without values.
 *
 * <p>A member is there as long as one addition of it was not seen by a removal. So adding a member that is there
 * already is a write too: it keeps the member from a removal elsewhere that has not seen it. Removing what is
 * absent is none.
 *
 * <p>A key that is absent or expired is an empty set, and an emptied set is an absent key. All functions throw
 * {@link WrongTypeException} for a key that shows another type. Where members are given as a list, repetitions
 * count once.
 */
public final class Sets {
    private Sets() {}

    /** Adds members; how many were not there before. */
    public static long add(Transaction transaction, Bytes key, List<Bytes> members) {
        Set<Bytes> given = new LinkedHashSet<>(members);
        boolean empty = Keys.prepare(transaction, key, DataType.SET).type() == null;
        long added = 0;
        for (Bytes member : given) {
            added += empty || !has(transaction, key, member) ? 1 : 0;
        }
        put(transaction, key, given);
        return added;
    }

    /** Removes members; how many were there. */
    public static long remove(Transaction transaction, Bytes key, List<Bytes> members) {
        if (size(transaction, key) == 0) {
            return 0;
        }
        Set<Bytes> present = new LinkedHashSet<>();
        for (Bytes member : members) {
            if (has(transaction, key, member)) {
                present.add(member);
            }
        }
        if (!present.isEmpty()) {
            Keys.remove(transaction, key, DataType.SET, present);
        }
        return present.size();
    }

    /** Whether a member is there. */
    public static boolean contains(View view, Bytes key, Bytes member) {
        return size(view, key) > 0 && has(view, key, member);
    }

    /** Of each member, whether it is there; in the order given. */
    public static List<Boolean> contains(View view, Bytes key, List<Bytes> members) {
        boolean empty = size(view, key) == 0;
        List<Boolean> answers = new ArrayList<>(members.size());
        for (Bytes member : members) {
            answers.add(!empty && has(view, key, member));
        }
        return answers;
    }

    /** The number of members. */
    public static long size(View view, Bytes key) {
        return Keys.require(view, key, DataType.SET).collection(DataType.SET).count();
    }

    /** Shows all members, in the order of their hashes. */
    public static void forEach(View view, Bytes key, Consumer<Bytes> consumer) {
        if (size(view, key) > 0) {
            HashedRows.walk(view, key, DataType.SET, (member, cell) -> {
                consumer.accept(member);
                return true;
            });
        }
    }

    /**
     * Shows some more members.
     *
     * @param cursor 0 to begin, then what the last call returned; any other number shows some members too
     * @param countMin how many to show, at least 1; a few more if their hashes are equal, fewer only at the end
     * @return the cursor to go on with; 0 if that was all
     */
    public static long scan(View view, Bytes key, long cursor, long countMin, Consumer<Bytes> consumer) {
        if (size(view, key) == 0) {
            return 0;
        }
        return HashedRows.scan(view, key, DataType.SET, cursor, countMin, (member, cell) -> consumer.accept(member));
    }

    /**
     * Removes members at random and returns them; all of them if there are no more.
     *
     * @param random gives 64 random bits at a time
     */
    public static List<Bytes> pop(Transaction transaction, Bytes key, long count, LongSupplier random) {
        List<Bytes> popped = randomMembers(transaction, key, count, random);
        if (!popped.isEmpty()) {
            Keys.remove(transaction, key, DataType.SET, popped);
        }
        return popped;
    }

    /**
     * Different members at random; all of them if there are no more.
     *
     * @param random gives 64 random bits at a time
     */
    public static List<Bytes> randomMembers(View view, Bytes key, long count, LongSupplier random) {
        return members(HashedRows.distinct(view, key, DataType.SET, size(view, key), count, random));
    }

    /**
     * Members at random, the same ones possibly several times; none if the set is empty.
     *
     * @param random gives 64 random bits at a time
     */
    public static List<Bytes> randomMembersRepeated(View view, Bytes key, long count, LongSupplier random) {
        return members(HashedRows.repeated(view, key, DataType.SET, size(view, key), count, random));
    }

    private static List<Bytes> members(List<HashedRows.Entry> entries) {
        return entries.stream().map(HashedRows.Entry::element).toList();
    }

    /** Removes a member of one set and adds it to another; whether it was there. */
    public static boolean move(Transaction transaction, Bytes source, Bytes destination, Bytes member) {
        if (size(transaction, source) == 0) {
            return false;
        }
        Keys.require(transaction, destination, DataType.SET);
        boolean present = has(transaction, source, member);
        if (present && !source.equals(destination)) {
            Keys.prepare(transaction, destination, DataType.SET);
            put(transaction, destination, List.of(member));
            Keys.remove(transaction, source, DataType.SET, List.of(member));
        }
        return present;
    }

    /** The members that all of the sets have. */
    public static List<Bytes> intersection(View view, List<Bytes> keys) {
        List<Bytes> common = new ArrayList<>();
        walkIntersection(view, keys, member -> {
            common.add(member);
            return true;
        });
        return common;
    }

    /**
     * The number of members that all of the sets have.
     *
     * @param limit where to stop counting, at least 1
     */
    public static long intersectionSize(View view, List<Bytes> keys, long limit) {
        long[] size = {0};
        walkIntersection(view, keys, member -> ++size[0] < limit);
        return size[0];
    }

    /** @param visitor whether to go on after a member */
    private static void walkIntersection(View view, List<Bytes> keys, Predicate<Bytes> visitor) {
        List<Sized> sets = new ArrayList<>();
        for (Bytes key : new LinkedHashSet<>(keys)) {
            sets.add(new Sized(key, size(view, key)));
        }
        sets.sort(Comparator.comparingLong(Sized::size));
        if (sets.getFirst().size() == 0) {
            return;
        }
        List<Sized> others = sets.subList(1, sets.size());
        HashedRows.walk(view, sets.getFirst().key(), DataType.SET, (member, cell) -> {
            for (Sized other : others) {
                if (!has(view, other.key(), member)) {
                    return true;
                }
            }
            return visitor.test(member);
        });
    }

    private record Sized(Bytes key, long size) {}

    /** The members that any of the sets has, each once. */
    public static List<Bytes> union(View view, List<Bytes> keys) {
        Set<Bytes> any = new LinkedHashSet<>();
        keys.forEach(key -> forEach(view, key, any::add));
        return List.copyOf(any);
    }

    /** The members of the first set that none of the others has. */
    public static List<Bytes> difference(View view, List<Bytes> keys) {
        Bytes first = keys.getFirst();
        long size = size(view, first);
        Set<Bytes> excluded = new HashSet<>();
        List<Bytes> large = new ArrayList<>();
        for (Bytes key : new LinkedHashSet<>(keys.subList(1, keys.size()))) {
            // To walk over a set costs less than to look into it for each member of one of the same size.
            if (size(view, key) > size) {
                large.add(key);
            } else if (size > 0) {
                forEach(view, key, excluded::add);
            }
        }
        List<Bytes> left = new ArrayList<>();
        forEach(view, first, member -> {
            if (!excluded.contains(member) && large.stream().noneMatch(key -> has(view, key, member))) {
                left.add(member);
            }
        });
        return left;
    }

    /**
     * Makes a key a set of these members, in place of whatever it holds; it becomes absent if there are none.
     * With {@link #intersection}, {@link #union} or {@link #difference} in the same transaction, the members are
     * those of one moment.
     */
    public static void replace(Transaction transaction, Bytes key, List<Bytes> members) {
        transaction.delete(key);
        put(transaction, key, members);
    }

    private static void put(Transaction transaction, Bytes key, Iterable<Bytes> members) {
        for (Bytes member : members) {
            transaction.assign(key, DataType.SET, member, Bytes.EMPTY);
        }
    }

    /** Whether the rows of a key that shows have a member. */
    private static boolean has(View view, Bytes key, Bytes member) {
        return !view.element(key, DataType.SET, member).isEmpty();
    }
}
