package dev.hence.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.cli.CommandRun;
import dev.hence.node.config.Setting;
import dev.hence.node.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

final class ServeCommandTest {

    @Test
    void help_everySetting_withItsVariable() {
        String help = String.join("\n", CommandRun.of("serve", "--help").out());

        for (Setting<?> setting : Settings.ALL) {
            assertThat(help).contains(setting.flag()).contains("[" + setting.variable() + "]");
        }
    }

    @Test
    void options_everyForm_givenByKey() {
        assertThat(given("--port", "1", "--host=h", "--lab", "--log-updates=false"))
                .isEqualTo(Map.of("port", "1", "host", "h", "lab", "true", "log-updates", "false"));
        assertThat(given("--lab", "false", "--peers", "a:1,b:2")).isEqualTo(Map.of("lab", "false", "peers", "a:1,b:2"));
        assertThat(given()).isEmpty();
    }

    @Test
    void run_wrongConfiguration_allProblemsAndStatus2() {
        CommandRun run = CommandRun.in(Map.of("FSYNC", "maybe"), "serve", "--node-id", "n", "--port", "65536");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                        hence: invalid configuration
                          port: "65536", from --port (expected: a number, 0 to 65535)
                          fsync: "maybe", from environment variable FSYNC (expected: always, everysec, never)
                        """);
    }

    private static Map<String, String> given(String... args) {
        ParseResult parsed = new CommandLine(new ServeCommand(Map.of()).spec()).parseArgs(args);
        return SettingOptions.given(parsed);
    }
}
