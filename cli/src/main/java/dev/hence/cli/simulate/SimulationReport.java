package dev.hence.cli.simulate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.terminal.Console;
import dev.hence.cli.terminal.Style;
import dev.hence.simulator.diagram.Alphabet;
import dev.hence.simulator.diagram.SpaceTimeSvg;
import dev.hence.simulator.diagram.SpaceTimeText;
import dev.hence.simulator.diagram.Story;
import dev.hence.simulator.run.Finding;
import dev.hence.simulator.run.Tally;
import dev.hence.simulator.scenario.Profile;
import dev.hence.simulator.scenario.Scenario;
import dev.hence.simulator.scenario.StepText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Tells how a simulation goes and what it found, to people or to programs. */
final class SimulationReport {
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(2);
    private static final int COLUMNS = 110;
    private static final int SCENES_MAX = 300;

    private final Console console;
    private final boolean json;
    private final String svgFile;

    /** @param svgFile where the picture goes; empty for the usual place */
    SimulationReport(Console console, boolean json, String svgFile) {
        this.console = console;
        this.json = json;
        this.svgFile = svgFile;
    }

    /** Tells at intervals how far it is, until it is closed. */
    final class Progress implements AutoCloseable {
        private final Thread thread;

        private Progress(Supplier<Tally> tally) {
            long startNanos = System.nanoTime();
            thread = Thread.ofVirtual().unstarted(() -> {
                try {
                    while (true) {
                        Thread.sleep(PROGRESS_INTERVAL);
                        console.complain(text(tally.get(), Duration.ofNanos(System.nanoTime() - startNanos)));
                    }
                } catch (InterruptedException closed) {
                    // There is nothing more to tell.
                }
            });
            if (!json) {
                thread.start();
            }
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    Progress progress(Supplier<Tally> tally) {
        return new Progress(tally);
    }

    private static String text(Tally tally, Duration took) {
        double seconds = Math.max(1e-3, took.toNanos() / 1e9);
        String faults = tally.faults().entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%,d %s",
                        entry.getValue(),
                        name(entry.getKey().name())))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%,d seeds, %,.0f a second; %,d requests, %,.0f a second; %,d updates, %,d deliveries;"
                        + " longest buffer %,d; %,.1f h of virtual time; faults: %s",
                tally.runs(),
                tally.runs() / seconds,
                tally.requests(),
                tally.requests() / seconds,
                tally.updates(),
                tally.deliveries(),
                tally.longestBuffer(),
                tally.virtualMicros() / 3.6e9,
                faults.isEmpty() ? "none" : faults);
    }

    private static String name(String kind) {
        return kind.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** No promise was broken. */
    void passed(Tally tally, Duration took) {
        if (json) {
            console.line(json(tally, took).put("passed", true).toString());
            return;
        }
        console.line(text(tally, took));
        console.line(console.styled(Style.GOOD, console.ornament("✓ ", "") + "Every promise held.") + " It took "
                + took.toSeconds() + " s.");
    }

    private static ObjectNode json(Tally tally, Duration took) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("seeds", tally.runs())
                .put("seconds", took.toMillis() / 1e3)
                .put("requests", tally.requests())
                .put("requests_done", tally.done())
                .put("updates", tally.updates())
                .put("deliveries", tally.deliveries())
                .put("longest_buffer", tally.longestBuffer())
                .put("virtual_seconds", tally.virtualMicros() / 1e6);
        ObjectNode faults = node.putObject("faults");
        tally.faults().forEach((kind, count) -> faults.put(kind.name().toLowerCase(Locale.ROOT), count));
        return node;
    }

    /** A promise was broken. */
    void finding(Finding finding) throws IOException {
        Scenario scenario = finding.scenario();
        String again = again(scenario);
        Path picture = picture(scenario);
        Story story =
                Story.of(finding.events(), String.valueOf(finding.violation().getMessage()));
        Files.writeString(picture, new SpaceTimeSvg().draw(story.last(SCENES_MAX)));
        if (json) {
            ObjectNode node = JsonNodeFactory.instance
                    .objectNode()
                    .put("passed", false)
                    .put("seed", scenario.seed())
                    .put("profile", scenario.profile())
                    .put("promise", finding.violation().promise())
                    .put("violation", finding.violation().getMessage())
                    .put("again", again)
                    .put("picture", picture.toString());
            scenario.steps().forEach(step -> node.withArray("/steps").add(StepText.of(step)));
            console.line(node.toString());
            return;
        }
        console.line(console.styled(
                Style.BAD,
                "Seed " + scenario.seed() + " of profile " + scenario.profile() + " breaks a promise: "
                        + finding.violation().getMessage()));
        console.line("");
        int steps = scenario.steps().size();
        console.line("The shortest trace found, " + steps + (steps == 1 ? " step" : " steps") + " in a cluster of "
                + scenario.settings().nodes() + ":");
        scenario.steps().forEach(step -> console.line("  " + StepText.of(step)));
        console.line("");
        console.line(drawn(story));
        console.line("The picture: " + picture);
        console.line("Again: " + console.styled(Style.BOLD, again));
    }

    /** A run that is drawn although no promise was broken. */
    void drawing(OneSeed one) throws IOException {
        Path picture = picture(one.scenario());
        Story story = Story.of(one.events(), null);
        Files.writeString(picture, new SpaceTimeSvg().draw(story.last(SCENES_MAX)));
        if (json) {
            console.line(json(one.tally(), one.took())
                    .put("passed", true)
                    .put("picture", picture.toString())
                    .toString());
            return;
        }
        console.line(drawn(story));
        console.line("The picture: " + picture);
        passed(one.tally(), one.took());
    }

    private String drawn(Story story) {
        Alphabet alphabet = console.ornament("u", "").isEmpty() ? Alphabet.ASCII : Alphabet.UNICODE;
        return new SpaceTimeText(COLUMNS, alphabet).draw(story.last(SCENES_MAX));
    }

    private Path picture(Scenario scenario) {
        return Path.of(svgFile.isEmpty() ? "hence-seed-" + scenario.seed() + ".svg" : svgFile);
    }

    private static String again(Scenario scenario) {
        boolean ownProfile = Profile.ofSeed(scenario.seed()).name().equals(scenario.profile());
        return "hence simulate --from " + scenario.seed() + " --seeds 1"
                + (ownProfile ? "" : " --profile " + scenario.profile());
    }
}
