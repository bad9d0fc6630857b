package dev.hence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.cli.command.ExitCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MainTest {

    @Test
    void run_version_printed() {
        for (String word : List.of("--version", "-V", "version")) {
            CommandRun run = CommandRun.of(word);
            assertThat(run.status()).isZero();
            assertThat(run.out()).singleElement().asString().startsWith("hence ");
        }
    }

    @Test
    void run_help_listsCommandsAndExitCodes() {
        CommandRun run = CommandRun.of("help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("  serve     Run a node.");
        for (ExitCode code : ExitCode.values()) {
            assertThat(run.out()).anyMatch(line -> line.startsWith("   " + code.status() + "   "));
        }
        assertThat(CommandRun.of("--help").out()).isEqualTo(run.out());
    }

    @Test
    void run_nothing_usageToStandardError() {
        CommandRun run = CommandRun.of();

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("Usage: hence COMMAND");
    }

    @Test
    void run_helpOfCommand_sameBothWays() {
        for (String command : List.of("serve", "client", "status", "demo")) {
            CommandRun run = CommandRun.of("help", command);
            assertThat(run.status()).isZero();
            assertThat(run.out()).anyMatch(line -> line.startsWith("Usage: hence " + command));
            assertThat(CommandRun.of(command, "--help").out()).isEqualTo(run.out());
        }
    }

    @Test
    void run_helpOfUnknownCommand_usageError() {
        CommandRun run = CommandRun.of("help", "server");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        "hence: server: unknown (expected: one of serve, client, status, rescue, adopt, compare, log, demo, simulate)\n");
    }

    @Test
    void run_misspeltCommand_suggestion() {
        CommandRun run = CommandRun.of("statsu", "localhost:1");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("hence: statsu: unknown (expected: a command of hence; did you mean status?)\n");
    }

    @Test
    void run_misspeltOption_suggestion() {
        CommandRun run = CommandRun.of("serve", "--prot", "5001");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("hence: --prot: unknown (expected: an argument of hence serve; did you mean --port?)\n");
    }

    @Test
    void run_missingArgument_usageError() {
        CommandRun run = CommandRun.of("status");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("URL").contains("hence status --help");
    }

    @Test
    void run_usageErrorWithJson_lineAndObject() throws Exception {
        CommandRun run = CommandRun.of("status", "--json", "--timeout", "soon", "localhost:1");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.json().at("/error/code").asText()).isEqualTo("usage");
        assertThat(run.err())
                .isEqualTo("hence: --timeout: \"soon\" (expected: more than 0, for example 250ms, 2s, 1m or 8h)\n");
    }

    @Test
    void run_failure_stackTraceOnlyWhenAskedFor() {
        String[] request = {"client", "localhost:1", "read", "x"};

        assertThat(CommandRun.of(request).err()).doesNotContain("\tat ");
        assertThat(CommandRun.in(Map.of("HENCE_DEBUG", "1"), request).err()).contains("\tat dev.hence.client");
    }
}
