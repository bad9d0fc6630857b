package dev.hence.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.cli.CommandRun;
import dev.hence.cli.terminal.Console;
import dev.hence.simulator.check.Checker;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.run.Campaign;
import dev.hence.simulator.run.Finding;
import dev.hence.simulator.scenario.Profile;
import dev.hence.simulator.trace.Event;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulateCommandTest {
    @TempDir
    private Path directory;

    @Test
    void simulate_fewSeeds_tellsWhatItDidAndThatAllHeld() {
        CommandRun run = CommandRun.of("simulate", "--seeds", "12", "--from", "100");

        assertThat(run.status()).isZero();
        assertThat(run.out().getFirst()).startsWith("12 seeds, ").contains(" requests, ", "faults: ");
        assertThat(run.out().getLast()).contains("Every promise held.");
    }

    @Test
    void simulate_json_isOneDocumentWithTheNumbers() throws IOException {
        JsonNode json = CommandRun.of("simulate", "--seeds", "11", "--json", "--threads", "1")
                .json();

        assertThat(json.path("passed").asBoolean()).isTrue();
        assertThat(json.path("seeds").asLong()).isEqualTo(11);
        assertThat(json.path("requests").asLong()).isPositive();
        assertThat(json.path("faults").path("cut").asLong()).isPositive();
    }

    @Test
    void simulate_sameSeedTwice_doesTheSame() throws IOException {
        JsonNode one = CommandRun.of("simulate", "--seeds", "22", "--json").json();
        JsonNode other = CommandRun.of("simulate", "--seeds", "22", "--json", "--threads", "1")
                .json();

        assertThat(one.path("requests")).isEqualTo(other.path("requests"));
        assertThat(one.path("deliveries")).isEqualTo(other.path("deliveries"));
        assertThat(one.path("faults")).isEqualTo(other.path("faults"));
    }

    @Test
    void simulate_forSomeTime_endsWhenItIsOver() {
        CommandRun run = CommandRun.of("simulate", "--for", "1ms", "--profile", "calm");

        assertThat(run.status()).isZero();
        assertThat(run.out().getLast()).contains("Every promise held.");
    }

    @Test
    void draw_oneSeed_showsTheDiagramAndWritesThePicture() throws IOException {
        Path svg = directory.resolve("run.svg");

        CommandRun run =
                CommandRun.of("simulate", "--from", "3", "--profile", "calm", "--draw", "--svg", svg.toString());

        assertThat(run.status()).isZero();
        assertThat(run.out()).anyMatch(line -> line.contains("node1") && line.contains("node2"));
        assertThat(run.out()).contains("The picture: " + svg);
        assertThat(Files.readString(svg)).startsWith("<?xml").contains("</svg>");
    }

    @Test
    void history_oneSeed_writesALineForEachTransaction() throws IOException {
        Path history = directory.resolve("history.jsonl");

        CommandRun run = CommandRun.of("simulate", "--from", "3", "--history", history.toString());

        assertThat(run.status()).isZero();
        assertThat(Files.readAllLines(history))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("{") && line.contains("\"session\""));
    }

    @Test
    void history_directoryThatIsNotThere_isSaid() {
        CommandRun run = CommandRun.of("simulate", "--history", "/no/such/directory/history.jsonl");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("/no/such/directory/history.jsonl");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --seeds 0        | --seeds: "0" (expected: a whole number of at least 1)
            --seeds many     | --seeds: "many" (expected: a whole number of at least 1)
            --from -1        | --from: "-1" (expected: a whole number of at least 0)
            --threads 2000   | --threads: "2000" (expected: a whole number of at least 1 and at most 1024)
            --for soon       | --for: "soon" (expected: more than 0, for example 250ms, 2s, 1m or 8h)
            --profile stormy | --profile: "stormy" (expected: one of calm, network, relay,
            --draw --seeds 2 | --history and --draw: only for a single seed (expected: --seeds 1)
            """)
    void simulate_wrongArguments_areUsageErrors(String arguments, String complaint) {
        CommandRun run = CommandRun.of(("simulate " + arguments).split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(complaint);
    }

    @Test
    void finding_brokenPromise_isExplainedWithTheTraceThePictureAndTheCommand() throws Exception {
        StringWriter out = new StringWriter();
        Path svg = directory.resolve("broken.svg");
        SimulationReport report =
                new SimulationReport(new Console(out, new StringWriter(), false, true), false, svg.toString());

        report.finding(aBrokenPromise());

        assertThat(out.toString())
                .contains("breaks a promise: nobody writes")
                .contains("The shortest trace found, 1 step in a cluster of ")
                .contains("client c")
                .contains("The picture: " + svg)
                .containsPattern("Again: hence simulate --from \\d+ --seeds 1 --profile calm");
        assertThat(Files.readString(svg)).contains("nobody writes");
    }

    /** A promise that clusters do break. */
    private static Finding aBrokenPromise() throws InterruptedException {
        Checker nobodyWrites = event -> {
            if (event instanceof Event.Made made) {
                throw new Violation("nobody writes", made.update().dot());
            }
        };
        return new Campaign(() -> nobodyWrites, Profile.named("calm").orElseThrow(), 1, 20)
                .run(1, () -> false)
                .orElseThrow();
    }
}
