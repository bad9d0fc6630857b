package dev.hence.redis.commands;

import dev.hence.core.commands.ScoreRule;
import dev.hence.core.commands.ScoreRule.Change;
import dev.hence.core.commands.ScoreRule.Presence;
import dev.hence.core.commands.Scored;
import dev.hence.core.commands.SortedSets;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * The parsed arguments of ZADD.
 *
 * @param countsChanged whether members whose score changed are counted along with the new ones
 * @param isIncrement whether the single score is added to the existing one
 */
record AddArguments(Bytes key, ScoreRule rule, boolean countsChanged, boolean isIncrement, List<Scored> members) {

    static AddArguments of(Arguments arguments) {
        return new Reader(arguments).read();
    }

    Reply run(Transaction transaction) {
        if (isIncrement) {
            return SortedSetCommands.increment(transaction, key, members.getFirst(), rule);
        }
        SortedSets.Outcome outcome = SortedSets.add(transaction, key, members, rule);
        return Reply.of(countsChanged ? outcome.added() + outcome.changed() : outcome.added());
    }

    private static final class Reader {
        private final Arguments arguments;
        private boolean onlyNew;
        private boolean onlyPresent;
        private boolean onlyGreater;
        private boolean onlyLess;
        private boolean countsChanged;
        private boolean isIncrement;

        Reader(Arguments arguments) {
            this.arguments = arguments;
        }

        AddArguments read() {
            int at = 2;
            while (at < arguments.count() && isOption(at)) {
                at++;
            }
            int words = arguments.count() - at;
            if (words == 0 || words % 2 != 0) {
                throw RedisError.syntax();
            }
            requireCompatible(words / 2);
            List<Scored> members = new ArrayList<>(words / 2);
            for (; at < arguments.count(); at += 2) {
                members.add(new Scored(arguments.get(at + 1), ScoreArguments.score(arguments, at)));
            }
            Presence presence = onlyNew ? Presence.ABSENT : onlyPresent ? Presence.PRESENT : Presence.ANY;
            Change change = onlyGreater ? Change.GREATER : onlyLess ? Change.LESS : Change.ANY;
            return new AddArguments(
                    arguments.get(1), new ScoreRule(presence, change), countsChanged, isIncrement, members);
        }

        private boolean isOption(int at) {
            if (arguments.is(at, "NX")) {
                onlyNew = true;
            } else if (arguments.is(at, "XX")) {
                onlyPresent = true;
            } else if (arguments.is(at, "GT")) {
                onlyGreater = true;
            } else if (arguments.is(at, "LT")) {
                onlyLess = true;
            } else if (arguments.is(at, "CH")) {
                countsChanged = true;
            } else if (arguments.is(at, "INCR")) {
                isIncrement = true;
            } else {
                return false;
            }
            return true;
        }

        private void requireCompatible(int members) {
            if (onlyNew && onlyPresent) {
                throw new RedisError("ERR XX and NX options at the same time are not compatible");
            }
            if ((onlyNew && (onlyGreater || onlyLess)) || (onlyGreater && onlyLess)) {
                throw new RedisError("ERR GT, LT, and/or NX options at the same time are not compatible");
            }
            if (isIncrement && members > 1) {
                throw new RedisError("ERR INCR option supports a single increment-element pair");
            }
        }
    }
}
