package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.CommandTable;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code COMMAND}: introspection of the command table. */
final class IntrospectionCommands {

    private final CommandTable table;

    private IntrospectionCommands(Session session) {
        this.table = session.commands();
    }

    static List<Command> all() {
        return List.of(
                Command.of(Group.SERVER, "COMMAND", "")
                        .summary("Returns information about all commands, in the format of COMMAND INFO.")
                        .flags(Flag.WALKS)
                        .atOnce((session, arguments) -> of(session).info()),
                command("COUNT", "", 2)
                        .summary("Returns the number of commands, not counting subcommands.")
                        .atOnce((session, arguments) ->
                                Reply.of(of(session).names().size())),
                command("LIST", "[FILTERBY MODULE name | ACLCAT category | PATTERN pattern]", -2)
                        .summary("Returns the names of commands and subcommands.")
                        .flags(Flag.WALKS)
                        .atOnce((session, arguments) -> of(session).list(arguments)),
                command("INFO", "[command-name [command-name ...]]", -2)
                        .summary("Returns the arity, flags, key positions, categories and subcommands of commands.")
                        .flags(Flag.WALKS)
                        .atOnce((session, arguments) -> of(session).info(arguments)),
                command("DOCS", "[command-name [command-name ...]]", -2)
                        .summary("Returns the summary, group and syntax of commands.")
                        .flags(Flag.WALKS)
                        .atOnce((session, arguments) -> of(session).docs(arguments)),
                command("GETKEYS", "command [arg ...]", -3)
                        .summary("Extracts the key names from a command.")
                        .atOnce((session, arguments) -> of(session).keys(new Arguments(arguments.from(2)))),
                command("HELP", "", 2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "COMMAND")));
    }

    private static IntrospectionCommands of(Session session) {
        return new IntrospectionCommands(session);
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.SERVER, "COMMAND " + name, syntax).arity(arity);
    }

    /** The names of visible commands, including containers of subcommands. */
    private List<String> names() {
        return table.names().stream()
                .filter(name -> find(name) != null || !subcommands(name).isEmpty())
                .toList();
    }

    /**
     * A visible command. Commands that are always rejected are hidden, because clients would assume that they are
     * supported.
     */
    private @Nullable Command find(String name) {
        Command command = table.find(name);
        return command == null || command.isRefused() ? null : command;
    }

    private List<Command> subcommands(String container) {
        return table.subcommands(container).stream()
                .filter(command -> !command.isRefused())
                .toList();
    }

    /** The names in a request, spelled as in the table; all names if the request has none. */
    private List<String> asked(Arguments arguments) {
        return arguments.count() == 2
                ? names()
                : arguments.from(2).stream()
                        .map(word -> word.toString().toUpperCase(Locale.ROOT).replace('|', ' '))
                        .toList();
    }

    private static String shown(String name) {
        return name.toLowerCase(Locale.ROOT).replace(' ', '|');
    }

    private Reply list(Arguments arguments) {
        Stream<String> names = names().stream()
                .flatMap(name -> Stream.concat(
                        Stream.of(name), subcommands(name).stream().map(Command::name)));
        if (arguments.count() == 5 && arguments.is(2, "FILTERBY")) {
            names = names.filter(filter(arguments));
        } else if (arguments.count() != 2) {
            throw RedisError.syntax();
        }
        return new Reply.Array(
                names.map(IntrospectionCommands::shown).map(Reply::of).toList());
    }

    private Predicate<String> filter(Arguments arguments) {
        String value = arguments.text(4);
        if (arguments.is(3, "ACLCAT")) {
            String category = "@" + value.toLowerCase(Locale.ROOT);
            return name -> {
                Command command = find(name);
                return command != null && CommandSpecs.categories(command).contains(category);
            };
        }
        if (arguments.is(3, "PATTERN")) {
            Glob pattern = new Glob(arguments.get(4));
            return name -> pattern.matches(Bytes.utf8(shown(name)));
        }
        if (arguments.is(3, "MODULE")) {
            return name -> false;
        }
        throw RedisError.syntax();
    }

    private Reply info() {
        return info(names());
    }

    private Reply info(Arguments arguments) {
        return info(asked(arguments));
    }

    private Reply info(Collection<String> names) {
        List<Reply> all = new ArrayList<>();
        for (String name : names) {
            Command command = find(name);
            List<Command> subcommands = subcommands(name);
            all.add(
                    command != null
                            ? CommandSpecs.info(command, subcommands)
                            : subcommands.isEmpty() ? Reply.NULL_ARRAY : CommandSpecs.info(name, subcommands));
        }
        return new Reply.Array(all);
    }

    private Reply docs(Arguments arguments) {
        return docs(asked(arguments));
    }

    private Reply docs(Collection<String> names) {
        List<Reply> all = new ArrayList<>();
        for (String name : names) {
            Command command = find(name);
            List<Command> subcommands = subcommands(name);
            if (command != null || !subcommands.isEmpty()) {
                all.add(Reply.of(shown(name)));
                all.add(docs(command, subcommands));
            }
        }
        return new Reply.MapOf(all);
    }

    private static Reply docs(@Nullable Command command, Collection<Command> subcommands) {
        List<Reply> facts = new ArrayList<>();
        Group group = command == null ? subcommands.iterator().next().group() : command.group();
        put(facts, "summary", command == null ? "A container for subcommands." : command.summary());
        put(facts, "group", group.redisName());
        if (command != null && !command.syntax().isEmpty()) {
            facts.add(Reply.of("arguments"));
            facts.add(new Reply.Array(List.of(argument(command.syntax()))));
        }
        if (command != null && !command.concurrently().isEmpty()) {
            put(facts, "concurrently", command.concurrently());
        }
        if (!subcommands.isEmpty()) {
            List<Reply> inner = new ArrayList<>();
            for (Command each : subcommands) {
                inner.add(Reply.of(shown(each.name())));
                inner.add(docs(each, List.of()));
            }
            facts.add(Reply.of("subcommands"));
            facts.add(new Reply.MapOf(inner));
        }
        return new Reply.MapOf(facts);
    }

    /** All arguments as one, named by their syntax, which clients show as a hint while the user types. */
    private static Reply argument(String syntax) {
        List<Reply> facts = new ArrayList<>();
        put(facts, "name", syntax);
        put(facts, "type", "string");
        put(facts, "display_text", syntax);
        return new Reply.MapOf(facts);
    }

    private static void put(List<Reply> facts, String name, String value) {
        facts.add(Reply.of(name));
        facts.add(Reply.of(value));
    }

    private Reply keys(Arguments asked) {
        Command command;
        try {
            command = table.command(asked);
        } catch (RedisError refused) {
            String name = asked.text(0).toUpperCase(Locale.ROOT);
            throw new RedisError(
                    find(name) == null
                            ? "ERR Invalid command specified"
                            : "ERR Invalid number of arguments specified for command");
        }
        if (command.isRefused()) {
            throw new RedisError("ERR Invalid command specified");
        }
        List<Bytes> keys = command.keys().keys(asked);
        if (keys.isEmpty()) {
            throw new RedisError("ERR The command has no key arguments");
        }
        return Reply.ofAll(keys);
    }
}
