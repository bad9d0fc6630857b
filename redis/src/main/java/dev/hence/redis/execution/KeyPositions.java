package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which words of a command are keys. */
// One thread initializes this with the table of commands, before there are connections.
@SuppressWarnings("ClassInitializationDeadlock")
public sealed interface KeyPositions {

    /** No keys. */
    KeyPositions NONE = new Range(0, 0, 0);

    /** The first word after the name. */
    KeyPositions FIRST = new Range(1, 1, 1);

    /** All words after the name. */
    KeyPositions ALL = new Range(1, -1, 1);

    /**
     * Every {@code step}-th word of a range.
     *
     * @param first 0 if there are none
     * @param last -1 for the last word, -2 for the one before it
     */
    record Range(int first, int last, int step) implements KeyPositions {
        @Override
        public List<Bytes> keys(Arguments arguments) {
            List<Bytes> keys = new ArrayList<>();
            int end = last < 0 ? arguments.count() + last : last;
            for (int at = first; first > 0 && at <= end; at += step) {
                keys.add(arguments.get(at));
            }
            return keys;
        }

        @Override
        public @Nullable Bytes firstKey(Arguments arguments) {
            return first > 0 && first < arguments.count() ? arguments.get(first) : null;
        }
    }

    /**
     * A list of keys preceded by its length.
     *
     * @param fixed keys at fixed positions before it, such as a destination
     * @param countAt the position of the length
     */
    record Counted(List<Integer> fixed, int countAt) implements KeyPositions {
        /** Copies the list. */
        public Counted {
            fixed = List.copyOf(fixed);
        }

        @Override
        public List<Bytes> keys(Arguments arguments) {
            List<Bytes> keys = new ArrayList<>();
            fixed.forEach(at -> keys.add(arguments.get(at)));
            long count = arguments.integer(countAt);
            for (int at = countAt + 1; at < arguments.count() && at <= countAt + count; at++) {
                keys.add(arguments.get(at));
            }
            return keys;
        }
    }

    /** The keys of a command whose arity was checked; if the count does not match, those that are present. */
    List<Bytes> keys(Arguments arguments);

    /** One of the keys, if it is found without a search. */
    default @Nullable Bytes firstKey(Arguments arguments) {
        return null;
    }
}
