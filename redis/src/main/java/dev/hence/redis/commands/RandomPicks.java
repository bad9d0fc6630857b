package dev.hence.redis.commands;

import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The parsed arguments of HRANDFIELD, SRANDMEMBER or ZRANDMEMBER: a number of distinct elements or, if negative, a
 * number of elements that may repeat.
 *
 * @param count not negative
 * @param repeated whether an element may be picked several times
 */
record RandomPicks(long count, boolean repeated) {

    /** The source of random bits for commands. */
    static final LongSupplier RANDOM = () -> ThreadLocalRandom.current().nextLong();

    /** The maximum count with repetition; without it a request of a few bytes could keep a node busy indefinitely. */
    static final long REPEATED_MAX = 100_000;

    private static final String RANGE =
            "value is out of range, value must between -" + Long.MAX_VALUE + " and " + Long.MAX_VALUE;

    /** The request without a count: one element, not in a list. */
    static final RandomPicks ONE = new RandomPicks(1, false);

    /** Parses a count. */
    static RandomPicks of(Arguments arguments, int at) {
        long count = arguments.integer(at, -Long.MAX_VALUE, Long.MAX_VALUE, RANGE);
        if (count < -REPEATED_MAX) {
            throw new RedisError("ERR value is out of range, at most " + REPEATED_MAX + " repetitions");
        }
        return new RandomPicks(Math.abs(count), count < 0);
    }
}
