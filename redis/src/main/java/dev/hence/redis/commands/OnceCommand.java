package dev.hence.redis.commands;

import dev.hence.core.clock.Dot;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Transaction;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Action;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Session;
import dev.hence.redis.node.RequestRecord;
import dev.hence.redis.node.RequestWindow;
import dev.hence.redis.node.RequestWindow.Claim;
import java.time.Duration;
import java.util.Arrays;

/**
 * CAUSAL ONCE: a write that is safe to retry.
 *
 * <p>The command and its {@link RequestRecord} are one update, so a request is remembered if and only if it was
 * executed. A write with an unknown outcome stays claimed until its update is committed.
 */
final class OnceCommand {

    private static final int ID_BYTES_MAX = 128;
    private static final long REPLY_BYTES_MAX = 64 << 10;
    private static final Duration REPEAT_WAIT_MAX = Duration.ofSeconds(60);

    private OnceCommand() {}

    static Command command() {
        return Command.of(Group.CAUSAL, "CAUSAL ONCE", "id command [argument ...]")
                .arity(-4)
                .flags(Flag.NO_MULTI)
                .summary(
                        "Executes a write command at most once, so that it can be safely retried: if the request with this"
                                + " id was already executed, at this node or at another whose update this node has, it writes"
                                + " nothing and returns the first reply.")
                .concurrently(
                        "The same id sent to two nodes, neither of which has the other's update, is executed twice."
                                + " Otherwise as the command itself.")
                .onSession(OnceCommand::run);
    }

    private static Reply run(Session session, Arguments arguments) throws InterruptedException {
        Bytes id = arguments.get(2);
        if (id.length() == 0 || id.length() > ID_BYTES_MAX) {
            throw new RedisError("ERR id: " + id.length() + " bytes (expected: 1 to " + ID_BYTES_MAX + ")");
        }
        Arguments inner = new Arguments(arguments.from(3));
        Transaction.Body<Reply> body = body(session, inner);
        Bytes digest = digest(session, inner);
        RequestWindow requests = session.commons().requests();
        for (int attempt = 0; attempt < 2; attempt++) {
            switch (requests.claim(id, digest)) {
                case Claim.New fresh -> {
                    return carryOut(session, id, digest, body);
                }
                case Claim.Answered(Reply reply, Dot update) -> {
                    session.saw(session.store().clock());
                    session.wrote(update);
                    return reply;
                }
                case Claim.UnderWay other -> session.waiting(() -> other.await(REPEAT_WAIT_MAX), () -> false);
                case Claim.Mistaken mistaken ->
                    throw new RedisError("ERR id: \"" + id + "\" was used for another command (expected: a new one)");
            }
        }
        throw new RedisError("TRYAGAIN the first request with this id is still being carried out");
    }

    /** The digest of the words; the command's name is case-insensitive. */
    private static Bytes digest(Session session, Arguments inner) {
        Bytes[] words = inner.from(0).toArray(Bytes[]::new);
        words[0] = Bytes.utf8(session.commands().command(inner).name());
        return RequestRecord.digest(Arrays.asList(words));
    }

    private static Transaction.Body<Reply> body(Session session, Arguments inner) {
        Command command = session.commands().command(inner);
        if (command.flags().contains(Flag.WITHIN_MULTI)) {
            throw notAWrite(command);
        }
        requireFittingKeys(session, command, inner);
        return switch (command.action()) {
            case Action.Write write -> transaction -> write.run(transaction, inner);
            case Action.Prepared prepared -> prepared.prepare(session, inner).body();
            case Action.Read any -> throw notAWrite(command);
            case Action.Blocking any -> throw notAWrite(command);
            case Action.AtOnce any -> throw notAWrite(command);
            case Action.OnSession any -> throw notAWrite(command);
        };
    }

    private static void requireFittingKeys(Session session, Command command, Arguments inner) {
        int keyBytesMax = session.commons().config().limits().keyBytesMax();
        for (Bytes key : command.keys().keys(inner)) {
            if (key.length() > keyBytesMax) {
                throw new RedisError("ERR key: " + key.length() + " bytes (expected: at most " + keyBytesMax + ")");
            }
        }
    }

    private static RedisError notAWrite(Command command) {
        return new RedisError("ERR command: " + command.name() + " (expected: one that writes and does not wait)");
    }

    private static Reply carryOut(Session session, Bytes id, Bytes digest, Transaction.Body<Reply> body)
            throws InterruptedException {
        RequestWindow requests = session.commons().requests();
        try {
            return session.write(transaction -> {
                Reply reply = body.run(transaction);
                long bytes = Reply.sizeBytes(reply);
                if (bytes > REPLY_BYTES_MAX) {
                    throw new RedisError("ERR answer: " + bytes + " bytes (expected: at most " + REPLY_BYTES_MAX
                            + ", because it is remembered)");
                }
                transaction.request(new RequestRecord(id, digest, reply).bytes());
                return reply;
            });
        } catch (WriteUncertainException uncertain) {
            // The outcome is unknown until the update is committed or the node restarts.
            throw uncertain;
        } catch (RuntimeException | InterruptedException refused) {
            requests.abandoned(id);
            throw refused;
        }
    }
}
