package dev.hence.redis;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.commands.AllCommands;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Action;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.CommandTable;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Commands that show how commands are run, in addition to all others: PUT, FETCH and WALK a string, TAKE one when it
 * arrives, ADD to a number, WHERE and WHEREWALK, which return the thread they run on, and HALF, which breaks the rule that commands
 * validate before they write.
 */
final class TestCommands {

    private TestCommands() {}

    static CommandTable table() {
        return new CommandTable(Stream.concat(AllCommands.table().all().stream(), own().stream())
                .toList());
    }

    private static Command.Builder command(String name, int arity) {
        return Command.of(Group.STRING, name, "")
                .arity(arity)
                .keys(KeyPositions.FIRST)
                .summary("For tests.")
                .concurrently("For tests.");
    }

    private static List<Command> own() {
        return List.of(
                command("PUT", 3).writes((transaction, arguments) -> {
                    transaction.set(arguments.get(1), arguments.get(2));
                    return Reply.OK;
                }),
                command("FETCH", 2).reads(TestCommands::fetch),
                command("WHERE", -2)
                        .reads((view, arguments) ->
                                Reply.of(Thread.currentThread().getName())),
                command("WHEREWALK", 2).reads((view, arguments) -> {
                    view.walk(arguments.get(1), RowKind.ITEM, null, State.Direction.UP, (row, cell) -> true);
                    return Reply.of(Thread.currentThread().getName());
                }),
                command("WALK", 2).flags(Flag.WALKS).reads(TestCommands::fetch),
                command("ADD", 3).writes((transaction, arguments) -> {
                    Bytes before =
                            transaction.visible(arguments.get(1)).string().value();
                    long sum = (before == null ? 0 : Long.parseLong(before.toString())) + arguments.integer(2);
                    transaction.set(arguments.get(1), Bytes.utf8(Long.toString(sum)));
                    return Reply.of(sum);
                }),
                command("HALF", 2).writes((transaction, arguments) -> {
                    transaction.set(arguments.get(1), arguments.get(0));
                    throw new RedisError("ERR too late");
                }),
                command("SPOIL", 1).onSession((session, arguments) -> {
                    session.onEnd(() -> {
                        throw new IllegalStateException("planted");
                    });
                    return Reply.OK;
                }),
                command("NOTQUEUED", 1).flags(Flag.NO_MULTI).atOnce((session, arguments) -> Reply.OK),
                command("TELL", 2).onSession((session, arguments) -> {
                    // Twice from another thread while this command runs.
                    Reply.Push message = new Reply.Push(List.of(Reply.of("message"), Reply.of(arguments.get(1))));
                    Thread.ofVirtual().start(() -> session.push(message)).join();
                    session.client().subscribed(1, 0);
                    return Reply.of("told");
                }),
                command("TAKE", -3).keys(new KeyPositions.Range(1, -2, 1)).blocks(TestCommands::take));
    }

    private static Reply fetch(View view, Arguments arguments) {
        return Reply.of(view.visible(arguments.get(1)).string().value());
    }

    private static Action.Attempt take(Arguments arguments) {
        List<Bytes> keys = arguments.between(1, arguments.count() - 1);
        long timeoutMillis = arguments.integer(arguments.count() - 1);
        return new Action.Attempt(keys, DataType.STRING, timeoutMillis, transaction -> take(transaction, keys));
    }

    private static @Nullable Reply take(Transaction transaction, List<Bytes> keys) {
        for (Bytes key : keys) {
            Bytes value = transaction.visible(key).string().value();
            if (value != null) {
                transaction.delete(key);
                return Reply.ofAll(List.of(key, value));
            }
        }
        return null;
    }
}
