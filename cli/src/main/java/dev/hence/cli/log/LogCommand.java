package dev.hence.cli.log;

import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Numbers;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import dev.hence.engine.log.LogCheck;
import dev.hence.engine.log.LogReader;
import dev.hence.engine.log.LogVerdict;
import dev.hence.engine.log.LogVerifier;
import dev.hence.engine.storage.StorageException;
import dev.hence.engine.storage.StoredLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Shows or verifies the log in a data directory. It only reads, so a node may run there. */
public final class LogCommand implements Command {

    private static final String FROM = "--from";
    private static final String LIMIT = "--limit";
    private static final String UPDATES = "--updates";
    private static final String CHECK = "--check";
    private static final long LIMIT_DEFAULT = 1_000;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "log",
                "Shows the log in a data directory: its segment files, and its frames, which are runs of updates of one"
                        + " node. A frame is shown with the place of its first update in the order of local delivery,"
                        + " its updates, the time and vector clock of the first one, the number of operations, its"
                        + " size, and the checksum of the group that was written with it. It changes nothing, and the"
                        + " node may run. A segment that has an index file is taken to be whole.",
                "",
                "With " + CHECK + " it reads every byte instead, decodes every frame, delivers every update in order"
                        + " to the clock with which the log begins, and compares the index files with their segments. The exit code is "
                        + ExitCode.FAILED.status() + " if the log is damaged. A torn end is not damage: the next start"
                        + " of the node drops it.");
        spec.addPositional(Specs.argument(0, "DATA_DIR", "The node's data directory."));
        spec.addOption(Specs.option(FROM, "SEQUENCE", "Begin with the frame that holds this update. Default: 0."));
        spec.addOption(Specs.option(
                LIMIT,
                "N",
                "Show at most this number of frames, or of updates with " + UPDATES + ". Default: " + LIMIT_DEFAULT
                        + "."));
        spec.addOption(Specs.flag(UPDATES, "Show each update of a frame and the keys that it changes."));
        spec.addOption(Specs.flag(CHECK, "Verify the whole log."));
        return spec.addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure {
        Path directory = Path.of(arguments.matchedPositionalValue(0, ""));
        long from = Numbers.value(arguments, FROM, 0, 0, Long.MAX_VALUE);
        long limit = Numbers.value(arguments, LIMIT, LIMIT_DEFAULT, 1, Long.MAX_VALUE);
        boolean check = Specs.has(arguments, CHECK);
        for (String option : List.of(FROM, LIMIT, UPDATES)) {
            if (check && arguments.hasMatchedOption(option)) {
                throw CommandFailure.usage(option + ": not with " + CHECK + ", which reads the whole log");
            }
        }
        try {
            Path log = StoredLog.find(directory);
            boolean json = Specs.has(arguments, Specs.JSON);
            return check
                    ? verify(log, json, console)
                    : show(log, from, limit, Specs.has(arguments, UPDATES), json, console);
        } catch (IOException failed) {
            throw failure(StoredLog.unreadable(directory, failed));
        } catch (StorageException refused) {
            throw failure(refused);
        }
    }

    private static CommandFailure failure(StorageException refused) {
        return new CommandFailure(ExitCode.FAILED, "log", String.valueOf(refused.getMessage()), refused);
    }

    private static ExitCode verify(Path log, boolean json, Console console) throws IOException {
        LogVerdict verdict = LogVerifier.verify(log);
        output(json, console, new ShortNames(List.of())).verdict(verdict);
        return verdict.isWhole() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static ExitCode show(Path log, long from, long limit, boolean updates, boolean json, Console console)
            throws IOException, CommandFailure {
        LogReader reader = LogReader.of(log, true);
        LogOutput output = output(json, console, new ShortNames(reader.origins()));
        output.segments(reader.segments());
        LogListing listing = new LogListing(output, console, from, limit, updates);
        reader.forEach(from, listing::show);
        output.end(listing.next(), Math.max(0, reader.endSequence() - listing.next()), reader.check());
        LogCheck.Damage damage = reader.check().damage();
        if (damage != null) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "log",
                    damage.file() + ": byte " + damage.offset() + ": no whole group (expected: one, because groups"
                            + " follow); " + CHECK + " verifies the whole log",
                    null);
        }
        return ExitCode.OK;
    }

    private static LogOutput output(boolean json, Console console, ShortNames names) {
        return json ? new LogJson(console, names) : new LogText(console, names);
    }
}
