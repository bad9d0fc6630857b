package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.node.config.Limits;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.RedisError;
import java.util.Locale;

/** Admission control: which commands the node accepts from which client. Immutable. */
public final class Admission {

    private final CommandTable table;
    private final Limits limits;

    public Admission(CommandTable table, Limits limits) {
        this.table = table;
        this.limits = limits;
    }

    /**
     * The command that a client sent.
     *
     * @throws RedisError if there is no such command, or it is not allowed now
     */
    Command admit(Session session, Arguments arguments) {
        Command command = table.command(arguments);
        if (session.needsPassword() && !command.flags().contains(Flag.NO_AUTH)) {
            throw new RedisError("NOAUTH Authentication required.");
        }
        requireFitting(command, arguments);
        Client client = session.client();
        if (client.isSubscribed() && client.protocol() < 3 && !command.flags().contains(Flag.WHILE_SUBSCRIBED)) {
            throw new RedisError("ERR Can't execute '" + shown(command)
                    + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context");
        }
        if (session.multi().isOpen()) {
            requireQueueable(session, command, arguments);
        }
        return command;
    }

    private static void requireQueueable(Session session, Command command, Arguments arguments) {
        if (command.flags().contains(Flag.WITHIN_MULTI)) {
            return;
        }
        if (command.flags().contains(Flag.NO_MULTI)) {
            throw new RedisError("ERR Command not allowed inside a transaction");
        }
        if (!session.multi().hasRoomFor(arguments.sizeBytes())) {
            throw new RedisError("ERR transaction: too many commands queued (expected: fewer bytes than one update may"
                    + " have, or several transactions)");
        }
        if (!session.multi().claim(arguments.sizeBytes())) {
            throw new RedisError(session.multi().refusal(arguments.sizeBytes()));
        }
    }

    private void requireFitting(Command command, Arguments arguments) {
        for (int at = 1; at < arguments.count(); at++) {
            int bytes = arguments.get(at).length();
            if (bytes > limits.valueBytesMax()) {
                throw new RedisError(
                        "ERR argument: " + bytes + " bytes (expected: at most " + limits.valueBytesMax() + ")");
            }
            if (bytes > limits.keyBytesMax()) {
                requireFittingKeys(command, arguments);
            }
        }
    }

    private void requireFittingKeys(Command command, Arguments arguments) {
        for (Bytes key : command.keys().keys(arguments)) {
            if (key.length() > limits.keyBytesMax()) {
                throw new RedisError(
                        "ERR key: " + key.length() + " bytes (expected: at most " + limits.keyBytesMax() + ")");
            }
        }
    }

    private static String shown(Command command) {
        return command.name().toLowerCase(Locale.ROOT).replace(' ', '|');
    }
}
