package dev.hence.cli.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.cli.CommandRun;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.terminal.Console;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Three real nodes in this process, with every command run against them. */
final class RehearseCommandTest {

    private final Map<String, CommandRun> runs = new ConcurrentHashMap<>();

    @Test
    void run_everyCommand_endsAsItShould() throws Exception {
        RehearseCommand rehearsal = new RehearseCommand(arguments -> {
            CommandRun run = CommandRun.of(arguments);
            runs.put(name(arguments), run);
            return Arrays.stream(ExitCode.values())
                    .filter(code -> code.status() == run.status())
                    .findFirst()
                    .orElseThrow();
        });

        ExitCode exitCode = rehearsal.run(new CommandLine(rehearsal.spec()).parseArgs(), Console.ofNobody());

        assertThat(exitCode).isEqualTo(ExitCode.OK);
        assertThat(ran("demo").err()).isEmpty();
        assertThat(ran("demo").out()).endsWith("Every step succeeded.");
        assertThat(ran("client write --json").status()).isZero();
        assertThat(ran("client delete --json").status()).isZero();
        assertThat(ran("client read --json").json().at("/error/code").asText()).isEqualTo("unreachable");
        assertThat(ran("status --json").json().at("/nodes/2/reachable").asBoolean())
                .isTrue();
        assertThat(ran("status").status()).as("a node that is not there").isEqualTo(3);
        assertThat(ran("serve").out()).anyMatch(line -> line.contains(" serves on port "));
    }

    private CommandRun ran(String name) {
        return Objects.requireNonNull(runs.get(name), name);
    }

    /** The command, its request if it has one, and whether it prints JSON. */
    private static String name(String... arguments) {
        String request = arguments[0].equals("client") ? " " + arguments[2] : "";
        return arguments[0] + request + (Arrays.asList(arguments).contains("--json") ? " --json" : "");
    }
}
