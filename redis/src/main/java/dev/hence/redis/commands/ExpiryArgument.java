package dev.hence.redis.commands;

import dev.hence.core.crdt.Deadlines;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import java.util.concurrent.TimeUnit;

/** How a command encodes an expiry: in seconds or milliseconds, relative to now or as an absolute time since 1970. */
enum ExpiryArgument {
    SECONDS(TimeUnit.SECONDS, false),
    MILLIS(TimeUnit.MILLISECONDS, false),
    AT_SECONDS(TimeUnit.SECONDS, true),
    AT_MILLIS(TimeUnit.MILLISECONDS, true);

    private final TimeUnit unit;
    private final boolean absolute;

    ExpiryArgument(TimeUnit unit, boolean absolute) {
        this.unit = unit;
        this.absolute = absolute;
    }

    /** The option of SET and GETEX that precedes such a number. */
    String option() {
        return switch (this) {
            case SECONDS -> "EX";
            case MILLIS -> "PX";
            case AT_SECONDS -> "EXAT";
            case AT_MILLIS -> "PXAT";
        };
    }

    /**
     * Parses a deadline, in milliseconds since 1970; it may be in the past.
     *
     * @param command the command's name for the error, in lower case
     */
    long deadlineMillis(Arguments arguments, int at, long nowMillis, String command) {
        long number = arguments.integer(at);
        long millis = unit.toMillis(number);
        boolean fits = unit.convert(millis, TimeUnit.MILLISECONDS) == number;
        if (!fits || (!absolute && millis > Long.MAX_VALUE - nowMillis)) {
            throw invalid(command);
        }
        return Math.min(absolute ? millis : nowMillis + millis, Deadlines.MILLIS_MAX);
    }

    /** Same as {@link #deadlineMillis}, for a number that must be greater than 0. */
    long positiveDeadlineMillis(Arguments arguments, int at, long nowMillis, String command) {
        if (arguments.integer(at) <= 0) {
            throw invalid(command);
        }
        return deadlineMillis(arguments, at, nowMillis, command);
    }

    private static RedisError invalid(String command) {
        return new RedisError("ERR invalid expire time in '" + command + "' command");
    }
}
