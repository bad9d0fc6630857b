package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All commands, by name. Immutable. */
public final class CommandTable {

    private static final int NAME_SHOWN_MAX = 128;

    private final Map<String, Command> byName = new TreeMap<>();
    private final Map<String, Map<String, Command>> subcommands = new HashMap<>();
    // Most commands have no subcommands and are sent in all capitals or all lower case: they are found without creating
    // a string.
    private final Map<Bytes, Command> byWord = new HashMap<>();

    /** @throws IllegalArgumentException if two commands have the same name */
    public CommandTable(List<Command> commands) {
        for (Command command : commands) {
            if (byName.put(command.name(), command) != null) {
                throw new IllegalArgumentException("command " + command.name() + ": declared twice (expected: once)");
            }
            int space = command.name().indexOf(' ');
            if (space > 0) {
                subcommands
                        .computeIfAbsent(command.name().substring(0, space), any -> new TreeMap<>())
                        .put(command.name().substring(space + 1), command);
            }
        }
        byName.forEach((name, command) -> {
            if (!subcommands.containsKey(name)) {
                byWord.put(Bytes.utf8(name), command);
                byWord.put(Bytes.utf8(name.toLowerCase(Locale.ROOT)), command);
            }
        });
    }

    /** All commands including subcommands, ordered by name. */
    public Collection<Command> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** The names of commands and containers, in order. */
    public Collection<String> names() {
        TreeSet<String> names = new TreeSet<>(subcommands.keySet());
        byName.keySet().stream().filter(name -> name.indexOf(' ') < 0).forEach(names::add);
        return names;
    }

    /** The subcommands of a container, by its name in capitals; empty if it is not a container. */
    public Collection<Command> subcommands(String container) {
        return Collections.unmodifiableCollection(
                subcommands.getOrDefault(container, Map.of()).values());
    }

    /** A command by its name in capitals; null if there is no such command. */
    public @Nullable Command find(String name) {
        return byName.get(name);
    }

    /**
     * The command that a request names.
     *
     * @throws RedisError if there is no such command, or the number of words is wrong
     */
    public Command command(Arguments arguments) {
        Command plain = byWord.get(arguments.get(0));
        Command found = plain == null ? bySpelling(arguments) : plain;
        if (!found.fits(arguments.count())) {
            throw found.wrongArity();
        }
        return found;
    }

    private Command bySpelling(Arguments arguments) {
        String name = capitals(arguments, 0);
        Map<String, Command> subs = subcommands.get(name);
        Command found = subs == null || arguments.count() < 2 ? byName.get(name) : subs.get(capitals(arguments, 1));
        if (found == null) {
            throw subs == null ? unknown(arguments) : unknownSubcommand(name, arguments);
        }
        return found;
    }

    private static String capitals(Arguments arguments, int at) {
        return arguments.text(at).toUpperCase(Locale.ROOT);
    }

    private static RedisError unknown(Arguments arguments) {
        StringBuilder text = new StringBuilder("ERR unknown command '")
                .append(shown(arguments, 0))
                .append("', with args beginning with: ");
        for (int at = 1; at < arguments.count() && text.length() < 2 * NAME_SHOWN_MAX; at++) {
            text.append('\'').append(shown(arguments, at)).append("' ");
        }
        return new RedisError(text.toString());
    }

    private static RedisError unknownSubcommand(String name, Arguments arguments) {
        return arguments.count() < 2
                ? new RedisError("ERR wrong number of arguments for '" + name.toLowerCase(Locale.ROOT) + "' command")
                : new RedisError("ERR unknown subcommand '" + shown(arguments, 1) + "'. Try " + name + " HELP.");
    }

    // An error is one line, so client input must not contain a line break.
    private static String shown(Arguments arguments, int at) {
        String text = arguments.text(at);
        String cut = text.substring(0, Math.min(text.length(), NAME_SHOWN_MAX));
        return cut.replaceAll("[\\r\\n]", " ");
    }
}
