package dev.hence.cli.compare;

import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.Durations;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import dev.hence.client.HenceClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Compares all that nodes hold. Nodes are equal once they have applied the same updates, so it waits for that, and a
 * difference counts only if no update came while the nodes were read.
 */
public final class CompareCommand implements Command {

    private static final String TIMEOUT = "--timeout";
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "compare",
                "Compares all keys of several nodes: types, values with their siblings, elements, deadlines. It waits"
                        + " until the nodes have applied the same updates, and reads again if new ones arrive"
                        + " meanwhile. A key that expires while it reads does not count as a difference. The exit"
                        + " code is "
                        + ExitCode.FAILED.status() + " if they differ, "
                        + ExitCode.BEHIND.status() + " if they did not settle in time.");
        spec.addPositional(
                Specs.arguments(0, "2..*", "URL", "URL of a node: http://localhost:5001 or localhost:5001."));
        spec.addOption(
                Specs.option(TIMEOUT, "DURATION", "How long to wait until the nodes settle: 10s, 2m. Default: 30s."));
        return spec.addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure, InterruptedException {
        List<String> urls = Specs.values(arguments, 0);
        Duration timeout = Durations.parse(TIMEOUT, Specs.value(arguments, TIMEOUT, "30s"));
        List<HenceClient> nodes = new ArrayList<>();
        try {
            for (String url : urls) {
                nodes.add(client(url));
            }
            return compare(nodes, urls, timeout, Specs.has(arguments, Specs.JSON), console);
        } finally {
            nodes.forEach(HenceClient::close);
        }
    }

    private static HenceClient client(String url) throws CommandFailure {
        try {
            return HenceClient.builder()
                    .nodes(url)
                    .deadline(CALL_TIMEOUT)
                    .roundsMax(1)
                    .build();
        } catch (IllegalArgumentException malformed) {
            throw new CommandFailure(ExitCode.USAGE, "usage", String.valueOf(malformed.getMessage()), malformed);
        }
    }

    private static ExitCode compare(
            List<HenceClient> nodes, List<String> urls, Duration timeout, boolean json, Console console)
            throws CommandFailure, InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        List<Map<String, Long>> clocks = clocks(nodes);
        while (true) {
            if (new HashSet<>(clocks).size() == 1) {
                Comparison comparison = Comparison.of(
                        nodes.stream().map(FingerprintCursor.Pages::of).toList(), InstantSource.system());
                List<Map<String, Long>> afterwards = clocks(nodes);
                if (comparison.different() == 0 || afterwards.equals(clocks)) {
                    console.line(json ? CompareJson.of(comparison, urls) : told(comparison, urls));
                    return comparison.different() == 0 ? ExitCode.OK : ExitCode.FAILED;
                }
                clocks = afterwards;
            } else {
                Thread.sleep(PAUSE);
                clocks = clocks(nodes);
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new CommandFailure(
                        ExitCode.BEHIND,
                        "not-at-rest",
                        "nodes: not settled within " + timeout.toSeconds() + " s, at " + clocks
                                + " (expected: equal clocks, and no updates while they are read)",
                        null);
            }
        }
    }

    private static List<Map<String, Long>> clocks(List<HenceClient> nodes) {
        return nodes.stream().map(CompareCommand::clock).toList();
    }

    private static Map<String, Long> clock(HenceClient node) {
        Map<String, Long> clock = new TreeMap<>(node.status().vectorClock());
        // Not every node knows of members that have written nothing.
        clock.values().removeIf(counter -> counter == 0);
        return clock;
    }

    private static String told(Comparison comparison, List<String> urls) {
        String expired = comparison.expired() == 0 ? "" : ", " + comparison.expired() + " of them expired meanwhile";
        if (comparison.different() == 0) {
            return "equal: " + comparison.keys() + " keys at " + urls.size() + " nodes" + expired;
        }
        StringBuilder lines = new StringBuilder("different: ")
                .append(comparison.different())
                .append(" of ")
                .append(comparison.keys())
                .append(" keys")
                .append(expired);
        for (Comparison.Difference difference : comparison.some()) {
            lines.append("\n  ").append(difference.key()).append(": ").append(difference.told(urls));
        }
        if (comparison.different() > comparison.some().size()) {
            lines.append("\n  ...");
        }
        return lines.toString();
    }
}
