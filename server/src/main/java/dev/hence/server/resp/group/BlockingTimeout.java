package dev.hence.server.resp.group;

import dev.hence.core.datatype.Bytes;
import dev.hence.server.resp.command.RedisError;
import java.util.OptionalDouble;

/** How long a command may wait, as clients write it: seconds, with a fraction. */
final class BlockingTimeout {

    private static final double MILLIS_PER_SECOND = 1_000;

    private BlockingTimeout() {}

    /** The timeout in milliseconds, rounded up; 0 for none. */
    static long millis(Bytes word) {
        OptionalDouble seconds = ScoreArguments.parse(word);
        if (seconds.isEmpty()) {
            throw new RedisError("ERR timeout is not a float or out of range");
        }
        double millis = Math.ceil(seconds.getAsDouble() * MILLIS_PER_SECOND);
        if (millis < 0) {
            throw new RedisError("ERR timeout is negative");
        }
        if (millis >= Long.MAX_VALUE) {
            throw new RedisError("ERR timeout is out of range");
        }
        return (long) millis;
    }
}
