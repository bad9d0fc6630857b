package dev.hence.cli.status;

import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.Durations;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Failures;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Shows every node of a cluster in a table, once or every second. */
public final class StatusCommand implements Command {

    private static final String WATCH = "--watch";
    private static final String TIMEOUT = "--timeout";
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    // Home, the new lines each cleared to their end, then everything below: no flicker.
    private static final String CURSOR_HOME = "\033[H";
    private static final String CLEAR_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";
    private static final String CLEAR_SCREEN = "\033[2J";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "status",
                "Shows for every node its vector clock, the number of members it follows, the number of known updates"
                        + " that it has not applied (LAG), and the number of received updates that wait for others"
                        + " (WAITING). Nodes that do not answer are shown as such, and the exit code is "
                        + ExitCode.UNREACHABLE.status() + " then.");
        spec.addPositional(
                Specs.arguments(0, "1..*", "URL", "URL of a node: http://localhost:5001 or localhost:5001."));
        spec.addOption(Specs.flag(WATCH, "Refresh every second until Ctrl-C."));
        spec.addOption(Specs.option(TIMEOUT, "DURATION", "How long to wait for a node: 250ms, 2s. Default: 2s."));
        return spec.addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure, InterruptedException {
        boolean json = Specs.has(arguments, Specs.JSON);
        Duration timeout = Durations.parse(TIMEOUT, Specs.value(arguments, TIMEOUT, "2s"));
        try (ClusterInquiry inquiry = new ClusterInquiry(Specs.values(arguments, 0), timeout)) {
            if (Specs.has(arguments, WATCH)) {
                watch(inquiry, json, console);
                return ExitCode.OK;
            }
            List<NodeReport> reports = inquiry.ask();
            ClusterReport cluster = new ClusterReport(reports);
            if (json) {
                console.line(ClusterJson.of(reports));
            } else {
                cluster.lines(console).forEach(console::line);
            }
            return exitCode(reports);
        }
    }

    private static void watch(ClusterInquiry inquiry, boolean json, Console console) throws InterruptedException {
        if (console.coloured() && !json) {
            console.print(CLEAR_SCREEN);
        }
        while (!console.isBroken()) {
            List<NodeReport> reports = inquiry.ask();
            if (json) {
                console.line(ClusterJson.of(reports));
            } else if (console.coloured()) {
                String screen = String.join(CLEAR_LINE + "\n", new ClusterReport(reports).lines(console));
                console.print(CURSOR_HOME + screen + CLEAR_LINE + "\n" + CLEAR_BELOW);
            } else {
                new ClusterReport(reports).lines(console).forEach(console::line);
                console.line("");
            }
            Thread.sleep(WATCH_INTERVAL);
        }
    }

    private static ExitCode exitCode(List<NodeReport> reports) {
        return reports.stream()
                .map(NodeReport::failure)
                .filter(failure -> failure != null)
                .map(Failures::exitCode)
                // Whether it refuses or is slow: for the table it is a node that cannot be looked into.
                .map(code -> code == ExitCode.BEHIND ? ExitCode.UNREACHABLE : code)
                .findFirst()
                .orElse(ExitCode.OK);
    }
}
