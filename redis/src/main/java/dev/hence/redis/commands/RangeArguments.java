package dev.hence.redis.commands;

import dev.hence.core.commands.Scored;
import dev.hence.core.commands.SortedSetRange;
import dev.hence.core.commands.SortedSets;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parsed arguments of ZRANGE, ZRANGESTORE and the older range commands of sorted sets: key, two bounds, options.
 *
 * @param skipped number of members to skip at the beginning
 * @param countMax maximum number of members to return
 */
record RangeArguments(
        Bytes key, SortedSetRange range, Direction direction, long skipped, long countMax, boolean withScores) {

    /** The kind of the bounds. */
    enum By {
        RANK,
        SCORE,
        MEMBER
    }

    /**
     * What the command's name already determines.
     *
     * @param by null if an option determines it
     * @param direction null if an option determines it
     * @param isStored whether the members are stored with their scores instead of returned
     */
    record Form(@Nullable By by, @Nullable Direction direction, boolean isStored) {
        static final Form ZRANGE = new Form(null, null, false);
        static final Form ZRANGESTORE = new Form(null, null, true);
    }

    /** Parses the words from the key on. */
    static RangeArguments of(Arguments arguments, int keyAt, Form form) {
        return new Reader(arguments, form).read(keyAt);
    }

    /** Passes each selected member to the consumer. */
    void forEach(View view, Consumer<Scored> consumer) {
        SortedSets.range(view, key, range, direction, skipped, countMax, consumer);
    }

    /** Stores the selected members under a key; returns their number. */
    long store(Transaction transaction, Bytes destination) {
        return SortedSets.storeRange(transaction, destination, key, range, direction, skipped, countMax);
    }

    private static final class Reader {
        private final Arguments arguments;
        private final boolean isStored;
        private @Nullable By by;
        private @Nullable Direction direction;
        private long skipped;
        private long countMax = -1;
        private boolean withScores;

        Reader(Arguments arguments, Form form) {
            this.arguments = arguments;
            this.isStored = form.isStored();
            this.by = form.by();
            this.direction = form.direction();
        }

        RangeArguments read(int keyAt) {
            int at = keyAt + 3;
            while (at < arguments.count()) {
                at += option(at);
            }
            boolean isDown = direction == Direction.DOWN;
            // With rank bounds, Redis treats a LIMIT count of -1 as no limit, with any offset.
            long offset = by == null || by == By.RANK ? 0 : skipped;
            return new RangeArguments(
                    arguments.get(keyAt),
                    range(keyAt + 1, isDown),
                    isDown ? Direction.DOWN : Direction.UP,
                    Math.max(offset, 0),
                    offset < 0 ? 0 : countMax < 0 ? Long.MAX_VALUE : countMax,
                    withScores);
        }

        /** Parses an option; returns the number of words that it takes. */
        private int option(int at) {
            if (!isStored && arguments.is(at, "WITHSCORES")) {
                withScores = true;
            } else if (arguments.is(at, "LIMIT") && at + 2 < arguments.count()) {
                skipped = arguments.integer(at + 1);
                countMax = arguments.integer(at + 2);
                return 3;
            } else if (direction == null && arguments.is(at, "REV")) {
                direction = Direction.DOWN;
            } else if (by == null && arguments.is(at, "BYLEX")) {
                by = By.MEMBER;
            } else if (by == null && arguments.is(at, "BYSCORE")) {
                by = By.SCORE;
            } else {
                throw RedisError.syntax();
            }
            return 1;
        }

        private SortedSetRange range(int at, boolean isDown) {
            By bounds = by == null ? By.RANK : by;
            if (countMax != -1 && bounds == By.RANK) {
                throw new RedisError(
                        "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
            }
            if (withScores && bounds == By.MEMBER) {
                throw new RedisError("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
            }
            // A descending range has its larger bound first.
            Bytes min = arguments.get(isDown ? at + 1 : at);
            Bytes max = arguments.get(isDown ? at : at + 1);
            return switch (bounds) {
                case RANK -> new SortedSetRange.ByRank(arguments.integer(at), arguments.integer(at + 1));
                case SCORE -> ScoreArguments.scores(min, max);
                case MEMBER -> ScoreArguments.members(min, max);
            };
        }
    }
}
