package dev.hence.server.resp.group;

import dev.hence.core.keyspace.View;
import dev.hence.core.type.Scored;
import dev.hence.core.type.SortedSetAlgebra;
import dev.hence.core.type.SortedSets;
import dev.hence.server.resp.command.Command;
import dev.hence.server.resp.command.Flag;
import dev.hence.server.resp.command.Group;
import dev.hence.server.resp.command.KeyPositions;
import dev.hence.server.resp.group.CombinationArguments.Option;
import dev.hence.server.resp.reply.Reply;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** What combines several sorted sets, or plain sets as such with all scores 1. */
final class SortedSetAlgebraCommands {

    private static final String STORED =
            "The destination gets what follows from what this node has seen, in place of what this node has seen there."
                    + " Stored at two nodes at the same time, it holds the members of both results; of two scores of"
                    + " one member the newest shows.";

    private static final String KEYS = "numkeys key [key ...]";
    private static final String WEIGHED_SYNTAX = " [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]";
    private static final Set<Option> WEIGHED = EnumSet.of(Option.WEIGHTS, Option.AGGREGATE);

    /**
     * A way to combine sets.
     *
     * @param syntax of its options
     */
    private record Combination(
            String syntax, Set<Option> options, BiFunction<View, CombinationArguments, List<Scored>> members) {}

    private static final Combination UNION = new Combination(
            WEIGHED_SYNTAX,
            WEIGHED,
            (view, wanted) -> SortedSetAlgebra.union(view, wanted.inputs(), wanted.aggregate()));

    private static final Combination INTERSECTION = new Combination(
            WEIGHED_SYNTAX,
            WEIGHED,
            (view, wanted) -> SortedSetAlgebra.intersection(view, wanted.inputs(), wanted.aggregate()));

    private static final Combination DIFFERENCE =
            new Combination("", Set.of(), (view, wanted) -> SortedSetAlgebra.difference(view, wanted.keys()));

    private SortedSetAlgebraCommands() {}

    static List<Command> all() {
        return List.of(
                shows("ZUNION", UNION, "The members that any set has."),
                shows("ZINTER", INTERSECTION, "The members that all sets have."),
                shows("ZDIFF", DIFFERENCE, "The members that only the first set has."),
                stores("ZUNIONSTORE", UNION, "Stores the members that any set has; answers how many."),
                stores("ZINTERSTORE", INTERSECTION, "Stores the members that all sets have; answers how many."),
                stores("ZDIFFSTORE", DIFFERENCE, "Stores the members that only the first set has; answers how many."),
                Command.of(Group.SORTED_SET, "ZINTERCARD", KEYS + " [LIMIT limit]")
                        .arity(-3)
                        .keys(new KeyPositions.Counted(List.of(), 1))
                        .flags(Flag.WALKS)
                        .summary("The number of members that all sets have.")
                        .reads((view, arguments) -> {
                            CombinationArguments wanted =
                                    CombinationArguments.of(arguments, 1, EnumSet.of(Option.LIMIT));
                            return Reply.of(SortedSetAlgebra.intersectionSize(view, wanted.keys(), wanted.limit()));
                        }));
    }

    private static Command shows(String name, Combination combination, String summary) {
        Set<Option> options = new HashSet<>(combination.options());
        options.add(Option.WITHSCORES);
        return Command.of(Group.SORTED_SET, name, KEYS + combination.syntax() + " [WITHSCORES]")
                .arity(-3)
                .keys(new KeyPositions.Counted(List.of(), 1))
                .flags(Flag.WALKS)
                .summary(summary)
                .reads((view, arguments) -> {
                    CombinationArguments wanted = CombinationArguments.of(arguments, 1, options);
                    return SortedSetCommands.members(combination.members().apply(view, wanted), wanted.withScores());
                });
    }

    private static Command stores(String name, Combination combination, String summary) {
        return Command.of(Group.SORTED_SET, name, "destination " + KEYS + combination.syntax())
                .arity(-4)
                .keys(new KeyPositions.Counted(List.of(1), 2))
                .summary(summary)
                .concurrently(STORED)
                .writes((transaction, arguments) -> {
                    CombinationArguments wanted = CombinationArguments.of(arguments, 2, combination.options());
                    List<Scored> members = combination.members().apply(transaction, wanted);
                    SortedSets.replace(transaction, arguments.get(1), members);
                    return Reply.of(members.size());
                });
    }
}
