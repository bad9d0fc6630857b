package dev.hence.redis.commands;

import dev.hence.core.commands.Strings;
import dev.hence.core.crdt.Deadlines;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import org.jspecify.annotations.Nullable;

/** The options of SET and GETEX: the condition, whether the old value is returned, and the expiry. */
final class StringOptions {

    private Strings.Condition condition = Strings.Condition.ALWAYS;
    private boolean returnsOld;
    private boolean keepsDeadline;
    private boolean endsDeadline;
    private @Nullable ExpiryArgument expiry;
    private int expiryAt;

    private StringOptions() {}

    /** Parses the options of SET, from a word on. */
    static StringOptions ofSet(Arguments arguments, int from) {
        StringOptions options = new StringOptions();
        for (int at = from; at < arguments.count(); at++) {
            if (arguments.is(at, "NX")) {
                options.condition(Strings.Condition.ABSENT);
            } else if (arguments.is(at, "XX")) {
                options.condition(Strings.Condition.PRESENT);
            } else if (arguments.is(at, "GET")) {
                options.returnsOld = true;
            } else if (arguments.is(at, "KEEPTTL")) {
                options.keepsDeadline = true;
            } else {
                options.expiry(arguments, at);
                at++;
            }
        }
        return options.checked();
    }

    /** Parses the options of GETEX, from a word on. */
    static StringOptions ofGet(Arguments arguments, int from) {
        StringOptions options = new StringOptions();
        for (int at = from; at < arguments.count(); at++) {
            if (arguments.is(at, "PERSIST")) {
                options.endsDeadline = true;
            } else {
                options.expiry(arguments, at);
                at++;
            }
        }
        return options.checked();
    }

    private void condition(Strings.Condition wanted) {
        if (condition != Strings.Condition.ALWAYS && condition != wanted) {
            throw RedisError.syntax();
        }
        condition = wanted;
    }

    private void expiry(Arguments arguments, int at) {
        for (ExpiryArgument each : ExpiryArgument.values()) {
            if (arguments.is(at, each.option()) && at + 1 < arguments.count() && (expiry == null || expiry == each)) {
                expiry = each;
                expiryAt = at + 1;
                return;
            }
        }
        throw RedisError.syntax();
    }

    private StringOptions checked() {
        int said = (expiry == null ? 0 : 1) + (keepsDeadline ? 1 : 0) + (endsDeadline ? 1 : 0);
        if (said > 1) {
            throw RedisError.syntax();
        }
        return this;
    }

    Strings.Condition condition() {
        return condition;
    }

    /** Whether the reply is the previous value. */
    boolean returnsOld() {
        return returnsOld;
    }

    /** Whether an option sets or removes the deadline. */
    boolean changesDeadline() {
        return expiry != null || endsDeadline;
    }

    /**
     * The deadline to set: {@link Deadlines#KEEP} if it is kept, {@link Deadlines#NONE} if no option is given.
     *
     * @param command the command's name for the error, in lower case
     */
    long deadlineMillis(Arguments arguments, long nowMillis, String command) {
        if (expiry != null) {
            return expiry.positiveDeadlineMillis(arguments, expiryAt, nowMillis, command);
        }
        return keepsDeadline ? Deadlines.KEEP : Deadlines.NONE;
    }
}
