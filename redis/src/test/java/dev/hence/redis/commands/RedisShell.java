package dev.hence.redis.commands;

import dev.hence.core.commands.NotANumberException;
import dev.hence.core.commands.WrongTypeException;
import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Action;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.CommandTable;
import dev.hence.redis.node.ScanCursors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs commands on a store in memory, each as its own update, and shows replies in one line as {@code redis-cli}
 * does: {@code OK}, {@code (integer) 1}, {@code "text"}, {@code (nil)}, {@code (error) ERR ...}, and lists as
 * {@code ["a", "b"]}.
 */
final class RedisShell {

    private static final CommandTable TABLE = AllCommands.table();

    private final MemoryStore store;
    private final MemorySession session;

    RedisShell(String name) {
        this(name, new ScanCursors(1 << 20));
    }

    RedisShell(String name, ScanCursors cursors) {
        store = new MemoryStore(name);
        session = new MemorySession(store, cursors);
    }

    MemoryStore store() {
        return store;
    }

    MemorySession session() {
        return session;
    }

    /** Words stand between spaces; two quotation marks are the empty one. */
    String run(String line) {
        return runWords(Arrays.stream(line.split(" ", -1))
                .map(word -> word.equals("\"\"") ? "" : word)
                .toArray(String[]::new));
    }

    /** The same, of words that may have spaces. */
    String runWords(String... words) {
        return shown(reply(Arguments.of(words)));
    }

    Reply reply(Arguments arguments) {
        try {
            return run(TABLE.command(arguments), arguments);
        } catch (RedisError refused) {
            return new Reply.Failure(refused.text());
        } catch (WrongTypeException refused) {
            return new Reply.Failure("WRONGTYPE");
        } catch (NotANumberException refused) {
            return new Reply.Failure(refused.reason().name());
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    private Reply run(Command command, Arguments arguments) throws InterruptedException {
        return switch (command.action()) {
            case Action.Read read ->
                store.read(view -> read.run(view, arguments)).value();
            case Action.Write write ->
                store.write(transaction -> write.run(transaction, arguments)).result();
            case Action.OnSession onSession -> onSession.run(session, arguments);
            case Action.AtOnce atOnce -> atOnce.run(session, arguments);
            default -> throw new IllegalArgumentException("command " + command.name());
        };
    }

    static String shown(Reply reply) {
        return switch (reply) {
            case Reply.Simple(String text) -> text;
            case Reply.Failure(String text) -> "(error) " + text;
            case Reply.Int(long number) -> "(integer) " + number;
            case Reply.Bulk(Bytes bytes) -> quoted(bytes);
            case Reply.Null any -> "(nil)";
            case Reply.NullArray any -> "(nil)";
            case Reply.Array(List<Reply> elements) ->
                elements.stream().map(RedisShell::shown).collect(Collectors.joining(", ", "[", "]"));
            default -> throw new IllegalArgumentException("reply " + reply);
        };
    }

    private static String quoted(Bytes bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (byte each : bytes.array()) {
            if (each >= ' ' && each < 0x7f) {
                text.append((char) each);
            } else {
                text.append(String.format("\\x%02x", each));
            }
        }
        return text.append('"').toString();
    }
}
