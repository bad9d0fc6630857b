package dev.hence.redis.commands;

import dev.hence.core.commands.Lists;
import dev.hence.core.commands.Lists.End;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.ListPosition;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The commands on lists. */
final class ListCommands {

    private static final String PUSHED =
            "The elements of one push stay together and in order at every node. Concurrent pushes to the same end are"
                    + " placed one after the other, in the same order at all nodes.";
    private static final String POPPED =
            "Removes the elements that this node chose. Two nodes may return the same element. Concurrently pushed"
                    + " elements stay.";
    private static final String MOVED =
            "Removal and insertion become visible together at every node. An element that two nodes move concurrently"
                    + " is inserted twice.";

    private static final Map<String, End> ENDS = Map.of("LEFT", End.LEFT, "RIGHT", End.RIGHT);
    private static final Map<String, End> SIDES = Map.of("BEFORE", End.LEFT, "AFTER", End.RIGHT);

    private ListCommands() {}

    static List<Command> all() {
        return Stream.of(pushes(), pops(), moves(), changes(), reads())
                .flatMap(List::stream)
                .toList();
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.LIST, name, syntax).arity(arity).keys(KeyPositions.FIRST);
    }

    private static List<Command> pushes() {
        return List.of(
                push("LPUSH", "Prepends one or more elements to a list. Returns the length of the list.", End.LEFT),
                push("RPUSH", "Appends one or more elements to a list. Returns the length of the list.", End.RIGHT),
                pushIfPresent("LPUSHX", "Prepends one or more elements to a list only if the list exists.", End.LEFT),
                pushIfPresent("RPUSHX", "Appends one or more elements to a list only if the list exists.", End.RIGHT));
    }

    private static Command push(String name, String summary, End end) {
        return command(name, "key element [element ...]", -3)
                .flags(Flag.FAST)
                .summary(summary)
                .concurrently(PUSHED)
                .writes((transaction, arguments) ->
                        Reply.of(Lists.push(transaction, arguments.get(1), end, arguments.from(2))));
    }

    private static Command pushIfPresent(String name, String summary, End end) {
        return command(name, "key element [element ...]", -3)
                .flags(Flag.FAST)
                .summary(summary)
                .concurrently(PUSHED + " The condition is evaluated at the node that receives the command: the"
                        + " elements survive even if another node removes the list concurrently.")
                .writes((transaction, arguments) ->
                        Reply.of(Lists.pushIfPresent(transaction, arguments.get(1), end, arguments.from(2))));
    }

    private static List<Command> pops() {
        return List.of(
                pop("LPOP", "Removes and returns the first elements of a list.", End.LEFT),
                pop("RPOP", "Removes and returns the last elements of a list.", End.RIGHT),
                command("LMPOP", "numkeys key [key ...] <LEFT | RIGHT> [COUNT count]", -4)
                        .keys(new KeyPositions.Counted(List.of(), 1))
                        .summary("Removes and returns elements from the first non-empty list of several.")
                        .concurrently(POPPED)
                        .writes((transaction, arguments) -> {
                            Reply popped = popFrom(transaction, PopArguments.of(arguments, 1, ENDS));
                            return popped == null ? Reply.NULL_ARRAY : popped;
                        }),
                blockingPop(
                        "BLPOP",
                        "Removes and returns the first element of a list. Blocks until an element is available.",
                        End.LEFT),
                blockingPop(
                        "BRPOP",
                        "Removes and returns the last element of a list. Blocks until an element is available.",
                        End.RIGHT),
                command("BLMPOP", "timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]", -5)
                        .keys(new KeyPositions.Counted(List.of(), 2))
                        .summary("Removes and returns elements from the first non-empty list of several. Blocks until"
                                + " an element is available.")
                        .concurrently(POPPED)
                        .blocks(arguments -> {
                            PopArguments<End> pop = PopArguments.of(arguments, 2, ENDS);
                            return new Action.Attempt(
                                    pop.keys(),
                                    DataType.LIST,
                                    BlockingTimeout.millis(arguments.get(1)),
                                    transaction -> popFrom(transaction, pop));
                        }));
    }

    private static Command pop(String name, String summary, End end) {
        return command(name, "key [count]", -2)
                .flags(Flag.FAST)
                .summary(summary)
                .concurrently(POPPED)
                .writes((transaction, arguments) -> pop(transaction, arguments, end));
    }

    private static Command blockingPop(String name, String summary, End end) {
        return command(name, "key [key ...] timeout", -3)
                .keys(new KeyPositions.Range(1, -2, 1))
                .summary(summary)
                .concurrently(POPPED)
                .blocks(arguments -> {
                    int last = arguments.count() - 1;
                    List<Bytes> keys = arguments.between(1, last);
                    return new Action.Attempt(
                            keys,
                            DataType.LIST,
                            BlockingTimeout.millis(arguments.get(last)),
                            transaction -> popOne(transaction, keys, end));
                });
    }

    private static List<Command> moves() {
        KeyPositions both = new KeyPositions.Range(1, 2, 1);
        return List.of(
                command("LMOVE", "source destination <LEFT | RIGHT> <LEFT | RIGHT>", 5)
                        .keys(both)
                        .summary("Pops an element from one end of a list and pushes it to one end of another list.")
                        .concurrently(MOVED)
                        .writes((transaction, arguments) ->
                                Reply.of(Move.of(arguments).run(transaction))),
                command("RPOPLPUSH", "source destination", 3)
                        .keys(both)
                        .summary("Pops the last element of a list and prepends it to another list.")
                        .concurrently(MOVED)
                        .writes((transaction, arguments) ->
                                Reply.of(Move.leftwards(arguments).run(transaction))),
                command("BLMOVE", "source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout", 6)
                        .keys(both)
                        .summary("Pops an element from one end of a list and pushes it to one end of another list."
                                + " Blocks until an element is available.")
                        .concurrently(MOVED)
                        .blocks(arguments -> Move.of(arguments).attempt(arguments.get(5))),
                command("BRPOPLPUSH", "source destination timeout", 4)
                        .keys(both)
                        .summary("Pops the last element of a list and prepends it to another list. Blocks until an"
                                + " element is available.")
                        .concurrently(MOVED)
                        .blocks(arguments -> Move.leftwards(arguments).attempt(arguments.get(3))));
    }

    /** A move of an element from one list to another. */
    private record Move(Bytes source, End from, Bytes target, End to) {
        static Move of(Arguments arguments) {
            return new Move(
                    arguments.get(1),
                    PopArguments.end(arguments, 3, ENDS),
                    arguments.get(2),
                    PopArguments.end(arguments, 4, ENDS));
        }

        static Move leftwards(Arguments arguments) {
            return new Move(arguments.get(1), End.RIGHT, arguments.get(2), End.LEFT);
        }

        @Nullable
        Bytes run(Transaction transaction) {
            return Lists.move(transaction, source, from, target, to);
        }

        Action.Attempt attempt(Bytes timeout) {
            return new Action.Attempt(List.of(source), DataType.LIST, BlockingTimeout.millis(timeout), transaction -> {
                Bytes moved = run(transaction);
                return moved == null ? null : Reply.of(moved);
            });
        }
    }

    private static List<Command> changes() {
        return List.of(
                command("LSET", "key index element", 4)
                        .summary("Sets the value of an element in a list by its index.")
                        .concurrently("The index is resolved at this node. Of values set at one position"
                                + " concurrently, the newest is visible and the others are its siblings. A value"
                                + " set while another node removes the old element survives.")
                        .writes(ListCommands::lset),
                command("LINSERT", "key <BEFORE | AFTER> pivot element", 5)
                        .summary("Inserts an element before or after another element. Returns the length of the list.")
                        .concurrently("The element is placed next to the pivot that this node has seen, regardless of"
                                + " concurrent insertions and removals around it. Elements inserted at one position"
                                + " concurrently have the same order at all nodes.")
                        .writes(ListCommands::linsert),
                command("LREM", "key count element", 4)
                        .summary("Removes elements that equal the given one. Returns the number of elements removed.")
                        .concurrently("Removes the elements that this node has seen. Equal elements that are inserted"
                                + " concurrently stay.")
                        .writes((transaction, arguments) -> Reply.of(
                                Lists.remove(transaction, arguments.get(1), arguments.integer(2), arguments.get(3)))),
                command("LTRIM", "key start stop", 4)
                        .summary("Removes all elements outside a range of indexes.")
                        .concurrently("Removes the elements that this node has seen outside the range. Concurrently"
                                + " inserted elements stay, so the list may be longer afterwards.")
                        .writes((transaction, arguments) -> {
                            Lists.trim(transaction, arguments.get(1), arguments.integer(2), arguments.integer(3));
                            return Reply.OK;
                        }));
    }

    private static List<Command> reads() {
        return List.of(
                command("LLEN", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Returns the length of a list.")
                        .reads((view, arguments) -> Reply.of(Lists.size(view, arguments.get(1)))),
                command("LINDEX", "key index", 3)
                        .flags(Flag.WALKS)
                        .summary("Returns an element of a list by its index.")
                        .reads((view, arguments) -> Reply.of(Lists.get(view, arguments.get(1), arguments.integer(2)))),
                command("LRANGE", "key start stop", 4)
                        .flags(Flag.WALKS)
                        .summary("Returns the elements in a range of indexes, if they fit into one reply.")
                        .reads((view, arguments) -> {
                            Gathered elements = new Gathered();
                            Lists.range(
                                    view, arguments.get(1), arguments.integer(2), arguments.integer(3), elements::add);
                            return new Reply.Array(elements.elements());
                        }),
                command("LPOS", "key element [RANK rank] [COUNT num-matches] [MAXLEN len]", -3)
                        .flags(Flag.WALKS)
                        .summary("Returns the indexes of elements that equal the given one.")
                        .reads(ListCommands::lpos));
    }

    private static Reply pop(Transaction transaction, Arguments arguments, End end) {
        if (arguments.count() > 3) {
            throw new RedisError(
                    "ERR wrong number of arguments for '" + arguments.text(0).toLowerCase(Locale.ROOT) + "' command");
        }
        Bytes key = arguments.get(1);
        Gathered popped = new Gathered();
        if (arguments.count() == 2) {
            Lists.pop(transaction, key, end, 1, popped::add);
            return popped.firstOrNull();
        }
        long countMax = arguments.count(2, 0, "value is out of range, must be positive");
        if (Lists.size(transaction, key) == 0) {
            return Reply.NULL_ARRAY;
        }
        Lists.pop(transaction, key, end, countMax, popped::add);
        return new Reply.Array(popped.elements());
    }

    private static @Nullable Reply popOne(Transaction transaction, List<Bytes> keys, End end) {
        Gathered popped = new Gathered();
        for (Bytes key : keys) {
            if (Lists.pop(transaction, key, end, 1, popped::add) > 0) {
                return new Reply.Array(List.of(Reply.of(key), popped.firstOrNull()));
            }
        }
        return null;
    }

    private static @Nullable Reply popFrom(Transaction transaction, PopArguments<End> pop) {
        Gathered popped = new Gathered();
        for (Bytes key : pop.keys()) {
            if (Lists.pop(transaction, key, pop.end(), pop.countMax(), popped::add) > 0) {
                return new Reply.Array(List.of(Reply.of(key), new Reply.Array(popped.elements())));
            }
        }
        return null;
    }

    private static Reply lset(Transaction transaction, Arguments arguments) {
        Bytes key = arguments.get(1);
        if (Lists.size(transaction, key) == 0) {
            throw new RedisError("ERR no such key");
        }
        if (!Lists.set(transaction, key, arguments.integer(2), arguments.get(3))) {
            throw new RedisError("ERR index out of range");
        }
        return Reply.OK;
    }

    private static Reply linsert(Transaction transaction, Arguments arguments) {
        End side = PopArguments.end(arguments, 2, SIDES);
        try {
            return Reply.of(Lists.insert(transaction, arguments.get(1), side, arguments.get(3), arguments.get(4))
                    .orElse(-1));
        } catch (ListPosition.NoRoomException full) {
            throw new RedisError("ERR " + full.getMessage());
        }
    }

    private static Reply lpos(View view, Arguments arguments) {
        PositionArguments wanted = PositionArguments.of(arguments);
        Gathered found = new Gathered();
        Lists.find(
                view,
                arguments.get(1),
                arguments.get(2),
                wanted.rank(),
                wanted.countMax(),
                wanted.comparisonsMax(),
                found::add);
        return wanted.isList() ? new Reply.Array(found.elements()) : found.firstOrNull();
    }
}
