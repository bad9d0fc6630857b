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
 * <p>A member is there as long as one addition of it was not seen by a removal. So adding a member that is there
 * already is a write too: it keeps the member from a removal elsewhere that has not seen it. Removing what is
 * absent is none. What is made of several sets is in {@link SetCombination}.
 *
 * <p>A key that is absent or expired is an empty set, and an emptied set is an absent key. All functions throw
 * {@link WrongTypeException} for a key that shows another type. Where members are given as a list, repetitions
 * count once.
 */
public final class Sets {
    private Sets() {}

    /** Adds members; how many were not there before. */
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

    /** Removes members; how many were there. */
    public static long remove(Transaction transaction, Bytes key, List<Bytes> members) {
        HashedRows before = rows(transaction, key);
        Set<Bytes> present = new LinkedHashSet<>(members);
        present.removeIf(member -> !before.has(member));
        if (!present.isEmpty()) {
            Keys.remove(transaction, key, DataType.SET, present);
        }
        return present.size();
    }

    /** Whether a member is there. */
    public static boolean contains(View view, Bytes key, Bytes member) {
        return rows(view, key).has(member);
    }

    /** Of each member, whether it is there; in the order given. */
    public static List<Boolean> contains(View view, Bytes key, List<Bytes> members) {
        return members.stream().map(rows(view, key)::has).toList();
    }

    /** The number of members. */
    public static long size(View view, Bytes key) {
        return rows(view, key).size();
    }

    /** Shows all members, in the order of their hashes. */
    public static void forEach(View view, Bytes key, Consumer<Bytes> consumer) {
        rows(view, key).forEach((member, cell) -> consumer.accept(member));
    }

    /**
     * Shows some more members.
     *
     * @param cursor 0 to begin, then what the last call returned; any other number is a place too
     * @param countMin how many to show, at least 1; a few more if their hashes are equal, fewer only at the end
     * @return the cursor to go on with; 0 if that was all
     */
    public static long scan(View view, Bytes key, long cursor, long countMin, Consumer<Bytes> consumer) {
        return rows(view, key).scan(cursor, countMin, (member, cell) -> consumer.accept(member));
    }

    /**
     * Removes members at random and returns them; all of them if there are no more.
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
     * Shows different members at random; all of them if there are no more.
     *
     * @param random gives 64 random bits at a time
     */
    public static void randomMembers(View view, Bytes key, long count, LongSupplier random, Consumer<Bytes> consumer) {
        rows(view, key).distinct(count, random, entry -> consumer.accept(entry.element()));
    }

    /**
     * Shows members at random, the same ones possibly several times; none if the set is empty.
     *
     * @param random gives 64 random bits at a time
     */
    public static void randomMembersRepeated(
            View view, Bytes key, long count, LongSupplier random, Consumer<Bytes> consumer) {
        rows(view, key).repeated(count, random, entry -> consumer.accept(entry.element()));
    }

    /** Removes a member of one set and adds it to another; whether it was there. */
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

    /** Adds members to a key that is ready for them. */
    static void put(Transaction transaction, Bytes key, Iterable<Bytes> members) {
        for (Bytes member : members) {
            transaction.assign(key, DataType.SET, member, Bytes.EMPTY);
        }
    }

    static HashedRows rows(View view, Bytes key) {
        return HashedRows.of(view, key, DataType.SET);
    }
}
