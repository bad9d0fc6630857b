package dev.hence.redis.commands;

import dev.hence.core.commands.DeadlineCondition;
import dev.hence.core.commands.Keys;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/** The commands for the expiry of keys. */
final class ExpiryCommands {

    private static final String LATEST_HOLDS =
            "The latest of the concurrent deadlines wins; no deadline counts as the latest. A condition is evaluated"
                    + " at the node that receives the command. Each node hides the key when its own clock reaches"
                    + " the deadline.";

    private static final String CONDITIONS = " [NX | XX | GT | LT]";

    private static final int OPTION_SHOWN_MAX = 128;

    private static final long NO_KEY = -2;
    private static final long NO_DEADLINE = -1;

    private ExpiryCommands() {}

    /** All of these commands. */
    static List<Command> all() {
        return List.of(
                expire("EXPIRE", "key seconds", ExpiryArgument.SECONDS, "in seconds"),
                expire("PEXPIRE", "key milliseconds", ExpiryArgument.MILLIS, "in milliseconds"),
                expire("EXPIREAT", "key unix-time-seconds", ExpiryArgument.AT_SECONDS, "to a Unix timestamp"),
                expire(
                        "PEXPIREAT",
                        "key unix-time-milliseconds",
                        ExpiryArgument.AT_MILLIS,
                        "to a Unix milliseconds timestamp"),
                ask("TTL", "the remaining time to live of a key in seconds", left -> seconds(left), true),
                ask("PTTL", "the remaining time to live of a key in milliseconds", left -> left, true),
                ask("EXPIRETIME", "the expiration time of a key as a Unix timestamp", at -> seconds(at), false),
                ask("PEXPIRETIME", "the expiration time of a key as a Unix milliseconds timestamp", at -> at, false),
                key("PERSIST", "key", 2)
                        .summary("Removes the expiration time of a key.")
                        .concurrently("Wins over concurrent deadlines. If the deadline passes before the other nodes"
                                + " receive the update, the key may still be removed.")
                        .writes((transaction, arguments) -> Reply.of(Keys.persist(transaction, arguments.get(1)))));
    }

    private static Command.Builder key(String name, String syntax, int arity) {
        return Command.of(Group.GENERIC, name, syntax)
                .arity(arity)
                .keys(KeyPositions.FIRST)
                .flags(Flag.FAST);
    }

    private static Command expire(String name, String syntax, ExpiryArgument argument, String when) {
        String command = name.toLowerCase(Locale.ROOT);
        return key(name, syntax + CONDITIONS, -3)
                .summary("Sets the expiration time of a key " + when
                        + ". With an option, only if the key has no expiration time"
                        + " (NX), has one (XX), or has an earlier (GT) or later one (LT).")
                .concurrently(LATEST_HOLDS)
                .writes((transaction, arguments) -> expire(transaction, arguments, argument, command));
    }

    private static Reply expire(Transaction transaction, Arguments arguments, ExpiryArgument argument, String command) {
        Set<DeadlineCondition> conditions = conditions(arguments);
        long deadlineMillis = argument.deadlineMillis(arguments, 2, transaction.nowMillis(), command);
        return Reply.of(Keys.expire(transaction, arguments.get(1), deadlineMillis, conditions));
    }

    private static Set<DeadlineCondition> conditions(Arguments arguments) {
        Set<DeadlineCondition> conditions = EnumSet.noneOf(DeadlineCondition.class);
        for (int at = 3; at < arguments.count(); at++) {
            conditions.add(condition(arguments, at));
        }
        if (conditions.contains(DeadlineCondition.NONE_YET) && conditions.size() > 1) {
            throw new RedisError("ERR NX and XX, GT or LT options at the same time are not compatible");
        }
        if (conditions.contains(DeadlineCondition.LATER) && conditions.contains(DeadlineCondition.EARLIER)) {
            throw new RedisError("ERR GT and LT options at the same time are not compatible");
        }
        return conditions;
    }

    private static DeadlineCondition condition(Arguments arguments, int at) {
        if (arguments.is(at, "NX")) {
            return DeadlineCondition.NONE_YET;
        }
        if (arguments.is(at, "XX")) {
            return DeadlineCondition.ONE_ALREADY;
        }
        if (arguments.is(at, "GT")) {
            return DeadlineCondition.LATER;
        }
        if (arguments.is(at, "LT")) {
            return DeadlineCondition.EARLIER;
        }
        String option = arguments.text(at);
        throw new RedisError(
                "ERR Unsupported option " + option.substring(0, Math.min(option.length(), OPTION_SHOWN_MAX)));
    }

    private static Command ask(String name, String what, LongUnaryOperator inUnit, boolean fromNow) {
        return key(name, "key", 2)
                .summary("Returns " + what + "; -1 if the key has no expiration time, -2 if it does not exist.")
                .reads((view, arguments) -> Reply.of(deadline(view, arguments, inUnit, fromNow)));
    }

    private static long deadline(View view, Arguments arguments, LongUnaryOperator inUnit, boolean fromNow) {
        if (!Keys.exists(view, arguments.get(1))) {
            return NO_KEY;
        }
        long deadlineMillis = Keys.deadlineMillis(view, arguments.get(1));
        if (deadlineMillis == Deadlines.NONE) {
            return NO_DEADLINE;
        }
        return inUnit.applyAsLong(fromNow ? deadlineMillis - view.nowMillis() : deadlineMillis);
    }

    /** Rounds to the nearest second, so that a key just set to expire in one second reports 1. */
    private static long seconds(long millis) {
        return millis / 1_000 + (millis % 1_000 >= 500 ? 1 : 0);
    }
}
