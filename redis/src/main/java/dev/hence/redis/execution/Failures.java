package dev.hence.redis.execution;

import dev.hence.core.commands.NotANumberException;
import dev.hence.core.commands.WrongTypeException;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.engine.storage.NoRoomException;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.redis.connection.ClientGoneException;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mapping from exceptions of a command to client-visible errors. Every error except {@code UNCERTAIN} is definite:
 * the command did nothing.
 */
public final class Failures {

    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** The reply for a failure. An unexpected failure is logged with a reference that is included in the reply. */
    public static Reply.Failure reply(Throwable failure) {
        return switch (failure) {
            case RedisError refusal -> new Reply.Failure(refusal.text());
            case WrongTypeException wrong ->
                new Reply.Failure("WRONGTYPE Operation against a key holding the wrong kind of value");
            case NotANumberException number -> new Reply.Failure(text(number));
            case UpdateTooLargeException tooLarge -> error("ERR", tooLarge);
            case RepliesTooLargeException tooLarge -> error("ERR", tooLarge);
            case HalfDoneException bug -> unexpected(bug);
            case WriteRefusedException refused -> error(prefix(refused), refused);
            case WriteUncertainException uncertain -> {
                log.error("Nobody knows whether a write of a Redis client happened", uncertain);
                yield error("UNCERTAIN the write may have happened:", uncertain);
            }
            case StorageException unreadable -> {
                log.error("A command of a Redis client could not read the storage", unreadable);
                yield error("ERR", unreadable);
            }
            case InterruptedException interrupted -> new Reply.Failure("ERR node: closing (expected: one that serves)");
            default -> unexpected(failure);
        };
    }

    private static String text(NotANumberException number) {
        return switch (number.reason()) {
            case NOT_AN_INTEGER -> "ERR value is not an integer or out of range";
            case NOT_A_FLOAT -> "ERR value is not a valid float";
            case OVERFLOW -> "ERR increment or decrement would overflow";
            case NOT_A_NUMBER -> "ERR increment would produce NaN or Infinity";
        };
    }

    /** MISCONF: clients take it to mean that the node cannot accept writes now because of its machine. */
    private static String prefix(WriteRefusedException refused) {
        return switch (refused.reason()) {
            case DISK_FULL, FAILED, CLOCK_AHEAD, FORKED -> "MISCONF";
            // As Redis replies while it loads its data.
            case RESCUING -> "LOADING";
            case CLOSING -> "ERR";
        };
    }

    private static Reply.Failure unexpected(Throwable failure) {
        String reference =
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        log.error("A command of a Redis client failed, reference {}", reference, failure);
        return new Reply.Failure("ERR internal error; the node's log says more under " + reference);
    }

    private static Reply.Failure error(String prefix, Exception failure) {
        return new Reply.Failure(prefix + " " + failure.getMessage());
    }

    /** A command that may be rejected. */
    @FunctionalInterface
    interface Answering {
        Reply run() throws InterruptedException;
    }

    /** The reply to a command, including a refusal. Throws only if there is no client to reply to, or no memory. */
    static Reply answered(Answering command) {
        try {
            return command.run();
        } catch (ClientGoneException | NoRoomException notAnswered) {
            throw notAnswered;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return reply(interrupted);
        } catch (RuntimeException refused) {
            return reply(refused);
        }
    }
}
