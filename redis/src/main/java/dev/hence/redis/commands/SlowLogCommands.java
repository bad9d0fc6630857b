package dev.hence.redis.commands;

import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Session;
import dev.hence.redis.node.SlowLog;
import java.util.List;

/** SLOWLOG: the most recent slow commands. */
final class SlowLogCommands {

    private static final long SHOWN_DEFAULT = 10;

    private SlowLogCommands() {}

    static List<Command> all() {
        return List.of(
                command("GET", "[count]", -2)
                        .summary("Returns the newest entries of the slow log: commands that took longer than"
                                + " slowlog-log-slower-than microseconds. The default count is 10, and -1 returns"
                                + " all. The time is measured from reading the command until the reply is ready,"
                                + " disk time included; the time that a blocking command was blocked does not"
                                + " count.")
                        .onSession(SlowLogCommands::get),
                command("LEN", "", 2)
                        .summary("Returns the number of entries in the slow log.")
                        .onSession((session, arguments) ->
                                Reply.of(session.commons().slowLog().size())),
                command("RESET", "", 2)
                        .summary("Clears all entries from the slow log.")
                        .onSession((session, arguments) -> {
                            session.commons().slowLog().clear();
                            return Reply.OK;
                        }),
                command("HELP", "", 2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "SLOWLOG")));
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.SERVER, "SLOWLOG " + name, syntax).arity(arity).flags(Flag.ADMIN);
    }

    private static Reply get(Session session, Arguments arguments) {
        if (arguments.count() > 3) {
            throw new RedisError("ERR wrong number of arguments for 'slowlog|get' command");
        }
        long count = arguments.count() < 3
                ? SHOWN_DEFAULT
                : arguments.integer(2, -1, Long.MAX_VALUE, "count should be greater than or equal to -1");
        List<SlowLog.Entry> entries = session.commons().slowLog().newest(count < 0 ? Long.MAX_VALUE : count);
        return new Reply.Array(entries.stream().map(SlowLogCommands::entry).toList());
    }

    private static Reply entry(SlowLog.Entry entry) {
        return new Reply.Array(List.of(
                Reply.of(entry.id()),
                Reply.of(entry.atSeconds()),
                Reply.of(entry.micros()),
                Reply.ofAll(entry.words()),
                Reply.of(entry.address()),
                Reply.of(entry.clientName())));
    }
}
