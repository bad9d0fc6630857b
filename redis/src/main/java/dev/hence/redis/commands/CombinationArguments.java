package dev.hence.redis.commands;

import dev.hence.core.commands.SortedSetCombination.Aggregate;
import dev.hence.core.commands.SortedSetCombination.Input;
import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The parsed arguments of ZUNION, ZINTER, ZDIFF, ZINTERCARD and their storing variants: a number of keys, the keys, and
 * options.
 *
 * @param limit where to stop counting
 */
record CombinationArguments(List<Input> inputs, Aggregate aggregate, boolean withScores, long limit) {

    /** An option that may follow the keys. */
    enum Option {
        WEIGHTS,
        AGGREGATE,
        WITHSCORES,
        LIMIT
    }

    /** Parses the words from the number of keys on. */
    static CombinationArguments of(Arguments arguments, int countAt, Set<Option> options) {
        long count = arguments.integer(countAt);
        if (count < 1) {
            throw new RedisError("ERR at least 1 input key is needed for '"
                    + arguments.text(0).toLowerCase(Locale.ROOT) + "' command");
        }
        if (count > arguments.count() - (countAt + 1)) {
            throw RedisError.syntax();
        }
        int optionsAt = countAt + 1 + (int) count;
        return new Reader(arguments, arguments.between(countAt + 1, optionsAt), options).read(optionsAt);
    }

    /** The keys without their weights. */
    List<Bytes> keys() {
        return inputs.stream().map(Input::key).toList();
    }

    private static final class Reader {
        private final Arguments arguments;
        private final List<Bytes> keys;
        private final Set<Option> options;
        private final List<Input> inputs = new ArrayList<>();
        private Aggregate aggregate = Aggregate.SUM;
        private boolean withScores;
        private long limit;

        Reader(Arguments arguments, List<Bytes> keys, Set<Option> options) {
            this.arguments = arguments;
            this.keys = keys;
            this.options = options;
            keys.forEach(key -> inputs.add(new Input(key, 1)));
        }

        CombinationArguments read(int optionsAt) {
            int at = optionsAt;
            while (at < arguments.count()) {
                at += option(at);
            }
            return new CombinationArguments(inputs, aggregate, withScores, limit == 0 ? Long.MAX_VALUE : limit);
        }

        /** Parses an option; returns the number of words that it takes. */
        private int option(int at) {
            if (is(at, Option.WEIGHTS, keys.size())) {
                for (int i = 0; i < keys.size(); i++) {
                    inputs.set(i, new Input(keys.get(i), ScoreArguments.weight(arguments, at + 1 + i)));
                }
                return 1 + keys.size();
            }
            if (is(at, Option.AGGREGATE, 1)) {
                aggregate = aggregate(at + 1);
                return 2;
            }
            if (is(at, Option.LIMIT, 1)) {
                limit = arguments.count(at + 1, 0, "LIMIT can't be negative");
                return 2;
            }
            if (is(at, Option.WITHSCORES, 0)) {
                withScores = true;
                return 1;
            }
            throw RedisError.syntax();
        }

        private boolean is(int at, Option option, int wordsBehind) {
            return options.contains(option) && arguments.is(at, option.name()) && at + wordsBehind < arguments.count();
        }

        private Aggregate aggregate(int at) {
            for (Aggregate each : Aggregate.values()) {
                if (arguments.is(at, each.name())) {
                    return each;
                }
            }
            throw RedisError.syntax();
        }
    }
}
