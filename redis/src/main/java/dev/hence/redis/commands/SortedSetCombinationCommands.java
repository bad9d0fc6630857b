package dev.hence.redis.commands;

import dev.hence.core.commands.Scored;
import dev.hence.core.commands.SortedSetCombination;
import dev.hence.redis.commands.CombinationArguments.Option;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The commands that combine several sorted sets; plain sets count as sorted sets with all scores 1. */
final class SortedSetCombinationCommands {

    private static final String STORED =
            "The result is computed from what this node has seen, and replaces what this node has seen of the"
                    + " destination. If two nodes store concurrently, the destination holds the members of both"
                    + " results; of two scores of a member, the newest is visible.";

    private static final String KEYS = "numkeys key [key ...]";
    private static final String WEIGHED_SYNTAX = " [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]";
    private static final Set<Option> WEIGHED = EnumSet.of(Option.WEIGHTS, Option.AGGREGATE);

    private SortedSetCombinationCommands() {}

    static List<Command> all() {
        return List.of(
                shows("ZUNION", SortedSetCombination.UNION, "Returns the union of multiple sets."),
                shows("ZINTER", SortedSetCombination.INTERSECTION, "Returns the intersection of multiple sets."),
                shows(
                        "ZDIFF",
                        SortedSetCombination.DIFFERENCE,
                        "Returns the difference of the first set and all others."),
                stores(
                        "ZUNIONSTORE",
                        SortedSetCombination.UNION,
                        "Stores the union of multiple sorted sets in a key. Returns the number of members."),
                stores(
                        "ZINTERSTORE",
                        SortedSetCombination.INTERSECTION,
                        "Stores the intersection of multiple sorted sets in a key. Returns the number of members."),
                stores(
                        "ZDIFFSTORE",
                        SortedSetCombination.DIFFERENCE,
                        "Stores the difference of the first sorted set and all others in a key. Returns the number of"
                                + " members."),
                Command.of(Group.SORTED_SET, "ZINTERCARD", KEYS + " [LIMIT limit]")
                        .arity(-3)
                        .keys(new KeyPositions.Counted(List.of(), 1))
                        .flags(Flag.WALKS)
                        .summary("Returns the number of members of the intersection of multiple sets.")
                        .reads((view, arguments) -> {
                            CombinationArguments wanted =
                                    CombinationArguments.of(arguments, 1, EnumSet.of(Option.LIMIT));
                            return Reply.of(SortedSetCombination.intersectionSize(view, wanted.keys(), wanted.limit()));
                        }));
    }

    private static Command shows(String name, SortedSetCombination combination, String summary) {
        Set<Option> options = new HashSet<>(options(combination));
        options.add(Option.WITHSCORES);
        return Command.of(Group.SORTED_SET, name, KEYS + syntax(combination) + " [WITHSCORES]")
                .arity(-3)
                .keys(new KeyPositions.Counted(List.of(), 1))
                .flags(Flag.WALKS)
                .summary(summary)
                .reads((view, arguments) -> {
                    CombinationArguments wanted = CombinationArguments.of(arguments, 1, options);
                    List<Scored> members =
                            combination.members(view, wanted.inputs(), wanted.aggregate(), new Gathered()::take);
                    return SortedSetCommands.members(wanted.withScores(), members::forEach);
                });
    }

    private static Command stores(String name, SortedSetCombination combination, String summary) {
        return Command.of(Group.SORTED_SET, name, "destination " + KEYS + syntax(combination))
                .arity(-4)
                .keys(new KeyPositions.Counted(List.of(1), 2))
                .summary(summary)
                .concurrently(STORED)
                .writes((transaction, arguments) -> {
                    CombinationArguments wanted = CombinationArguments.of(arguments, 2, options(combination));
                    return Reply.of(
                            combination.store(transaction, arguments.get(1), wanted.inputs(), wanted.aggregate()));
                });
    }

    private static Set<Option> options(SortedSetCombination combination) {
        return combination == SortedSetCombination.DIFFERENCE ? Set.of() : WEIGHED;
    }

    private static String syntax(SortedSetCombination combination) {
        return combination == SortedSetCombination.DIFFERENCE ? "" : WEIGHED_SYNTAX;
    }
}
