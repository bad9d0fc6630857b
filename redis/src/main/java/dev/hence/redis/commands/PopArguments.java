package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import java.util.List;
import java.util.Map;

/**
 * The parsed arguments of LMPOP, ZMPOP and their blocking variants: the keys, an end, and the number of elements.
 *
 * @param <E> the type of the ends
 * @param keys elements are taken from the first non-empty key
 * @param countMax at least 1
 */
record PopArguments<E>(List<Bytes> keys, E end, long countMax) {

    /**
     * Parses the words from the number of keys on.
     *
     * @param ends the ends by their keyword
     */
    static <E> PopArguments<E> of(Arguments arguments, int countAt, Map<String, E> ends) {
        long keys = arguments.count(countAt, 1, "numkeys should be greater than 0");
        if (keys >= arguments.count() - (countAt + 1)) {
            throw RedisError.syntax();
        }
        int endAt = countAt + 1 + (int) keys;
        E end = end(arguments, endAt, ends);
        long countMax = 1;
        if (endAt + 1 < arguments.count()) {
            if (arguments.count() != endAt + 3 || !arguments.is(endAt + 1, "COUNT")) {
                throw RedisError.syntax();
            }
            countMax = arguments.count(endAt + 2, 1, "count should be greater than 0");
        }
        return new PopArguments<>(arguments.between(countAt + 1, endAt), end, countMax);
    }

    /** The end named by a word. */
    static <E> E end(Arguments arguments, int at, Map<String, E> ends) {
        for (Map.Entry<String, E> each : ends.entrySet()) {
            if (arguments.is(at, each.getKey())) {
                return each.getValue();
            }
        }
        throw RedisError.syntax();
    }
}
