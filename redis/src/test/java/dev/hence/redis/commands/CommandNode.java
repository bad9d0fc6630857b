package dev.hence.redis.commands;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.commands.Keys;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Written;
import dev.hence.core.update.Update;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.connection.ReplyWriter;
import dev.hence.redis.execution.Action;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.CommandTable;
import dev.hence.redis.execution.Failures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A node in memory that carries out commands about keys, one at a time and each stored at once, and answers with the
 * bytes that a client would get. Commands that wait do not: their time is up at once. Its wall clock moves when it is told to.
 */
final class CommandNode {

    private static final CommandTable TABLE = AllCommands.table();
    private static final long UPDATE_BYTES_MAX = 4 << 20;

    private final MemoryState state = new MemoryState();
    private final List<Update> log = new ArrayList<>();
    private final Replica replica;
    private long nowMillis = 1_700_000_000_000L;

    CommandNode(String name) {
        Replica.Limits limits =
                new Replica.Limits(new DeliveryBuffer.Limits(1_000, UPDATE_BYTES_MAX), UPDATE_BYTES_MAX);
        replica = new Replica(Replica.Recovered.fresh(new ReplicaId(name, 1)), state, limits);
    }

    /** The answer in version 2 of the protocol, with a space for each end of a line. Words stand between spaces. */
    String run(String line) {
        return encoded(answer(line), 2);
    }

    /** The answer in version 3 of the protocol. */
    String run3(String line) {
        return encoded(answer(line), 3);
    }

    /** The strings in the answer, sorted: for what has no order. */
    List<String> sorted(String line) {
        return Arrays.stream(run(line).split(" "))
                .filter(word -> !word.startsWith("*") && !word.startsWith("$"))
                .sorted()
                .toList();
    }

    /** Time passes. */
    void advance(long millis) {
        nowMillis += millis;
    }

    /** Says when a key expires. */
    void expireIn(String key, long millis) {
        replica.write(nowMillis, transaction -> Keys.expire(transaction, Bytes.utf8(key), nowMillis + millis));
        store();
    }

    /** The answer itself. */
    Reply answer(String line) {
        Arguments arguments = Arguments.of(line.split(" "));
        try {
            return run(TABLE.command(arguments), arguments);
        } catch (RuntimeException refused) {
            return Failures.reply(refused);
        }
    }

    private Reply run(Command command, Arguments arguments) {
        return switch (command.action()) {
            case Action.Read read -> read.run(View.of(state, nowMillis), arguments);
            case Action.Write write -> {
                Reply reply = replica.write(nowMillis, transaction -> write.run(transaction, arguments))
                        .result();
                store();
                yield reply;
            }
            case Action.Blocking blocking -> {
                Action.Attempt attempt = blocking.attempt(arguments);
                Written<Reply> tried = replica.write(
                        nowMillis,
                        transaction -> Objects.requireNonNullElse(attempt.body().run(transaction), attempt.timedOut()));
                store();
                yield tried.result();
            }
            default ->
                throw new IllegalArgumentException(
                        "command " + command.name() + ": not about keys alone (expected: a read or a write)");
        };
    }

    /** Assigns a string, so that there is a key of another type. */
    void set(String key, String value) {
        replica.write(nowMillis, transaction -> {
            transaction.set(Bytes.utf8(key), Bytes.utf8(value));
            return key;
        });
        store();
    }

    /** The number of updates delivered here. */
    int updateCount() {
        return log.size();
    }

    /** Both nodes deliver what the other has. */
    static void meet(CommandNode one, CommandNode other) {
        one.follow(other);
        other.follow(one);
    }

    private void follow(CommandNode other) {
        for (Update update : List.copyOf(other.log)) {
            if (!replica.clock().contains(update.dot())) {
                replica.receive(update, nowMillis);
            }
        }
        store();
    }

    private void store() {
        CommitBatch changes = replica.takeChanges();
        if (changes != null) {
            state.store(changes.keys());
            log.addAll(changes.delivered());
        }
    }

    private static String encoded(Reply reply, int version) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ReplyWriter writer = new ReplyWriter(bytes);
        try {
            writer.write(reply, version);
            writer.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        String lines = bytes.toString(StandardCharsets.UTF_8);
        return lines.substring(0, lines.length() - 2).replace("\r\n", " ");
    }
}
