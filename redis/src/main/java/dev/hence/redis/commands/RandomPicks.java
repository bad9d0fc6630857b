package dev.hence.redis.commands;

import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * What a client asks of HRANDFIELD, SRANDMEMBER or ZRANDMEMBER: so many different elements, or, with a minus sign, so
 * many that may repeat.
 *
 * @param count not negative
 * @param repeated whether one element may be picked several times
 */
record RandomPicks(long count, boolean repeated) {

    /** Where commands have their random bits from. */
    static final LongSupplier RANDOM = () -> ThreadLocalRandom.current().nextLong();

    /** More repetitions are refused: a few bytes would keep a node busy for as long as a client likes. */
    static final long REPEATED_MAX = 100_000;

    private static final String RANGE =
            "value is out of range, value must between -" + Long.MAX_VALUE + " and " + Long.MAX_VALUE;

    /** What is asked for without a count: one element, not in a list. */
    static final RandomPicks ONE = new RandomPicks(1, false);

    /** The count in a word. */
    static RandomPicks of(Arguments arguments, int at) {
        long count = arguments.integer(at, -Long.MAX_VALUE, Long.MAX_VALUE, RANGE);
        if (count < -REPEATED_MAX) {
            throw new RedisError("ERR value is out of range, at most " + REPEATED_MAX + " repetitions");
        }
        return new RandomPicks(Math.abs(count), count < 0);
    }
}
