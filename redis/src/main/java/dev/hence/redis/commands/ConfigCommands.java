package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Session;
import dev.hence.redis.node.Parameters.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** CONFIG: the settings of the node, and the few that can be changed while it runs. */
final class ConfigCommands {

    private ConfigCommands() {}

    static List<Command> all() {
        return List.of(
                command("GET", "parameter [parameter ...]", -3)
                        .summary("Returns the configuration parameters whose names match one of the patterns: the"
                                + " node's own settings, and Redis parameters that clients look for.")
                        .onSession(ConfigCommands::get),
                command("SET", "parameter value [parameter value ...]", -4)
                        .summary("Sets slowlog-log-slower-than and slowlog-max-len until the node stops. All other"
                                + " parameters can only be set at the start.")
                        .onSession(ConfigCommands::set),
                command("RESETSTAT", "", 2)
                        .summary("Resets the statistics of commands, connections, lookups, bytes and errors to zero.")
                        .onSession((session, arguments) -> {
                            session.commons().usage().reset();
                            return Reply.OK;
                        }),
                command("REWRITE", "", 2)
                        .flags(Flag.REFUSED)
                        .summary("Not supported: a node does not write its configuration.")
                        .onSession((session, arguments) -> {
                            throw new RedisError(
                                    "ERR CONFIG REWRITE: the node does not write its configuration (expected:"
                                            + " flags, environment or a file that its operator keeps)");
                        }),
                command("HELP", "", 2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "CONFIG")));
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.SERVER, "CONFIG " + name, syntax).arity(arity).flags(Flag.ADMIN);
    }

    private static Reply get(Session session, Arguments arguments) {
        List<Glob> patterns = arguments.from(2).stream()
                .map(pattern -> new Glob(Bytes.utf8(pattern.toString().toLowerCase(Locale.ROOT))))
                .toList();
        List<Reply> both = new ArrayList<>();
        session.commons()
                .parameters()
                .values(name -> patterns.stream().anyMatch(pattern -> pattern.matches(name)))
                .forEach((name, value) -> {
                    both.add(Reply.of(name));
                    both.add(Reply.of(value));
                });
        return new Reply.MapOf(both);
    }

    private static Reply set(Session session, Arguments arguments) {
        if (arguments.count() % 2 != 0) {
            throw new RedisError("ERR wrong number of arguments for 'config|set' command");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int at = 2; at < arguments.count(); at += 2) {
            if (values.put(arguments.text(at), arguments.text(at + 1)) != null) {
                throw failed(arguments.text(at), "duplicate parameter");
            }
        }
        Refusal refusal = session.commons().parameters().set(values);
        return switch (refusal) {
            case null -> Reply.OK;
            case Refusal.Unknown(String name) ->
                throw new RedisError("ERR Unknown option or number of arguments for CONFIG SET - '" + name + "'");
            case Refusal.Fixed(String name)
            when name.equals("notify-keyspace-events") ->
                throw failed(name, "notifications of changed keys are not supported; follow the feed over HTTP");
            case Refusal.Fixed(String name) -> throw failed(name, "can't set immutable config");
            case Refusal.Wrong(String name, long min, long max) ->
                throw failed(name, "argument must be between " + min + " and " + max);
        };
    }

    private static RedisError failed(String name, String why) {
        return new RedisError("ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why);
    }
}
