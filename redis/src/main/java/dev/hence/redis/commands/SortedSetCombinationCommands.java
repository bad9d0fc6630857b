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

/** What combines several sorted sets, or plain sets as such with all scores 1. */
final class SortedSetCombinationCommands {

    private static final String STORED =
            "The destination gets what follows from what this node has seen, in place of what this node has seen there."
                    + " Stored at two nodes at the same time, it holds the members of both results; of two scores of"
                    + " one member the newest shows.";

    private static final String KEYS = "numkeys key [key ...]";
    private static final String WEIGHED_SYNTAX = " [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]";
    private static final Set<Option> WEIGHED = EnumSet.of(Option.WEIGHTS, Option.AGGREGATE);

    private SortedSetCombinationCommands() {}

    static List<Command> all() {
        return List.of(
                shows("ZUNION", SortedSetCombination.UNION, "Returns the members that any set has."),
                shows("ZINTER", SortedSetCombination.INTERSECTION, "Returns the members that all sets have."),
                shows("ZDIFF", SortedSetCombination.DIFFERENCE, "Returns the members that only the first set has."),
                stores(
                        "ZUNIONSTORE",
                        SortedSetCombination.UNION,
                        "Stores the members that any set has and returns how many they are."),
                stores(
                        "ZINTERSTORE",
                        SortedSetCombination.INTERSECTION,
                        "Stores the members that all sets have and returns how many they are."),
                stores(
                        "ZDIFFSTORE",
                        SortedSetCombination.DIFFERENCE,
                        "Stores the members that only the first set has and returns how many they are."),
                Command.of(Group.SORTED_SET, "ZINTERCARD", KEYS + " [LIMIT limit]")
                        .arity(-3)
                        .keys(new KeyPositions.Counted(List.of(), 1))
                        .flags(Flag.WALKS)
                        .summary("Returns the number of members that all sets have.")
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
