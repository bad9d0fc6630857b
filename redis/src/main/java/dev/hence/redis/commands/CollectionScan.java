package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The parsed arguments of HSCAN, SSCAN or ZSCAN. The cursor is a position in the order of hashes, so the node keeps no
 * state for it, and a cursor that this node never returned is a valid position too.
 *
 * @param cursor -1 for a position after all elements
 * @param countMin how many elements to look at, at least 1
 * @param wanted whether an element is to be returned
 * @param withValues whether values are returned
 */
record CollectionScan(long cursor, long countMin, Predicate<Bytes> wanted, boolean withValues) {

    private static final int COUNT_DEFAULT = 10;
    private static final Pattern CURSOR = Pattern.compile("[0-9]{1,20}");

    /** Parses the words from the third on. */
    static CollectionScan of(Arguments arguments) {
        long cursor = cursor(arguments.text(2));
        long countMin = COUNT_DEFAULT;
        Predicate<Bytes> wanted = any -> true;
        boolean withValues = true;
        for (int at = 3; at < arguments.count(); at++) {
            boolean last = at + 1 == arguments.count();
            if (arguments.is(at, "COUNT") && !last) {
                countMin = count(arguments, ++at);
            } else if (arguments.is(at, "MATCH") && !last) {
                wanted = new Glob(arguments.get(++at))::matches;
            } else if (arguments.is(at, "NOVALUES")) {
                withValues = false;
            } else {
                throw RedisError.syntax();
            }
        }
        return new CollectionScan(cursor, countMin, wanted, withValues);
    }

    private static long count(Arguments arguments, int at) {
        long count = arguments.integer(at);
        if (count < 1) {
            throw RedisError.syntax();
        }
        return count;
    }

    private static long cursor(String word) {
        if (!CURSOR.matcher(word).matches()) {
            throw new RedisError("ERR invalid cursor");
        }
        try {
            return Long.parseUnsignedLong(word);
        } catch (NumberFormatException tooLarge) {
            throw new RedisError("ERR invalid cursor");
        }
    }

    /** This scan, for a collection whose elements have no option to omit values. */
    CollectionScan requireValues() {
        if (!withValues) {
            throw new RedisError("ERR NOVALUES option can only be used in HSCAN");
        }
        return this;
    }

    /**
     * The reply.
     *
     * @param next the cursor to continue with
     */
    static Reply reply(long next, List<Reply> elements) {
        return new Reply.Array(List.of(Reply.of(Long.toString(next)), new Reply.Array(elements)));
    }
}
