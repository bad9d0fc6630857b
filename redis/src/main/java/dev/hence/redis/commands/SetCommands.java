package dev.hence.redis.commands;

import dev.hence.core.commands.SetCombination;
import dev.hence.core.commands.Sets;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.util.List;
import java.util.stream.Stream;

/** The commands on sets. */
final class SetCommands {

    private static final String STORED =
            "The result is computed from what this node has seen, and replaces what this node has seen of the"
                    + " destination. If two nodes store concurrently, the destination holds the members of both"
                    + " results. Concurrently added members stay.";

    private SetCommands() {}

    static List<Command> all() {
        return Stream.of(writes(), stores(), reads(), walks(), algebra())
                .flatMap(List::stream)
                .toList();
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.SET, name, syntax).arity(arity).keys(KeyPositions.FIRST);
    }

    private static List<Command> writes() {
        return List.of(
                command("SADD", "key member [member ...]", -3)
                        .flags(Flag.FAST)
                        .summary("Adds one or more members to a set. Returns the number of members added.")
                        .concurrently("An addition wins over a concurrent removal. It is written even if the member"
                                + " already exists, so it preserves a member that another node removes"
                                + " concurrently. The reply counts the members that were new at this node.")
                        .writes((transaction, arguments) ->
                                Reply.of(Sets.add(transaction, arguments.get(1), arguments.from(2)))),
                command("SREM", "key member [member ...]", -3)
                        .flags(Flag.FAST)
                        .summary("Removes one or more members. Returns the number of members removed.")
                        .concurrently("Removes the additions that this node has seen. A concurrent addition preserves"
                                + " the member.")
                        .writes((transaction, arguments) ->
                                Reply.of(Sets.remove(transaction, arguments.get(1), arguments.from(2)))),
                command("SPOP", "key [count]", -2)
                        .flags(Flag.FAST)
                        .summary("Removes and returns one or more random members of a set.")
                        .concurrently("Removes the additions that this node has seen of the chosen members. Two nodes"
                                + " may return the same member. A concurrent addition preserves the member.")
                        .writes(SetCommands::spop),
                command("SMOVE", "source destination member", 4)
                        .keys(new KeyPositions.Range(1, 2, 1))
                        .flags(Flag.FAST)
                        .summary("Moves a member from one set to another.")
                        .concurrently("Removal and addition become visible together at every node. A member that two"
                                + " nodes concurrently move to different sets ends up in both.")
                        .writes((transaction, arguments) -> Reply.of(
                                Sets.move(transaction, arguments.get(1), arguments.get(2), arguments.get(3)))));
    }

    private static List<Command> stores() {
        return List.of(
                store(
                        "SINTERSTORE",
                        "Stores the intersection of multiple sets in a key. Returns the number of members.",
                        SetCombination.INTERSECTION),
                store(
                        "SUNIONSTORE",
                        "Stores the union of multiple sets in a key. Returns the number of members.",
                        SetCombination.UNION),
                store(
                        "SDIFFSTORE",
                        "Stores the difference of the first set and all others in a key. Returns the number of"
                                + " members.",
                        SetCombination.DIFFERENCE));
    }

    private static Command store(String name, String summary, SetCombination combination) {
        return command(name, "destination key [key ...]", -3)
                .keys(KeyPositions.ALL)
                .summary(summary)
                .concurrently(STORED)
                .writes((transaction, arguments) ->
                        Reply.of(combination.store(transaction, arguments.get(1), arguments.from(2))));
    }

    private static List<Command> reads() {
        return List.of(
                command("SISMEMBER", "key member", 3)
                        .flags(Flag.FAST)
                        .summary("Determines whether a member belongs to a set.")
                        .reads((view, arguments) -> Reply.of(Sets.contains(view, arguments.get(1), arguments.get(2)))),
                command("SMISMEMBER", "key member [member ...]", -3)
                        .flags(Flag.FAST)
                        .summary("Determines whether multiple members belong to a set.")
                        .reads((view, arguments) ->
                                new Reply.Array(Sets.contains(view, arguments.get(1), arguments.from(2)).stream()
                                        .map(Reply::of)
                                        .toList())),
                command("SCARD", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Returns the number of members.")
                        .reads((view, arguments) -> Reply.of(Sets.size(view, arguments.get(1)))));
    }

    private static List<Command> walks() {
        return List.of(
                command("SMEMBERS", "key", 2)
                        .flags(Flag.WALKS)
                        .summary("Returns all members of a set, if they fit into one reply.")
                        .reads(SetCommands::smembers),
                command("SRANDMEMBER", "key [count]", -2)
                        .flags(Flag.WALKS)
                        .summary("Returns one or more random members. A positive count returns distinct members; a"
                                + " negative count allows repeats.")
                        .reads(SetCommands::srandmember),
                command("SSCAN", "key cursor [MATCH pattern] [COUNT count]", -3)
                        .flags(Flag.WALKS)
                        .summary("Iterates over the members of a set. A cursor is valid at every node and does not"
                                + " expire.")
                        .reads(SetCommands::sscan));
    }

    private static List<Command> algebra() {
        return List.of(
                combine("SINTER", "Returns the intersection of multiple sets.", SetCombination.INTERSECTION),
                combine("SUNION", "Returns the union of multiple sets.", SetCombination.UNION),
                combine("SDIFF", "Returns the difference of the first set and all others.", SetCombination.DIFFERENCE),
                command("SINTERCARD", "numkeys key [key ...] [LIMIT limit]", -3)
                        .keys(new KeyPositions.Counted(List.of(), 1))
                        .flags(Flag.WALKS)
                        .summary("Returns the number of members of the intersection of multiple sets.")
                        .reads(SetCommands::sintercard));
    }

    private static Command combine(String name, String summary, SetCombination combination) {
        return command(name, "key [key ...]", -2)
                .keys(KeyPositions.ALL)
                .flags(Flag.WALKS)
                .summary(summary)
                .reads((view, arguments) -> {
                    Gathered members = new Gathered();
                    combination.forEach(view, arguments.from(1), members::add);
                    return new Reply.SetOf(members.elements());
                });
    }

    private static Reply spop(Transaction transaction, Arguments arguments) {
        if (arguments.count() > 3) {
            throw RedisError.syntax();
        }
        Bytes key = arguments.get(1);
        if (arguments.count() == 2) {
            List<Bytes> popped = Sets.pop(transaction, key, 1, RandomPicks.RANDOM);
            return popped.isEmpty() ? Reply.NULL : Reply.of(popped.getFirst());
        }
        long count = arguments.count(2, 0, "value is out of range, must be positive");
        return Reply.ofSet(Sets.pop(transaction, key, count, RandomPicks.RANDOM));
    }

    private static Reply srandmember(View view, Arguments arguments) {
        if (arguments.count() > 3) {
            throw RedisError.syntax();
        }
        Bytes key = arguments.get(1);
        RandomPicks picks = arguments.count() == 2 ? RandomPicks.ONE : RandomPicks.of(arguments, 2);
        Gathered members = new Gathered();
        if (picks.repeated()) {
            Sets.randomMembersRepeated(view, key, picks.count(), RandomPicks.RANDOM, members::add);
        } else {
            Sets.randomMembers(view, key, picks.count(), RandomPicks.RANDOM, members::add);
        }
        return arguments.count() == 2 ? members.firstOrNull() : new Reply.Array(members.elements());
    }

    private static Reply smembers(View view, Arguments arguments) {
        Gathered members = new Gathered();
        Sets.forEach(view, arguments.get(1), members::add);
        return new Reply.SetOf(members.elements());
    }

    private static Reply sscan(View view, Arguments arguments) {
        CollectionScan scan = CollectionScan.of(arguments).requireValues();
        Gathered members = new Gathered();
        long next = Sets.scan(view, arguments.get(1), scan.cursor(), scan.countMin(), member -> {
            if (scan.wanted().test(member)) {
                members.add(member);
            }
        });
        return CollectionScan.reply(next, members.elements());
    }

    private static Reply sintercard(View view, Arguments arguments) {
        long count = arguments.count(1, 1, "numkeys should be greater than 0");
        if (count > arguments.count() - 2) {
            throw new RedisError("ERR Number of keys can't be greater than number of args");
        }
        int options = 2 + (int) count;
        long limit = 0;
        for (int at = options; at < arguments.count(); at += 2) {
            if (!arguments.is(at, "LIMIT") || at + 1 == arguments.count()) {
                throw RedisError.syntax();
            }
            limit = arguments.count(at + 1, 0, "LIMIT can't be negative");
        }
        return Reply.of(SetCombination.intersectionSize(
                view, arguments.between(2, options), limit == 0 ? Long.MAX_VALUE : limit));
    }
}
