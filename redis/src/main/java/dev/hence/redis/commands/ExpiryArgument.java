package dev.hence.redis.commands;

import dev.hence.core.crdt.Deadlines;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import java.util.concurrent.TimeUnit;

/** How a command's number says when a key expires: in which unit, and from now or from 1970 on. */
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

    /** The option of SET and GETEX that is followed by such a number. */
    String option() {
        return switch (this) {
            case SECONDS -> "EX";
            case MILLIS -> "PX";
            case AT_SECONDS -> "EXAT";
            case AT_MILLIS -> "PXAT";
        };
    }

    /**
     * The deadline that a word says, in milliseconds since 1970; it may have passed.
     *
     * @param command for the error, in lower case
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

    /** The same, of a number that must be greater than 0. */
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
