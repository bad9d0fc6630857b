package dev.hence.redis.commands;

import dev.hence.core.commands.Scored;
import dev.hence.core.commands.SortedSets;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes members from an end of a sorted set and returns them in the reply format of each command. */
final class SortedSetPops {

    private SortedSetPops() {}

    /** ZPOPMIN and ZPOPMAX: from one key. */
    static Reply some(Transaction transaction, Arguments arguments, Direction direction) {
        if (arguments.count() > 3) {
            throw RedisError.syntax();
        }
        Bytes key = arguments.get(1);
        if (arguments.count() == 3) {
            long countMax = arguments.count(2, 0, "value is out of range, must be positive");
            return SortedSetCommands.members(true, SortedSets.pop(transaction, key, direction, countMax)::forEach);
        }
        // A single member is not wrapped in a list, in either protocol version.
        List<Reply> one = new ArrayList<>(2);
        for (Scored each : SortedSets.pop(transaction, key, direction, 1)) {
            one.add(Reply.of(each.member()));
            one.add(new Reply.Real(each.score()));
        }
        return new Reply.Array(one);
    }

    /** BZPOPMIN and BZPOPMAX: one member from the first non-empty key; null if all are empty. */
    static @Nullable Reply one(Transaction transaction, List<Bytes> keys, Direction direction) {
        for (Bytes key : keys) {
            for (Scored each : SortedSets.pop(transaction, key, direction, 1)) {
                return new Reply.Array(List.of(Reply.of(key), Reply.of(each.member()), new Reply.Real(each.score())));
            }
        }
        return null;
    }

    /** ZMPOP and BZMPOP: from the first non-empty key; null if all are empty. */
    static @Nullable Reply first(Transaction transaction, PopArguments<Direction> pop) {
        for (Bytes key : pop.keys()) {
            List<Scored> popped = SortedSets.pop(transaction, key, pop.end(), pop.countMax());
            if (!popped.isEmpty()) {
                List<Reply> pairs = popped.stream()
                        .<Reply>map(
                                each -> new Reply.Array(List.of(Reply.of(each.member()), new Reply.Real(each.score()))))
                        .toList();
                return new Reply.Array(List.of(Reply.of(key), new Reply.Array(pairs)));
            }
        }
        return null;
    }
}
