package dev.hence.cli.rescue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import dev.hence.core.clock.ReplicaId;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.StorageException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Gives a copy of the data directory of one node to another, which cannot get all updates from logs any more. */
public final class AdoptCommand implements Command {

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "adopt",
                "Gives a copy of the data directory of one node to another node: one that has lost its disk, was away"
                        + " too long, or is new, and needs updates that the logs of its peers do not have any more"
                        + " (issue updates-gone).",
                "",
                "Stop a peer in order, copy its whole data directory, and start the peer again. Then run this command"
                        + " on the copy, and start the node with it: it has what the peer had, writes under a new"
                        + " incarnation, and fetches the rest from its peers.");
        return spec.addPositional(Specs.argument(0, "DATA_DIR", "The copy."))
                .addPositional(Specs.argument(1, "NODE_ID", "The name of the node that will use it."))
                .addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure {
        Path directory = Path.of(arguments.matchedPositionalValue(0, ""));
        String name = arguments.matchedPositionalValue(1, "");
        if (!ReplicaId.isName(name)) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "adopt",
                    "node name: \"" + name + "\" (expected: 1 to 64 of A-Z a-z 0-9 . _ -)",
                    null);
        }
        try {
            ReplicaId adopted = DataDirectory.adopt(directory, name);
            if (Specs.has(arguments, Specs.JSON)) {
                console.line(JsonNodeFactory.instance
                        .objectNode()
                        .put("replica", adopted.toString())
                        .toString());
            } else {
                console.line(directory + " belongs to " + adopted + " now. Start the node with it.");
            }
            return ExitCode.OK;
        } catch (StorageException refused) {
            throw new CommandFailure(ExitCode.FAILED, "adopt", String.valueOf(refused.getMessage()), refused);
        }
    }
}
