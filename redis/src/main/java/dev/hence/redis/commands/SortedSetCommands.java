package dev.hence.redis.commands;

import dev.hence.core.commands.NotANumberException;
import dev.hence.core.commands.ScoreRule;
import dev.hence.core.commands.Scored;
import dev.hence.core.commands.SortedSetRange;
import dev.hence.core.commands.SortedSets;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Doubles;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Action;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The commands on sorted sets, except those that combine several. */
final class SortedSetCommands {

    private static final String ADDED =
            "Each member's score merges on its own. Of scores assigned to a member concurrently, the newest is"
                    + " visible at every node. Concurrent increments are added to it. A concurrent removal does not"
                    + " remove the member. Options and reply are based on what this node has seen: with concurrent"
                    + " GT or LT, the newest score is visible, even if it is not the largest or smallest.";
    private static final String INCREMENTED =
            "Concurrent increments add up, each exactly once and in exact decimals. An increment concurrent with an"
                    + " assignment is added to it; one concurrent with a removal preserves the member. If the"
                    + " increment or the score is infinite, the result is assigned.";
    private static final String REMOVED =
            "Removes what this node has seen of the members. Concurrent assignments and increments survive.";
    private static final String POPPED = REMOVED + " Two nodes may return the same member.";
    private static final String STORED =
            "The result is computed from what this node has seen, and replaces what this node has seen of the"
                    + " destination. If two nodes store concurrently, the destination holds the members of both"
                    + " results.";

    private static final Map<String, Direction> ENDS = Map.of("MIN", Direction.UP, "MAX", Direction.DOWN);

    private static final String LIMIT = " [LIMIT offset count]";
    private static final String WITHSCORES = " [WITHSCORES]";

    private SortedSetCommands() {}

    static List<Command> all() {
        return Stream.of(writes(), removals(), pops(), reads(), ranges(), walks())
                .flatMap(List::stream)
                .toList();
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.SORTED_SET, name, syntax).arity(arity).keys(KeyPositions.FIRST);
    }

    private static List<Command> writes() {
        return List.of(
                command("ZADD", "key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]", -4)
                        .flags(Flag.FAST)
                        .summary("Adds members to a sorted set, or updates their scores. Returns the number of"
                                + " members added.")
                        .concurrently(ADDED)
                        .writes((transaction, arguments) ->
                                AddArguments.of(arguments).run(transaction)),
                command("ZINCRBY", "key increment member", 4)
                        .flags(Flag.FAST)
                        .summary("Increments the score of a member, in exact decimals. Returns the new score.")
                        .concurrently(INCREMENTED)
                        .writes((transaction, arguments) -> {
                            double delta = ScoreArguments.score(arguments, 2);
                            return increment(
                                    transaction,
                                    arguments.get(1),
                                    new Scored(arguments.get(3), delta),
                                    ScoreRule.ALWAYS);
                        }),
                command("ZRANGESTORE", "dst src min max [BYSCORE | BYLEX] [REV]" + LIMIT, -5)
                        .keys(new KeyPositions.Range(1, 2, 1))
                        .summary("Stores a range of members of a sorted set in another key. Returns the number of"
                                + " members.")
                        .concurrently(STORED)
                        .writes((transaction, arguments) ->
                                Reply.of(RangeArguments.of(arguments, 2, RangeArguments.Form.ZRANGESTORE)
                                        .store(transaction, arguments.get(1)))));
    }

    private static List<Command> removals() {
        return List.of(
                command("ZREM", "key member [member ...]", -3)
                        .flags(Flag.FAST)
                        .summary("Removes one or more members. Returns the number of members removed.")
                        .concurrently(REMOVED)
                        .writes((transaction, arguments) ->
                                Reply.of(SortedSets.remove(transaction, arguments.get(1), arguments.from(2)))),
                removal(
                        "ZREMRANGEBYRANK",
                        "start stop",
                        "Removes the members in a range of ranks. Returns the number of members removed.",
                        (low, high) -> new SortedSetRange.ByRank(integer(low), integer(high))),
                removal(
                        "ZREMRANGEBYSCORE",
                        "min max",
                        "Removes the members in a range of scores. Returns the number of members removed.",
                        ScoreArguments::scores),
                removal(
                        "ZREMRANGEBYLEX",
                        "min max",
                        "Removes the members in a lexicographical range. Returns the number of members removed.",
                        ScoreArguments::members));
    }

    private static long integer(Bytes word) {
        return new Arguments(List.of(word)).integer(0);
    }

    private static Command removal(
            String name, String bounds, String summary, BiFunction<Bytes, Bytes, ? extends SortedSetRange> range) {
        return command(name, "key " + bounds, 4)
                .summary(summary)
                .concurrently(REMOVED + " The range is evaluated on what this node has seen.")
                .writes((transaction, arguments) -> Reply.of(SortedSets.remove(
                        transaction, arguments.get(1), range.apply(arguments.get(2), arguments.get(3)))));
    }

    private static List<Command> pops() {
        return List.of(
                pop("ZPOPMIN", "Removes and returns the members with the lowest scores.", Direction.UP),
                pop("ZPOPMAX", "Removes and returns the members with the highest scores.", Direction.DOWN),
                command("ZMPOP", "numkeys key [key ...] <MIN | MAX> [COUNT count]", -4)
                        .keys(new KeyPositions.Counted(List.of(), 1))
                        .summary("Removes and returns the members with the lowest or highest scores from the first"
                                + " non-empty sorted set of several.")
                        .concurrently(POPPED)
                        .writes((transaction, arguments) -> {
                            Reply popped = SortedSetPops.first(transaction, PopArguments.of(arguments, 1, ENDS));
                            return popped == null ? Reply.NULL_ARRAY : popped;
                        }),
                blockingPop(
                        "BZPOPMIN",
                        "Removes and returns the member with the lowest score. Blocks until a member is available.",
                        Direction.UP),
                blockingPop(
                        "BZPOPMAX",
                        "Removes and returns the member with the highest score. Blocks until a member is available.",
                        Direction.DOWN),
                command("BZMPOP", "timeout numkeys key [key ...] <MIN | MAX> [COUNT count]", -5)
                        .keys(new KeyPositions.Counted(List.of(), 2))
                        .summary("Removes and returns the members with the lowest or highest scores from the first"
                                + " non-empty sorted set of several. Blocks until a member is available.")
                        .concurrently(POPPED)
                        .blocks(arguments -> {
                            PopArguments<Direction> pop = PopArguments.of(arguments, 2, ENDS);
                            return new Action.Attempt(
                                    pop.keys(),
                                    DataType.SORTED_SET,
                                    BlockingTimeout.millis(arguments.get(1)),
                                    transaction -> SortedSetPops.first(transaction, pop));
                        }));
    }

    private static Command pop(String name, String summary, Direction direction) {
        return command(name, "key [count]", -2)
                .flags(Flag.FAST)
                .summary(summary)
                .concurrently(POPPED)
                .writes((transaction, arguments) -> SortedSetPops.some(transaction, arguments, direction));
    }

    private static Command blockingPop(String name, String summary, Direction direction) {
        return command(name, "key [key ...] timeout", -3)
                .keys(new KeyPositions.Range(1, -2, 1))
                .flags(Flag.FAST)
                .summary(summary)
                .concurrently(POPPED)
                .blocks(arguments -> {
                    int last = arguments.count() - 1;
                    List<Bytes> keys = arguments.between(1, last);
                    return new Action.Attempt(
                            keys,
                            DataType.SORTED_SET,
                            BlockingTimeout.millis(arguments.get(last)),
                            transaction -> SortedSetPops.one(transaction, keys, direction));
                });
    }

    private static List<Command> reads() {
        return List.of(
                command("ZCARD", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Returns the number of members.")
                        .reads((view, arguments) -> Reply.of(SortedSets.size(view, arguments.get(1)))),
                command("ZSCORE", "key member", 3)
                        .flags(Flag.FAST)
                        .summary("Returns the score of a member.")
                        .reads((view, arguments) -> score(SortedSets.score(view, arguments.get(1), arguments.get(2)))),
                command("ZMSCORE", "key member [member ...]", -3)
                        .flags(Flag.FAST)
                        .summary("Returns the scores of one or more members.")
                        .reads((view, arguments) -> new Reply.Array(arguments.from(2).stream()
                                .map(member -> score(SortedSets.score(view, arguments.get(1), member)))
                                .toList())),
                command("ZRANK", "key member [WITHSCORE]", -3)
                        .flags(Flag.WALKS)
                        .summary("Returns the rank of a member, ordered by ascending scores.")
                        .reads((view, arguments) -> rank(view, arguments, Direction.UP)),
                command("ZREVRANK", "key member [WITHSCORE]", -3)
                        .flags(Flag.WALKS)
                        .summary("Returns the rank of a member, ordered by descending scores.")
                        .reads((view, arguments) -> rank(view, arguments, Direction.DOWN)),
                count("ZCOUNT", "Returns the number of members in a range of scores.", ScoreArguments::scores),
                count(
                        "ZLEXCOUNT",
                        "Returns the number of members in a lexicographical range.",
                        ScoreArguments::members));
    }

    private static Command count(
            String name, String summary, BiFunction<Bytes, Bytes, ? extends SortedSetRange> range) {
        return command(name, "key min max", 4)
                .flags(Flag.WALKS)
                .summary(summary)
                .reads((view, arguments) -> Reply.of(
                        SortedSets.count(view, arguments.get(1), range.apply(arguments.get(2), arguments.get(3)))));
    }

    private static List<Command> ranges() {
        return List.of(
                range(
                        "ZRANGE",
                        "start stop [BYSCORE | BYLEX] [REV]" + LIMIT + WITHSCORES,
                        "Returns the members in a range of ranks, of scores, or in lexicographical order, if they fit"
                                + " into one reply.",
                        RangeArguments.Form.ZRANGE),
                range(
                        "ZREVRANGE",
                        "start stop" + WITHSCORES,
                        "Returns the members in a range of ranks, in descending order.",
                        form(RangeArguments.By.RANK, Direction.DOWN)),
                range(
                        "ZRANGEBYSCORE",
                        "min max" + WITHSCORES + LIMIT,
                        "Returns the members in a range of scores.",
                        form(RangeArguments.By.SCORE, Direction.UP)),
                range(
                        "ZREVRANGEBYSCORE",
                        "max min" + WITHSCORES + LIMIT,
                        "Returns the members in a range of scores, in descending order.",
                        form(RangeArguments.By.SCORE, Direction.DOWN)),
                range(
                        "ZRANGEBYLEX",
                        "min max" + LIMIT,
                        "Returns the members in a lexicographical range.",
                        form(RangeArguments.By.MEMBER, Direction.UP)),
                range(
                        "ZREVRANGEBYLEX",
                        "max min" + LIMIT,
                        "Returns the members in a lexicographical range, in descending order.",
                        form(RangeArguments.By.MEMBER, Direction.DOWN)));
    }

    private static RangeArguments.Form form(RangeArguments.By by, Direction direction) {
        return new RangeArguments.Form(by, direction, false);
    }

    private static Command range(String name, String bounds, String summary, RangeArguments.Form form) {
        return command(name, "key " + bounds, -4)
                .flags(Flag.WALKS)
                .summary(summary)
                .reads((view, arguments) -> {
                    RangeArguments range = RangeArguments.of(arguments, 1, form);
                    return members(range.withScores(), consumer -> range.forEach(view, consumer));
                });
    }

    private static List<Command> walks() {
        return List.of(
                command("ZRANDMEMBER", "key [count [WITHSCORES]]", -2)
                        .flags(Flag.WALKS)
                        .summary("Returns one or more random members. A positive count returns distinct members; a"
                                + " negative count allows repeats.")
                        .reads(SortedSetCommands::zrandmember),
                command("ZSCAN", "key cursor [MATCH pattern] [COUNT count]", -3)
                        .flags(Flag.WALKS)
                        .summary("Iterates over the members and scores of a sorted set. A cursor is valid at every"
                                + " node and does not expire.")
                        .reads(SortedSetCommands::zscan));
    }

    /**
     * A reply of members, or of alternating members and scores.
     *
     * @param members passes each member to the consumer
     */
    static Reply members(boolean withScores, Consumer<Consumer<Scored>> members) {
        Gathered gathered = new Gathered();
        members.accept(each -> {
            gathered.add(each.member());
            if (withScores) {
                gathered.add(each.score());
            }
        });
        return withScores ? new Reply.Pairs(gathered.elements()) : new Reply.Array(gathered.elements());
    }

    private static Reply score(OptionalDouble score) {
        return score.isPresent() ? new Reply.Real(score.getAsDouble()) : Reply.NULL;
    }

    /** Increments a score, for ZINCRBY and ZADD INCR; returns null if the rule forbids it. */
    static Reply increment(Transaction transaction, Bytes key, Scored delta, ScoreRule rule) {
        try {
            return score(SortedSets.increment(transaction, key, delta.member(), delta.score(), rule));
        } catch (NotANumberException infinities) {
            throw new RedisError("ERR resulting score is not a number (NaN)");
        }
    }

    private static Reply rank(View view, Arguments arguments, Direction direction) {
        if (arguments.count() > 4) {
            throw new RedisError(
                    "ERR wrong number of arguments for '" + arguments.text(0).toLowerCase(Locale.ROOT) + "' command");
        }
        boolean withScore = arguments.count() == 4;
        if (withScore && !arguments.is(3, "WITHSCORE")) {
            throw RedisError.syntax();
        }
        Bytes key = arguments.get(1);
        Bytes member = arguments.get(2);
        OptionalLong rank = SortedSets.rank(view, key, member, direction);
        if (rank.isEmpty()) {
            return withScore ? Reply.NULL_ARRAY : Reply.NULL;
        }
        Reply place = Reply.of(rank.getAsLong());
        return withScore ? new Reply.Array(List.of(place, score(SortedSets.score(view, key, member)))) : place;
    }

    private static Reply zrandmember(View view, Arguments arguments) {
        Bytes key = arguments.get(1);
        if (arguments.count() == 2) {
            Gathered one = new Gathered();
            SortedSets.randomMembers(view, key, 1, RandomPicks.RANDOM, each -> one.add(each.member()));
            return one.firstOrNull();
        }
        RandomPicks picks = RandomPicks.of(arguments, 2);
        boolean withScores = arguments.count() > 3;
        if (arguments.count() > 4 || (withScores && !arguments.is(3, "WITHSCORES"))) {
            throw RedisError.syntax();
        }
        return members(withScores, consumer -> {
            if (picks.repeated()) {
                SortedSets.randomMembersRepeated(view, key, picks.count(), RandomPicks.RANDOM, consumer);
            } else {
                SortedSets.randomMembers(view, key, picks.count(), RandomPicks.RANDOM, consumer);
            }
        });
    }

    private static Reply zscan(View view, Arguments arguments) {
        CollectionScan scan = CollectionScan.of(arguments).requireValues();
        Gathered members = new Gathered();
        long next = SortedSets.scan(view, arguments.get(1), scan.cursor(), scan.countMin(), each -> {
            if (scan.wanted().test(each.member())) {
                // The score is a string here, in RESP3 as well.
                members.addBoth(each.member(), Bytes.utf8(Doubles.text(each.score())));
            }
        });
        return CollectionScan.reply(next, members.elements());
    }
}
