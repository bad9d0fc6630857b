package dev.hence.cli.simulate;

import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.Durations;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Numbers;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import dev.hence.simulator.run.Campaign;
import dev.hence.simulator.run.Finding;
import dev.hence.simulator.run.Promises;
import dev.hence.simulator.scenario.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Runs simulated clusters, seed after seed, and explains the first broken promise. */
public final class SimulateCommand implements Command {
    private static final String SEEDS = "--seeds";
    private static final String FROM = "--from";
    private static final String PROFILE = "--profile";
    private static final String FOR = "--for";
    private static final String THREADS = "--threads";
    private static final String HISTORY = "--history";
    private static final String DRAW = "--draw";
    private static final String SVG = "--svg";
    private static final long SEEDS_DEFAULT = 1_000;
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "simulate",
                "Runs the core of Hence in simulated clusters: a network that delays, reorders and cuts messages;"
                        + " nodes that crash, lose what was not synced and come back; clocks that jump. Every run"
                        + " is reproducible from its seed, and is checked. At the first broken promise the command"
                        + " stops, searches for the shortest trace that still breaks it, and draws that trace. The"
                        + " exit code is 0 only if every seed passes.");
        spec.addOption(Specs.option(SEEDS, "N", "Number of seeds to run; 1000 unless " + FOR + " is given."));
        spec.addOption(Specs.option(FROM, "S", "The first seed. Default: 1."));
        spec.addOption(Specs.option(
                PROFILE,
                "NAME",
                "The kind of faults. Without it, the seed selects the profile. One of: "
                        + Profile.NAMED.stream()
                                .map(profile -> profile.name() + " (" + profile.summary() + ")")
                                .collect(Collectors.joining("; "))
                        + "."));
        spec.addOption(Specs.option(FOR, "DURATION", "Run for this duration: 90s, 30m, 8h."));
        spec.addOption(
                Specs.option(THREADS, "N", "Number of seeds to run in parallel. Default: the number of processors."));
        spec.addOption(
                Specs.option(HISTORY, "FILE", "Run one seed and write its client history to a file of JSON lines."));
        spec.addOption(Specs.flag(DRAW, "Run one seed and draw the run even if no promise is broken."));
        spec.addOption(Specs.option(SVG, "FILE", "File for the diagram of a drawn run. Default: hence-seed-S.svg."));
        return spec.addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure, InterruptedException {
        long from = Numbers.value(arguments, FROM, 1, 0, Long.MAX_VALUE);
        String svg = Specs.value(arguments, SVG, "");
        SimulationReport report = new SimulationReport(console, Specs.has(arguments, Specs.JSON), svg);
        try {
            if (Specs.has(arguments, DRAW)
                    || !Specs.value(arguments, HISTORY, "").isEmpty()) {
                return runOne(arguments, from, report);
            }
            return runMany(arguments, from, report);
        } catch (IOException failed) {
            throw new CommandFailure(ExitCode.FAILED, "simulation", "simulate: " + failed, failed);
        }
    }

    private static ExitCode runOne(ParseResult arguments, long from, SimulationReport report)
            throws CommandFailure, IOException {
        if (Numbers.value(arguments, SEEDS, 1, 1, Long.MAX_VALUE) != 1
                || !Specs.value(arguments, FOR, "").isEmpty()) {
            throw CommandFailure.usage(
                    HISTORY + " and " + DRAW + ": only for a single seed (expected: " + SEEDS + " 1)");
        }
        Profile profile = profile(arguments);
        String history = Specs.value(arguments, HISTORY, "");
        OneSeed one = OneSeed.run(
                (profile == null ? Profile.ofSeed(from) : profile).scenario(from),
                history.isEmpty() ? null : Path.of(history));
        if (one.violation() != null) {
            report.finding(one.finding());
            return ExitCode.FAILED;
        }
        if (Specs.has(arguments, DRAW)) {
            report.drawing(one);
        } else {
            report.passed(one.tally(), one.took());
        }
        return ExitCode.OK;
    }

    private static ExitCode runMany(ParseResult arguments, long from, SimulationReport report)
            throws CommandFailure, InterruptedException, IOException {
        Duration limit = limit(arguments);
        long seeds = Numbers.value(arguments, SEEDS, limit == null ? SEEDS_DEFAULT : Long.MAX_VALUE, 1, Long.MAX_VALUE);
        int processors = Runtime.getRuntime().availableProcessors();
        int threads = (int) Numbers.value(arguments, THREADS, processors, 1, 1_024);
        Campaign campaign = new Campaign(Promises::new, profile(arguments), from, seeds);
        long startNanos = System.nanoTime();
        long limitNanos = (limit == null ? FOR_EVER : limit).toNanos();
        BooleanSupplier enough = () -> System.nanoTime() - startNanos > limitNanos;
        Optional<Finding> finding;
        try (SimulationReport.Progress _ = report.progress(campaign::tally)) {
            finding = campaign.run(threads, enough);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        if (finding.isPresent()) {
            report.finding(finding.get());
            return ExitCode.FAILED;
        }
        report.passed(campaign.tally(), took);
        return ExitCode.OK;
    }

    private static @Nullable Duration limit(ParseResult arguments) throws CommandFailure {
        String given = Specs.value(arguments, FOR, "");
        return given.isEmpty() ? null : Durations.parse(FOR, given);
    }

    private static @Nullable Profile profile(ParseResult arguments) throws CommandFailure {
        String given = Specs.value(arguments, PROFILE, "");
        if (given.isEmpty()) {
            return null;
        }
        return Profile.named(given)
                .orElseThrow(() -> CommandFailure.usage(
                        PROFILE + ": \"" + given + "\" (expected: one of " + String.join(", ", Profile.names()) + ")"));
    }
}
