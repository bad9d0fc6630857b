package dev.hence.cli.rescue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.rescue.RescueOrder;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Sets a forked data directory aside, so that the next start of its node reissues what no other node has. */
public final class RescueCommand implements Command {

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "rescue",
                "Sets aside a data directory that has forked, as reported by the status of its node: its disk was"
                        + " rolled back to an earlier state and written to before the node heard from the others."
                        + " The node must be stopped.",
                "",
                "Then start the node with its usual settings. It fetches everything from its peers, waits until it"
                        + " follows every configured peer and lacks nothing, and reissues the updates written here"
                        + " that no peer has, under a new incarnation. Until then it rejects writes. The directory"
                        + " set aside, DATA_DIR/forked, is never removed. If this command is interrupted, the next"
                        + " start of the node completes it.");
        return spec.addPositional(Specs.argument(0, "DATA_DIR", "The node's data directory."))
                .addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure {
        Path directory = Path.of(arguments.matchedPositionalValue(0, ""));
        try {
            Path aside = RescueOrder.give(directory);
            if (Specs.has(arguments, Specs.JSON)) {
                console.line(JsonNodeFactory.instance
                        .objectNode()
                        .put("set_aside", aside.toString())
                        .toString());
            } else {
                console.line("set aside: " + aside);
                console.line("Start the node as usual: it reissues the updates written there that no peer has.");
            }
            return ExitCode.OK;
        } catch (StorageException refused) {
            throw new CommandFailure(ExitCode.FAILED, "rescue", String.valueOf(refused.getMessage()), refused);
        }
    }
}
