package dev.hence.redis.commands;

import dev.hence.core.commands.Strings;
import dev.hence.core.commands.Strings.Condition;
import dev.hence.core.commands.ValueTooLongException;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Deadlines;
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
import java.util.Map;

/** The commands on strings and counters. */
final class StringCommands {

    private static final String NEWEST_SHOWS =
            "Of concurrently assigned values, the newest is visible at every node; the others are its siblings.";

    private static final String DECIDED_LOCALLY =
            "The condition is evaluated at the node that receives the command, so it may hold at two nodes"
                    + " concurrently. Both then report success, and the newest value is visible at every node.";

    private static final String RESULT_ASSIGNED =
            "The whole result is assigned. Of concurrent changes the newest result is visible, without the other"
                    + " change. Concurrent increments are added if the result is a number.";

    private static final String ADDS_UP = "Concurrent increments add up, each exactly once. An increment concurrent"
            + " with an assignment is added to it; one concurrent with a removal survives.";

    private StringCommands() {}

    /** All of these commands. */
    static List<Command> all() {
        return List.of(
                string("GET", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Returns the string value of a key.")
                        .reads((view, arguments) -> Reply.of(Strings.get(view, arguments.get(1)))),
                string("MGET", "key [key ...]", -2)
                        .keys(KeyPositions.ALL)
                        .flags(Flag.FAST)
                        .summary("Returns the string values of one or more keys, from one snapshot.")
                        .reads(StringCommands::getSeveral),
                string("STRLEN", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Returns the length of a string value in bytes.")
                        .reads((view, arguments) -> Reply.of(Strings.length(view, arguments.get(1)))),
                string("GETRANGE", "key start end", 4)
                        .summary("Returns a substring of the string stored at a key. Negative offsets count from the"
                                + " end.")
                        .reads(StringCommands::range),
                string("SUBSTR", "key start end", 4)
                        .summary("Returns a substring of a string value. Older name of GETRANGE.")
                        .reads(StringCommands::range),
                string(
                                "SET",
                                "key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds |"
                                        + " PXAT unix-time-milliseconds | KEEPTTL]",
                                -3)
                        .summary("Sets the string value of a key. Replaces the existing value, of any type.")
                        .concurrently(NEWEST_SHOWS + " The latest of their deadlines wins; no deadline counts as the"
                                + " latest. Concurrent increments are added if the value is a number. With NX or"
                                + " XX: " + DECIDED_LOCALLY)
                        .writes(StringCommands::set),
                string("SETNX", "key value", 3)
                        .flags(Flag.FAST)
                        .summary("Sets the string value of a key only if the key does not exist.")
                        .concurrently(DECIDED_LOCALLY)
                        .writes(StringCommands::setIfAbsent),
                string("SETEX", "key seconds value", 4)
                        .summary("Sets the string value and the expiration time in seconds of a key.")
                        .concurrently(NEWEST_SHOWS + " The latest of their deadlines wins.")
                        .writes((transaction, arguments) ->
                                setWithDeadline(transaction, arguments, ExpiryArgument.SECONDS, "setex")),
                string("PSETEX", "key milliseconds value", 4)
                        .summary("Sets the string value and the expiration time in milliseconds of a key.")
                        .concurrently(NEWEST_SHOWS + " The latest of their deadlines wins.")
                        .writes((transaction, arguments) ->
                                setWithDeadline(transaction, arguments, ExpiryArgument.MILLIS, "psetex")),
                string("MSET", "key value [key value ...]", -3)
                        .keys(new KeyPositions.Range(1, -1, 2))
                        .summary("Atomically sets the string values of one or more keys.")
                        .concurrently("The keys change together at every node. " + NEWEST_SHOWS
                                + " This applies to each key, so if two nodes set the same keys concurrently, all"
                                + " these keys hold the values of the same command.")
                        .writes(StringCommands::setSeveral),
                string("MSETNX", "key value [key value ...]", -3)
                        .keys(new KeyPositions.Range(1, -1, 2))
                        .summary("Atomically sets the string values of one or more keys only if none of the keys"
                                + " exists.")
                        .concurrently(DECIDED_LOCALLY)
                        .writes(StringCommands::setSeveralIfAbsent),
                string("GETSET", "key value", 3)
                        .flags(Flag.FAST)
                        .summary("Sets the string value of a key and returns the previous value.")
                        .concurrently(NEWEST_SHOWS + " Two nodes may return the same previous value.")
                        .writes(StringCommands::getAndSet),
                string("GETDEL", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Returns the string value of a key and deletes the key.")
                        .concurrently("Two nodes may return the same value. Concurrent assignments and increments"
                                + " survive.")
                        .writes((transaction, arguments) ->
                                Reply.of(Strings.getAndDelete(transaction, arguments.get(1)))),
                string(
                                "GETEX",
                                "key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT"
                                        + " unix-time-milliseconds | PERSIST]",
                                -2)
                        .flags(Flag.FAST)
                        .summary(
                                "Returns the string value of a key and optionally sets or removes its expiration time.")
                        .concurrently("The latest of the concurrent deadlines wins; PERSIST counts as the latest.")
                        .writes(StringCommands::getAndExpire),
                string("APPEND", "key value", 3)
                        .flags(Flag.FAST)
                        .summary("Appends a string to the value of a key. Creates the key if it does not exist.")
                        .concurrently(RESULT_ASSIGNED)
                        .writes(StringCommands::append),
                string("SETRANGE", "key offset value", 4)
                        .summary("Overwrites a part of a string value from an offset on. Zero bytes fill a gap before"
                                + " the offset.")
                        .concurrently(RESULT_ASSIGNED)
                        .writes(StringCommands::setRange),
                string("INCR", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Increments the integer value of a key by one. A missing key counts as 0.")
                        .concurrently(ADDS_UP)
                        .writes((transaction, arguments) -> increment(transaction, arguments, 1)),
                string("DECR", "key", 2)
                        .flags(Flag.FAST)
                        .summary("Decrements the integer value of a key by one. A missing key counts as 0.")
                        .concurrently(ADDS_UP)
                        .writes((transaction, arguments) -> increment(transaction, arguments, -1)),
                string("INCRBY", "key increment", 3)
                        .flags(Flag.FAST)
                        .summary("Increments the integer value of a key by a number. A missing key counts as 0.")
                        .concurrently(ADDS_UP + " A sum outside the 64-bit range is shown as the nearest 64-bit"
                                + " integer.")
                        .writes((transaction, arguments) -> increment(transaction, arguments, arguments.integer(2))),
                string("DECRBY", "key decrement", 3)
                        .flags(Flag.FAST)
                        .summary("Decrements the integer value of a key by a number. A missing key counts as 0.")
                        .concurrently(ADDS_UP + " A sum outside the 64-bit range is shown as the nearest 64-bit"
                                + " integer.")
                        .writes(StringCommands::decrement),
                string("INCRBYFLOAT", "key increment", 3)
                        .flags(Flag.FAST)
                        .summary("Increments the decimal value of a key by a number, exactly: ten times 0.1 is 1. An"
                                + " integer sum outside the 64-bit range is rejected.")
                        .concurrently(ADDS_UP)
                        .writes(StringCommands::incrementByDecimal));
    }

    private static Command.Builder string(String name, String syntax, int arity) {
        return Command.of(Group.STRING, name, syntax).arity(arity).keys(KeyPositions.FIRST);
    }

    private static Reply getSeveral(View view, Arguments arguments) {
        Gathered values = new Gathered();
        for (Bytes key : arguments.from(1)) {
            values.addOrNull(Strings.getIfString(view, key));
        }
        return new Reply.Array(values.elements());
    }

    private static Reply range(View view, Arguments arguments) {
        return new Reply.Bulk(Strings.range(view, arguments.get(1), arguments.integer(2), arguments.integer(3)));
    }

    private static Reply set(Transaction transaction, Arguments arguments) {
        StringOptions options = StringOptions.ofSet(arguments, 3);
        long deadlineMillis = options.deadlineMillis(arguments, transaction.nowMillis(), "set");
        Bytes key = arguments.get(1);
        Reply old = options.returnsOld() ? Reply.of(Strings.get(transaction, key)) : null;
        boolean assigned = Strings.set(transaction, key, arguments.get(2), options.condition(), deadlineMillis);
        if (old != null) {
            return old;
        }
        return assigned ? Reply.OK : Reply.NULL;
    }

    private static Reply setIfAbsent(Transaction transaction, Arguments arguments) {
        return Reply.of(Strings.set(transaction, arguments.get(1), arguments.get(2), Condition.ABSENT, Deadlines.NONE));
    }

    private static Reply setWithDeadline(
            Transaction transaction, Arguments arguments, ExpiryArgument expiry, String command) {
        long deadlineMillis = expiry.positiveDeadlineMillis(arguments, 2, transaction.nowMillis(), command);
        Strings.set(transaction, arguments.get(1), arguments.get(3), Condition.ALWAYS, deadlineMillis);
        return Reply.OK;
    }

    private static Reply setSeveral(Transaction transaction, Arguments arguments) {
        pairs(arguments).forEach((key, value) -> Strings.set(transaction, key, value));
        return Reply.OK;
    }

    private static Reply setSeveralIfAbsent(Transaction transaction, Arguments arguments) {
        return Reply.of(Strings.setAllIfNoneExists(transaction, pairs(arguments)));
    }

    private static Map<Bytes, Bytes> pairs(Arguments arguments) {
        if (arguments.count() % 2 == 0) {
            throw new RedisError(
                    "ERR wrong number of arguments for '" + arguments.text(0).toLowerCase(Locale.ROOT) + "' command");
        }
        Map<Bytes, Bytes> pairs = LinkedHashMap.newLinkedHashMap(arguments.count() / 2);
        for (int at = 1; at < arguments.count(); at += 2) {
            pairs.put(arguments.get(at), arguments.get(at + 1));
        }
        return pairs;
    }

    private static Reply getAndSet(Transaction transaction, Arguments arguments) {
        Bytes old = Strings.get(transaction, arguments.get(1));
        Strings.set(transaction, arguments.get(1), arguments.get(2));
        return Reply.of(old);
    }

    private static Reply getAndExpire(Transaction transaction, Arguments arguments) {
        StringOptions options = StringOptions.ofGet(arguments, 2);
        Bytes value = Strings.get(transaction, arguments.get(1));
        if (value == null || !options.changesDeadline()) {
            return Reply.of(value);
        }
        long deadlineMillis = options.deadlineMillis(arguments, transaction.nowMillis(), "getex");
        return Reply.of(Strings.getAndExpire(transaction, arguments.get(1), deadlineMillis));
    }

    private static Reply append(Transaction transaction, Arguments arguments) {
        try {
            return Reply.of(Strings.append(transaction, arguments.get(1), arguments.get(2)));
        } catch (ValueTooLongException refused) {
            throw tooLong();
        }
    }

    private static Reply setRange(Transaction transaction, Arguments arguments) {
        long offset = arguments.integer(2, 0, Long.MAX_VALUE, "offset is out of range");
        try {
            return Reply.of(Strings.setRange(transaction, arguments.get(1), offset, arguments.get(3)));
        } catch (ValueTooLongException refused) {
            throw tooLong();
        }
    }

    private static RedisError tooLong() {
        return new RedisError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    }

    private static Reply increment(Transaction transaction, Arguments arguments, long delta) {
        return Reply.of(Strings.increment(transaction, arguments.get(1), delta));
    }

    private static Reply decrement(Transaction transaction, Arguments arguments) {
        // The smallest integer has no positive counterpart.
        long delta = arguments.integer(2, Long.MIN_VALUE + 1, Long.MAX_VALUE, "decrement would overflow");
        return increment(transaction, arguments, -delta);
    }

    private static Reply incrementByDecimal(Transaction transaction, Arguments arguments) {
        BigDecimal delta = Decimals.parse(arguments.get(2));
        if (delta == null) {
            // As in Redis, an error about the existing value takes precedence over one about the appended value.
            Bytes value = Strings.get(transaction, arguments.get(1));
            boolean number = value == null || Decimals.parse(value) != null;
            throw number && ScoreArguments.parse(arguments.get(2)).stream().anyMatch(Double::isInfinite)
                    ? new RedisError("ERR increment would produce NaN or Infinity")
                    : RedisError.notAFloat();
        }
        return Reply.of(Strings.incrementByDecimal(transaction, arguments.get(1), delta));
    }
}
