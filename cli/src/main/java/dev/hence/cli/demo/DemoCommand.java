package dev.hence.cli.demo;

import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Tells the story to three nodes that it starts for the purpose, or to three that are already running. */
public final class DemoCommand implements Command {

    private static final String KEEP = "--keep";
    private static final String AGAINST = "--against";
    private static final int KEY_SUFFIX_BYTES = 3;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "demo",
                "Starts three nodes, on ports 5001 to 5003 if all three are free, with real storage in a temporary"
                        + " directory, and demonstrates causal consistency: each step is executed, shown and"
                        + " checked. The exit code is 0 only if every step succeeds.");
        spec.addOption(Specs.flag(KEEP, "Leave the three nodes running and print commands to try."));
        spec.addOption(Specs.option(
                AGAINST,
                "URL,URL,URL",
                "Run the demo against these three running nodes, which must be started with --lab, instead of"
                        + " starting nodes. It then kills no node and adds a unique suffix to its keys. Other"
                        + " clients should not write meanwhile."));
        return spec.addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure, InterruptedException {
        Performance performance = new Performance(console, Specs.has(arguments, Specs.JSON));
        boolean keep = Specs.has(arguments, KEEP);
        String against = Specs.value(arguments, AGAINST, "");
        if (against.isEmpty()) {
            return tellToNewNodes(performance, keep, console);
        }
        if (keep) {
            throw CommandFailure.usage(KEEP + ": given with " + AGAINST + " (expected: one of the two)");
        }
        return tellToRunningNodes(performance, Arrays.asList(against.split(",")), console);
    }

    private static ExitCode tellToNewNodes(Performance performance, boolean keep, Console console)
            throws CommandFailure, InterruptedException {
        try {
            DemoCluster cluster = new DemoCluster(DemoPlan.choose());
            try (Cleanup _ = new Cleanup(console, cluster::close)) {
                performance.announce(cluster);
                cluster.start();
                Optional<StoryBrokenException> broken;
                try (Trio trio = Trio.of(cluster.urls(), "")) {
                    broken = performance.tell(Story.ofNewNodes(cluster), trio);
                }
                if (broken.isPresent()) {
                    cluster.keepDirectory();
                    performance.concludeBroken(broken.get(), cluster.logs());
                    return ExitCode.FAILED;
                }
                performance.concludeHeld(keep ? cluster : null);
                if (keep) {
                    cluster.keep();
                }
                return ExitCode.OK;
            }
        } catch (IOException failure) {
            throw new CommandFailure(ExitCode.FAILED, "demo", "demo: " + failure.getMessage(), failure);
        }
    }

    private static ExitCode tellToRunningNodes(Performance performance, List<String> urls, Console console)
            throws CommandFailure, InterruptedException {
        Trio trio = Trio.of(urls, keySuffix());
        try (Cleanup _ = new Cleanup(console, trio::close)) {
            Optional<StoryBrokenException> broken = performance.tell(Story.ofRunningNodes(), trio);
            if (broken.isPresent()) {
                performance.concludeBroken(broken.get(), List.of());
                return ExitCode.FAILED;
            }
            performance.concludeHeld(null);
            return ExitCode.OK;
        }
    }

    private static String keySuffix() {
        byte[] random = new byte[KEY_SUFFIX_BYTES];
        new SecureRandom().nextBytes(random);
        return "-" + HexFormat.of().formatHex(random);
    }
}
