package dev.hence.redis.commands;

import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.CommandTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The reply to {@code HELP} for a container: the syntax and summary of each subcommand. */
final class Help {

    private Help() {}

    /** The help text of a container, looked up by its name in capitals. */
    static Reply of(CommandTable commands, String container) {
        List<Reply> lines = new ArrayList<>();
        lines.add(new Reply.Simple(container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
        for (Command command : commands.subcommands(container)) {
            String word = command.name().substring(container.length() + 1);
            Stream.of((word + " " + command.syntax()).strip(), "    " + command.summary())
                    .map(Reply.Simple::new)
                    .forEach(lines::add);
        }
        return new Reply.Array(lines);
    }
}
