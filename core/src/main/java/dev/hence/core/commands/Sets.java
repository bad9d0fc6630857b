package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sets: members without values.
 *
 * <p>A member is present as long as one addition of it was not seen by a removal. So adding a present member is a write
 * as well: it protects the member from a concurrent removal. Removing an absent member is not a write. Combinations of
 * several sets are in {@link SetCombination}.
 *
 * <p>An absent or expired key is an empty set, and an emptied set is an absent key. All methods throw {@link
 * WrongTypeException} for a key of another type. Repetitions in a list of members count once.
 */
public final class Sets {
    private Sets() {}

    /** Adds members; returns the number of new ones. */
    public static long add(Transaction transaction, Bytes key, List<Bytes> members) {
        HashedRows before = HashedRows.prepared(transaction, key, DataType.SET);
        Set<Bytes> given = new LinkedHashSet<>(members);
        long added = 0;
        for (Bytes member : given) {
            added += before.has(member) ? 0 : 1;
        }
        put(transaction, key, given);
        return added;
    }

    /** Removes members; returns how many were present. */
    public static long remove(Transaction transaction, Bytes key, List<Bytes> members) {
        HashedRows before = rows(transaction, key);
        Set<Bytes> present = new LinkedHashSet<>(members);
        present.removeIf(member -> !before.has(member));
        if (!present.isEmpty()) {
            Keys.remove(transaction, key, DataType.SET, present);
        }
        return present.size();
    }

    /** Whether a member is present. */
    public static boolean contains(View view, Bytes key, Bytes member) {
        return rows(view, key).has(member);
    }

    /** Returns for each member whether it is present, in the given order. */
    public static List<Boolean> contains(View view, Bytes key, List<Bytes> members) {
        return members.stream().map(rows(view, key)::has).toList();
    }

    /** The number of members. */
    public static long size(View view, Bytes key) {
        return rows(view, key).size();
    }

    /** Visits all members, in the order of their hashes. */
    public static void forEach(View view, Bytes key, Consumer<Bytes> consumer) {
        rows(view, key).forEach((member, cell) -> consumer.accept(member));
    }

    /**
     * Continues a scan.
     *
     * @param cursor 0 to begin, then what the last call returned; any other number is a valid place as well
     * @param countMin the minimum number of members to return, at least 1; a few more if their hashes are equal, fewer
     *     only at the end
     * @return the cursor to continue with; 0 at the end
     */
    public static long scan(View view, Bytes key, long cursor, long countMin, Consumer<Bytes> consumer) {
        return rows(view, key).scan(cursor, countMin, (member, cell) -> consumer.accept(member));
    }

    /**
     * Removes random members and returns them; all of them if there are no more.
     *
     * @param random gives 64 random bits at a time
     * @throws UpdateTooLargeException if their removal does not fit into an update
     */
    public static List<Bytes> pop(Transaction transaction, Bytes key, long count, LongSupplier random) {
        UpdateRoom room = new UpdateRoom(transaction, key);
        List<Bytes> popped = new ArrayList<>();
        randomMembers(transaction, key, count, random, member -> {
            room.take(member);
            popped.add(member);
        });
        if (!popped.isEmpty()) {
            Keys.remove(transaction, key, DataType.SET, popped);
        }
        return popped;
    }

    /**
     * Visits different random members; all of them if there are no more.
     *
     * @param random gives 64 random bits at a time
     */
    public static void randomMembers(View view, Bytes key, long count, LongSupplier random, Consumer<Bytes> consumer) {
        rows(view, key).distinct(count, random, entry -> consumer.accept(entry.element()));
    }

    /**
     * Visits random members, possibly with repetitions; none if the set is empty.
     *
     * @param random gives 64 random bits at a time
     */
    public static void randomMembersRepeated(
            View view, Bytes key, long count, LongSupplier random, Consumer<Bytes> consumer) {
        rows(view, key).repeated(count, random, entry -> consumer.accept(entry.element()));
    }

    /** Moves a member from one set to another; returns whether it was present. */
    public static boolean move(Transaction transaction, Bytes source, Bytes destination, Bytes member) {
        HashedRows before = rows(transaction, source);
        if (before.size() == 0) {
            return false;
        }
        Keys.forRead(transaction, destination, DataType.SET);
        boolean present = before.has(member);
        if (present && !source.equals(destination)) {
            Keys.forWrite(transaction, destination, DataType.SET);
            put(transaction, destination, List.of(member));
            Keys.remove(transaction, source, DataType.SET, List.of(member));
        }
        return present;
    }

    /** Adds members to a prepared key. */
    static void put(Transaction transaction, Bytes key, Iterable<Bytes> members) {
        for (Bytes member : members) {
            transaction.assign(key, DataType.SET, member, Bytes.EMPTY);
        }
    }

    static HashedRows rows(View view, Bytes key) {
        return HashedRows.of(view, key, DataType.SET);
    }
}
