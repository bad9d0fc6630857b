package dev.hence.redis.commands;

import dev.hence.core.commands.Hashes;
import dev.hence.core.commands.NotANumberException;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands on hashes, except field expiry. */
final class HashCommands {

    private static final String ASSIGNED =
            "Each field merges on its own. Of values assigned to a field concurrently, the newest is visible at every"
                    + " node. A removal removes only what its node had seen. Concurrent increments are added to an"
                    + " assigned number.";
    private static final String REMOVED =
            "Removes what this node has seen of the fields. Concurrent assignments and increments survive.";
    private static final String COUNTED =
            "Concurrent increments add up exactly, also on top of a concurrently assigned number. The reply is the"
                    + " value at this node. An integer outside the 64-bit range is shown as the nearest 64-bit"
                    + " integer.";

    private static final Pattern INFINITY = Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);

    private HashCommands() {}

    static List<Command> all() {
        return Stream.of(writes(), counters(), reads(), walks())
                .flatMap(List::stream)
                .toList();
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.HASH, name, syntax).arity(arity).keys(KeyPositions.FIRST);
    }

    private static List<Command> writes() {
        return List.of(
                command("HSET", "key field value [field value ...]", -4)
                        .flags(Flag.FAST)
                        .summary("Sets the values of one or more fields. Returns the number of fields added.")
                        .concurrently(ASSIGNED)
                        .writes(HashCommands::hset),
                command("HMSET", "key field value [field value ...]", -4)
                        .flags(Flag.FAST)
                        .summary("Sets the values of one or more fields.")
                        .concurrently(ASSIGNED)
                        .writes(HashCommands::hmset),
                command("HSETNX", "key field value", 4)
                        .flags(Flag.FAST)
                        .summary("Sets the value of a field only if the field does not exist.")
                        .concurrently("The condition is evaluated at the node that receives the command. Two nodes"
                                + " may both return 1 for the same field; the newer value is then visible at every"
                                + " node.")
                        .writes(HashCommands::hsetnx),
                command("HDEL", "key field [field ...]", -3)
                        .flags(Flag.FAST)
                        .summary("Deletes one or more fields. Returns the number of fields deleted.")
                        .concurrently(REMOVED)
                        .writes((transaction, arguments) ->
                                Reply.of(Hashes.remove(transaction, arguments.get(1), arguments.from(2)))),
                command("HGETDEL", "key FIELDS numfields field [field ...]", -5)
                        .flags(Flag.FAST)
                        .summary("Returns the values of one or more fields and deletes the fields.")
                        .concurrently(REMOVED + " Two nodes may return the same value.")
                        .writes(HashCommands::hgetdel));
    }

    private static List<Command> counters() {
        return List.of(
                command("HINCRBY", "key field increment", 4)
                        .flags(Flag.FAST)
                        .summary("Increments the integer value of a field by a number. A missing field counts as 0.")
                        .concurrently(COUNTED)
                        .writes(HashCommands::hincrby),
                command("HINCRBYFLOAT", "key field increment", 4)
                        .flags(Flag.FAST)
                        .summary("Increments the decimal value of a field by a number, exactly: ten times 0.1 is 1.")
                        .concurrently(COUNTED)
                        .writes(HashCommands::hincrbyfloat));
    }

    private static List<Command> reads() {
        return List.of(
                command("HGET", "key field", 3)
                        .flags(Flag.FAST)
                        .summary("Returns the value of a field.")
                        .reads((view, arguments) -> Reply.of(Hashes.get(view, arguments.get(1), arguments.get(2)))),
                command("HMGET", "key field [field ...]", -3)
                        .flags(Flag.FAST)
                        .summary("Returns the values of one or more fields.")
                        .reads((view, arguments) -> values(view, arguments.get(1), arguments.from(2))),
                command("HEXISTS", "key field", 3)
                        .flags(Flag.FAST)
                        .summary("Determines whether a field exists in a hash.")
                        .reads((view, arguments) -> Reply.of(Hashes.exists(view, arguments.get(1), arguments.get(2)))),
                command("HSTRLEN", "key field", 3)
                        .flags(Flag.FAST)
                        .summary("Returns the length of the value of a field in bytes.")
                        .reads((view, arguments) ->
                                Reply.of(Hashes.valueLength(view, arguments.get(1), arguments.get(2)))),
                command("HLEN", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Returns the number of fields in a hash.")
                        .reads((view, arguments) -> Reply.of(Hashes.size(view, arguments.get(1)))));
    }

    private static List<Command> walks() {
        return List.of(
                command("HGETALL", "key", 2)
                        .flags(Flag.WALKS)
                        .summary("Returns all fields and values in a hash, if they fit into one reply.")
                        .reads(HashCommands::hgetall),
                command("HKEYS", "key", 2)
                        .flags(Flag.WALKS)
                        .summary("Returns all fields in a hash, if they fit into one reply.")
                        .reads(HashCommands::hkeys),
                command("HVALS", "key", 2)
                        .flags(Flag.WALKS)
                        .summary("Returns all values in a hash, if they fit into one reply.")
                        .reads(HashCommands::hvals),
                command("HRANDFIELD", "key [count [WITHVALUES]]", -2)
                        .flags(Flag.WALKS)
                        .summary("Returns one or more random fields of a hash. A positive count returns distinct"
                                + " fields; a negative count allows repeats.")
                        .reads(HashCommands::hrandfield),
                command("HSCAN", "key cursor [MATCH pattern] [COUNT count] [NOVALUES]", -3)
                        .flags(Flag.WALKS)
                        .summary("Iterates over the fields and values of a hash. A cursor is valid at every node and"
                                + " does not expire.")
                        .reads(HashCommands::hscan));
    }

    private static Reply hset(Transaction transaction, Arguments arguments) {
        if (arguments.count() % 2 != 0) {
            throw new RedisError(
                    "ERR wrong number of arguments for '" + arguments.text(0).toLowerCase(Locale.ROOT) + "' command");
        }
        SequencedMap<Bytes, Bytes> values = new LinkedHashMap<>();
        for (int at = 2; at < arguments.count(); at += 2) {
            values.put(arguments.get(at), arguments.get(at + 1));
        }
        return Reply.of(Hashes.put(transaction, arguments.get(1), values));
    }

    private static Reply hmset(Transaction transaction, Arguments arguments) {
        hset(transaction, arguments);
        return Reply.OK;
    }

    private static Reply hsetnx(Transaction transaction, Arguments arguments) {
        return Reply.of(Hashes.putIfAbsent(transaction, arguments.get(1), arguments.get(2), arguments.get(3)));
    }

    private static Reply hgetdel(Transaction transaction, Arguments arguments) {
        if (!arguments.is(2, "FIELDS")) {
            throw new RedisError("ERR Mandatory argument FIELDS is missing or not at the right position");
        }
        long count = arguments.count(3, 1, "Number of fields must be a positive integer");
        List<Bytes> fields = arguments.from(4);
        if (count != fields.size()) {
            throw new RedisError("ERR The `numfields` parameter must match the number of arguments");
        }
        Reply values = values(transaction, arguments.get(1), fields);
        Hashes.remove(transaction, arguments.get(1), fields);
        return values;
    }

    private static Reply values(View view, Bytes key, List<Bytes> fields) {
        Gathered values = new Gathered();
        Hashes.get(view, key, fields, values::addOrNull);
        return new Reply.Array(values.elements());
    }

    private static Reply hincrby(Transaction transaction, Arguments arguments) {
        long delta = arguments.integer(3);
        try {
            return Reply.of(Hashes.increment(transaction, arguments.get(1), arguments.get(2), delta));
        } catch (NotANumberException refused) {
            throw refused(refused);
        }
    }

    private static Reply hincrbyfloat(Transaction transaction, Arguments arguments) {
        BigDecimal delta = Decimals.parse(arguments.get(3));
        if (delta == null) {
            throw INFINITY.matcher(arguments.text(3)).matches()
                    ? new RedisError("ERR value is NaN or Infinity")
                    : RedisError.notAFloat();
        }
        try {
            return Reply.of(Hashes.incrementByDecimal(transaction, arguments.get(1), arguments.get(2), delta));
        } catch (NotANumberException refused) {
            throw refused(refused);
        }
    }

    private static RedisError refused(NotANumberException refused) {
        return new RedisError(
                switch (refused.reason()) {
                    case NOT_AN_INTEGER -> "ERR hash value is not an integer";
                    case NOT_A_FLOAT -> "ERR hash value is not a float";
                    case OVERFLOW -> "ERR increment or decrement would overflow";
                    case NOT_A_NUMBER -> "ERR increment would produce NaN or Infinity";
                });
    }

    private static Reply hgetall(View view, Arguments arguments) {
        Gathered both = new Gathered();
        Hashes.forEach(view, arguments.get(1), both::addBoth);
        return new Reply.MapOf(both.elements());
    }

    private static Reply hkeys(View view, Arguments arguments) {
        Gathered fields = new Gathered();
        Hashes.forEach(view, arguments.get(1), (field, value) -> fields.add(field));
        return new Reply.Array(fields.elements());
    }

    private static Reply hvals(View view, Arguments arguments) {
        Gathered values = new Gathered();
        Hashes.forEach(view, arguments.get(1), (field, value) -> values.add(value));
        return new Reply.Array(values.elements());
    }

    private static Reply hrandfield(View view, Arguments arguments) {
        RandomPicks picks = arguments.count() == 2 ? RandomPicks.ONE : RandomPicks.of(arguments, 2);
        boolean withValues = arguments.count() > 3;
        if (arguments.count() > 4 || (withValues && !arguments.is(3, "WITHVALUES"))) {
            throw RedisError.syntax();
        }
        Gathered fields = new Gathered();
        BiConsumer<Bytes, Bytes> add = withValues ? fields::addBoth : (field, value) -> fields.add(field);
        if (picks.repeated()) {
            Hashes.randomFieldsRepeated(view, arguments.get(1), picks.count(), RandomPicks.RANDOM, add);
        } else {
            Hashes.randomFields(view, arguments.get(1), picks.count(), RandomPicks.RANDOM, add);
        }
        if (arguments.count() == 2) {
            return fields.firstOrNull();
        }
        return withValues ? new Reply.Pairs(fields.elements()) : new Reply.Array(fields.elements());
    }

    private static Reply hscan(View view, Arguments arguments) {
        CollectionScan scan = CollectionScan.of(arguments);
        Gathered fields = new Gathered();
        long next = Hashes.scan(view, arguments.get(1), scan.cursor(), scan.countMin(), (field, value) -> {
            if (scan.wanted().test(field)) {
                fields.add(field);
                if (scan.withValues()) {
                    fields.add(value);
                }
            }
        });
        return CollectionScan.reply(next, fields.elements());
    }
}
