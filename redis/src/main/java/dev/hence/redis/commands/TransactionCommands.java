package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import dev.hence.redis.execution.Multi;
import dev.hence.redis.execution.Session;
import dev.hence.redis.execution.Submission;
import java.util.List;

/** The commands of transactions: several commands as one update. */
final class TransactionCommands {

    private TransactionCommands() {}

    static List<Command> all() {
        return List.of(
                command("MULTI", "")
                        .flags(Flag.FAST, Flag.WITHIN_MULTI)
                        .summary("Starts a transaction. The following commands are queued.")
                        .atOnce((session, arguments) -> multi(session.multi())),
                command("EXEC", "")
                        .flags(Flag.WITHIN_MULTI)
                        .summary("Executes all queued commands as one update, unless a watched key has changed.")
                        .concurrently("All writes of the transaction become visible at once at every node. Each"
                                + " merges as it would alone. Watched keys are checked against what this node has"
                                + " seen, so two nodes may both execute transactions that watch the same key.")
                        .prepares((session, arguments) -> exec(session.multi())),
                command("DISCARD", "")
                        .flags(Flag.FAST, Flag.WITHIN_MULTI)
                        .summary("Discards the queued commands and forgets all watched keys.")
                        .atOnce((session, arguments) -> discard(session.multi())),
                command("WATCH", "key [key ...]")
                        .arity(-2)
                        .keys(KeyPositions.ALL)
                        .flags(Flag.FAST, Flag.WITHIN_MULTI)
                        .summary("Watches keys: the next EXEC executes nothing if one of them has changed.")
                        .concurrently("A change by another node counts from when it is visible at this node.")
                        .onSession((session, arguments) -> watch(session, arguments.from(1))),
                command("UNWATCH", "")
                        .flags(Flag.FAST)
                        .summary("Forgets all watched keys.")
                        .atOnce((session, arguments) -> unwatch(session.multi())));
    }

    private static Command.Builder command(String name, String syntax) {
        return Command.of(Group.TRANSACTIONS, name, syntax);
    }

    private static Reply multi(Multi multi) {
        if (multi.isOpen()) {
            throw new RedisError("ERR MULTI calls can not be nested");
        }
        multi.begin();
        return Reply.OK;
    }

    private static Submission exec(Multi multi) {
        if (!multi.isOpen()) {
            throw new RedisError("ERR EXEC without MULTI");
        }
        if (multi.isDoomed()) {
            multi.discard();
            throw new RedisError("EXECABORT Transaction discarded because of previous errors.");
        }
        return multi.exec();
    }

    private static Reply discard(Multi multi) {
        if (!multi.isOpen()) {
            throw new RedisError("ERR DISCARD without MULTI");
        }
        multi.discard();
        return Reply.OK;
    }

    /** A key that is watched already keeps its first recorded state, and takes no more memory. */
    private static Reply watch(Session session, List<Bytes> names) {
        if (session.multi().isOpen()) {
            throw new RedisError("ERR WATCH inside MULTI is not allowed");
        }
        List<Bytes> keys = session.multi().unwatched(names);
        if (keys.isEmpty()) {
            return Reply.OK;
        }
        long bytes = keys.stream().mapToLong(Bytes::length).sum();
        if (!session.multi().hasRoomToWatch(keys.size(), bytes)) {
            throw new RedisError("ERR watched keys: too many (expected: at most " + Multi.WATCHED_MAX
                    + " a connection, of fewer bytes together than one update may have)");
        }
        if (!session.multi().claim(bytes)) {
            throw new RedisError(session.multi().refusal(bytes));
        }
        return session.read(view -> {
            session.multi().watch(keys, view);
            return Reply.OK;
        });
    }

    private static Reply unwatch(Multi multi) {
        multi.unwatch();
        return Reply.OK;
    }
}
