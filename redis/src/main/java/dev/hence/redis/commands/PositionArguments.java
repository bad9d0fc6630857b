package dev.hence.redis.commands;

import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;

/**
 * The parsed arguments of LPOS.
 *
 * @param rank which match is returned first, counted from the right if negative
 * @param countMax maximum number of matches
 * @param comparisonsMax maximum number of elements to look at
 * @param isList whether the reply is a list, even of one match
 */
record PositionArguments(long rank, long countMax, long comparisonsMax, boolean isList) {

    private static final String RANK_RANGE =
            "value is out of range, value must between -" + Long.MAX_VALUE + " and " + Long.MAX_VALUE;

    /** Parses the words after the element. */
    static PositionArguments of(Arguments arguments) {
        long rank = 1;
        long count = -1;
        long comparisons = 0;
        for (int at = 3; at < arguments.count(); at += 2) {
            if (at + 1 == arguments.count()) {
                throw RedisError.syntax();
            } else if (arguments.is(at, "RANK")) {
                rank = rank(arguments, at + 1);
            } else if (arguments.is(at, "COUNT")) {
                count = arguments.count(at + 1, 0, "COUNT can't be negative");
            } else if (arguments.is(at, "MAXLEN")) {
                comparisons = arguments.count(at + 1, 0, "MAXLEN can't be negative");
            } else {
                throw RedisError.syntax();
            }
        }
        long countMax = count == -1 ? 1 : orAll(count);
        return new PositionArguments(rank, countMax, orAll(comparisons), count != -1);
    }

    private static long rank(Arguments arguments, int at) {
        long rank = arguments.integer(at, -Long.MAX_VALUE, Long.MAX_VALUE, RANK_RANGE);
        if (rank == 0) {
            throw new RedisError("ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ..."
                    + " or use negative to start from the end of the list");
        }
        return rank;
    }

    private static long orAll(long count) {
        return count == 0 ? Long.MAX_VALUE : count;
    }
}
