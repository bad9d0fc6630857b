package dev.hence.core.commands;

import dev.hence.core.commands.OrderedRows.Row;
import dev.hence.core.commands.OrderedRows.Slice;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.crdt.Scores;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.keyspace.State.Visitor;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sorted sets: members with scores, in the order of score, then member. A member's score is a cell, so it behaves like
 * a string key: an assignment replaces what it saw, and concurrent increments all count.
 *
 * <p>Readers see a score as the nearest double; the exact decimal is stored and summed.
 *
 * <p>Ordered access walks ranks: finding a rank takes time proportional to its distance from the nearer end; a score or
 * - where all scores are equal - a member is found directly.
 *
 * <p>All methods throw {@link WrongTypeException} for a key of another type.
 */
public final class SortedSets {

    /**
     * The outcome of writing members.
     *
     * @param added the number of new members
     * @param changed the number of present members whose score changed
     */
    public record Outcome(long added, long changed) {}

    private static final DataType TYPE = DataType.SORTED_SET;

    private SortedSets() {}

    /** The number of members; 0 if the key is absent. */
    public static long size(View view, Bytes key) {
        return shown(view, key).count();
    }

    /** The number of members in a part of the set. */
    public static long count(View view, Bytes key, SortedSetRange range) {
        if (range.equals(SortedSetRange.ByScore.ALL) || range.equals(SortedSetRange.ByMember.ALL)) {
            return size(view, key);
        }
        OrderedRows ranks = ranks(view, key);
        return switch (range) {
            case SortedSetRange.ByRank(long first, long last) ->
                Slice.of(first, last, ranks.collection().count()).count();
            case SortedSetRange.Between between -> {
                long[] count = new long[1];
                walk(ranks, between, Direction.UP, (row, cell) -> {
                    count[0]++;
                    return true;
                });
                yield count[0];
            }
        };
    }

    /** Returns the score of a member; empty if it is absent. */
    public static OptionalDouble score(View view, Bytes key, Bytes member) {
        Cell cell = shown(view, key).count() == 0 ? Cell.EMPTY : view.element(key, TYPE, member);
        return cell.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(cell.score() + 0.0);
    }

    /**
     * Returns the rank of a member, beginning at 0; empty if it is absent. It is found by counting the members before
     * it.
     *
     * @param direction from the smallest score upwards or from the largest downwards
     */
    public static OptionalLong rank(View view, Bytes key, Bytes member, Direction direction) {
        OptionalDouble score = score(view, key, member);
        if (score.isEmpty()) {
            return OptionalLong.empty();
        }
        Bytes wanted = Element.rank(score.getAsDouble(), member);
        long[] before = new long[1];
        ranks(view, key).walk(direction, (row, cell) -> {
            boolean isBefore = !row.equals(wanted);
            before[0] += isBefore ? 1 : 0;
            return isBefore;
        });
        return OptionalLong.of(before[0]);
    }

    /**
     * Visits a part of the set, in ascending or descending order.
     *
     * @param skipped how many members to skip at the beginning of the part, in this direction
     * @param countMax the maximum number of members to visit
     */
    public static void range(
            View view,
            Bytes key,
            SortedSetRange range,
            Direction direction,
            long skipped,
            long countMax,
            Consumer<Scored> consumer) {
        OrderedRows ranks = ranks(view, key);
        Consumer<Row> rows = row -> consumer.accept(scored(row));
        switch (range) {
            case SortedSetRange.ByRank(long first, long last) -> {
                Slice slice = Slice.of(first, last, ranks.collection().count());
                ranks.walkSlice(slice.part(skipped, countMax), direction, rows);
            }
            case SortedSetRange.Between between ->
                walk(ranks, between, direction, OrderedRows.window(skipped, countMax, rows));
        }
    }

    private static void walk(OrderedRows ranks, SortedSetRange.Between range, Direction direction, Visitor visitor) {
        switch (range) {
            case SortedSetRange.ByScore(double min, double max) -> {
                if (min <= max) {
                    boolean isOpen = max == Double.POSITIVE_INFINITY;
                    Bytes to = isOpen ? null : Element.fromScore(Math.nextUp(max));
                    ranks.walkBetween(Element.fromScore(min), to, direction, visitor);
                }
            }
            case SortedSetRange.ByMember members -> walk(ranks, members, direction, visitor);
        }
    }

    private static void walk(OrderedRows ranks, SortedSetRange.ByMember range, Direction direction, Visitor visitor) {
        Bytes first = ranks.collection().first();
        Bytes last = ranks.collection().last();
        if (first == null || last == null) {
            return;
        }
        double score = Element.scoreOf(first);
        if (score == Element.scoreOf(last)) {
            Bytes to = range.to() == null ? null : Element.rank(score, range.to());
            ranks.walkBetween(Element.rank(score, range.from()), to, direction, visitor);
        } else {
            ranks.walk(direction, (row, cell) -> !range.contains(Element.memberOf(row)) || visitor.visit(row, cell));
        }
    }

    /** Visits all members, unordered. */
    public static void forEach(View view, Bytes key, Consumer<Scored> consumer) {
        hashed(view, key).forEach((member, cell) -> consumer.accept(new Scored(member, cell.score())));
    }

    /**
     * Continues a scan, unordered.
     *
     * @param cursor 0 to begin, then what the last call returned; any other number is a valid place as well
     * @param countMin the minimum number of members to return, at least 1; a few more if their hashes are equal, fewer
     *     only at the end
     * @return the cursor to continue with; 0 at the end
     */
    public static long scan(View view, Bytes key, long cursor, long countMin, Consumer<Scored> consumer) {
        return hashed(view, key)
                .scan(cursor, countMin, (member, cell) -> consumer.accept(new Scored(member, cell.score())));
    }

    /**
     * Visits different random members; all of them if there are no more.
     *
     * @param random gives 64 random bits at a time
     */
    public static void randomMembers(View view, Bytes key, long count, LongSupplier random, Consumer<Scored> consumer) {
        hashed(view, key).distinct(count, random, entry -> consumer.accept(scored(entry)));
    }

    /**
     * Visits random members, possibly with repetitions; none if the set is empty.
     *
     * @param random gives 64 random bits at a time
     */
    public static void randomMembersRepeated(
            View view, Bytes key, long count, LongSupplier random, Consumer<Scored> consumer) {
        hashed(view, key).repeated(count, random, entry -> consumer.accept(scored(entry)));
    }

    private static Scored scored(HashedRows.Entry entry) {
        return new Scored(entry.element(), entry.cell().score());
    }

    private static HashedRows hashed(View view, Bytes key) {
        return HashedRows.of(view, key, TYPE);
    }

    /** Writes scores, one after another. */
    public static Outcome add(Transaction transaction, Bytes key, List<Scored> members, ScoreRule rule) {
        long added = 0;
        long changed = 0;
        if (isVoid(transaction, key, rule)) {
            return new Outcome(0, 0);
        }
        Keys.forWrite(transaction, key, TYPE);
        for (Scored each : members) {
            Cell before = transaction.element(key, TYPE, each.member());
            if (rule.allows(before) && rule.allows(before, each.score())) {
                added += before.isEmpty() ? 1 : 0;
                changed += !before.isEmpty() && before.score() != each.score() ? 1 : 0;
                transaction.assign(key, TYPE, each.member(), Scores.value(each.score()));
            }
        }
        return new Outcome(added, changed);
    }

    // Then the remains of a key that is not visible are not removed either.
    private static boolean isVoid(View view, Bytes key, ScoreRule rule) {
        return shown(view, key).count() == 0 && rule.presence() == ScoreRule.Presence.PRESENT;
    }

    /**
     * Increments the score of a member, 0 if absent; returns the new score, empty if the rule prevented the write.
     *
     * @throws NotANumberException if infinities of both signs are added
     */
    public static OptionalDouble increment(
            Transaction transaction, Bytes key, Bytes member, double delta, ScoreRule rule) {
        if (isVoid(transaction, key, rule)) {
            return OptionalDouble.empty();
        }
        Keys.forWrite(transaction, key, TYPE);
        Cell before = transaction.element(key, TYPE, member);
        boolean isExact = Double.isFinite(delta) && before.number() != null;
        double score = isExact
                ? Objects.requireNonNull(before.number())
                        .add(Scores.exact(delta))
                        .doubleValue()
                : before.score() + delta;
        if (Double.isNaN(score)) {
            throw new NotANumberException(
                    NotANumberException.Reason.NOT_A_NUMBER,
                    "score of \"" + member + "\": " + before.score() + " and " + delta
                            + " (expected: a sum that is a number)");
        }
        if (!rule.allows(before) || !rule.allows(before, score)) {
            return OptionalDouble.empty();
        }
        if (isExact) {
            transaction.increment(key, TYPE, member, Scores.exact(delta));
        } else {
            transaction.assign(key, TYPE, member, Scores.value(score));
        }
        return OptionalDouble.of(score + 0.0);
    }

    /** Removes members; returns how many were present. */
    public static long remove(Transaction transaction, Bytes key, List<Bytes> members) {
        if (size(transaction, key) == 0) {
            return 0;
        }
        List<Bytes> present = new LinkedHashSet<>(members)
                .stream()
                        .filter(member ->
                                !transaction.element(key, TYPE, member).isEmpty())
                        .toList();
        return removePresent(transaction, key, present);
    }

    /**
     * Removes a part of the set; returns the number of its members.
     *
     * @throws UpdateTooLargeException if it is not the whole set and the removal does not fit into an update
     */
    public static long remove(Transaction transaction, Bytes key, SortedSetRange range) {
        long size = size(transaction, key);
        if (size > 0 && isAll(range, size)) {
            transaction.delete(key);
            return size;
        }
        UpdateRoom room = new UpdateRoom(transaction, key);
        List<Bytes> members = new ArrayList<>();
        range(transaction, key, range, Direction.UP, 0, Long.MAX_VALUE, each -> {
            room.take(each.member());
            members.add(each.member());
        });
        return removePresent(transaction, key, members);
    }

    private static boolean isAll(SortedSetRange range, long size) {
        return switch (range) {
            case SortedSetRange.ByRank(long first, long last) ->
                Slice.of(first, last, size).count() == size;
            case SortedSetRange.ByScore scores -> scores.equals(SortedSetRange.ByScore.ALL);
            case SortedSetRange.ByMember members -> members.equals(SortedSetRange.ByMember.ALL);
        };
    }

    /**
     * Pops members from an end and returns them, the outermost first.
     *
     * @param direction up from the smallest score, or down from the largest
     * @throws UpdateTooLargeException if their removal does not fit into an update
     */
    public static List<Scored> pop(Transaction transaction, Bytes key, Direction direction, long countMax) {
        UpdateRoom room = new UpdateRoom(transaction, key);
        List<Scored> popped = new ArrayList<>();
        range(transaction, key, new SortedSetRange.ByRank(0, -1), direction, 0, countMax, each -> {
            room.take(each.member());
            popped.add(each);
        });
        removePresent(transaction, key, popped.stream().map(Scored::member).toList());
        return popped;
    }

    private static long removePresent(Transaction transaction, Bytes key, List<Bytes> members) {
        if (!members.isEmpty()) {
            Keys.remove(transaction, key, TYPE, members);
        }
        return members.size();
    }

    /**
     * Stores a part of a sorted set under a key, replacing whatever it holds; returns the number of members. The key
     * may be the source itself, and becomes absent if there are none.
     *
     * @throws UpdateTooLargeException if they do not fit into an update
     */
    public static long storeRange(
            Transaction transaction,
            Bytes destination,
            Bytes source,
            SortedSetRange range,
            Direction direction,
            long skipped,
            long countMax) {
        UpdateRoom room = new UpdateRoom(transaction, destination);
        List<Scored> members = new ArrayList<>();
        range(transaction, source, range, direction, skipped, countMax, each -> {
            room.take(each.member());
            members.add(each);
        });
        replace(transaction, destination, members);
        return members.size();
    }

    /**
     * Stores exactly these members under a key, replacing whatever it holds, without a deadline.
     *
     * @param members without duplicates; if empty, the key is removed
     */
    public static void replace(Transaction transaction, Bytes key, List<Scored> members) {
        transaction.delete(key);
        members.forEach(each -> transaction.assign(key, TYPE, each.member(), Scores.value(each.score())));
    }

    private static CollectionMeta shown(View view, Bytes key) {
        return Keys.forRead(view, key, TYPE).collection(TYPE);
    }

    private static OrderedRows ranks(View view, Bytes key) {
        return new OrderedRows(view, key, RowKind.RANK, shown(view, key));
    }

    private static Scored scored(Row rank) {
        return new Scored(Element.memberOf(rank.name()), Element.scoreOf(rank.name()));
    }
}
