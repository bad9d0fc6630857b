package dev.hence.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/configuration.md} to the table of settings. To write the page anew:
 *
 * <pre>./mvnw -q -pl server -am test -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dhence.docs.write=true</pre>
 */
final class ConfigurationPageTest {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void page_fromTheTable_isWhatIsCommitted() throws IOException {
        String expected = page();
        if (Boolean.getBoolean("hence.docs.write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md is not what Settings says; write it anew with -Dhence.docs.write=true")
                .isEqualTo(expected);
    }

    private static String page() {
        String sections = Arrays.stream(Setting.Section.values())
                .map(ConfigurationPageTest::section)
                .collect(Collectors.joining("\n"));
        return HEAD + "\n" + sections;
    }

    private static String section(Setting.Section section) {
        List<Setting<?>> settings = Settings.ALL.stream()
                .filter(setting -> setting.section() == section)
                .toList();
        String rows = settings.stream().map(ConfigurationPageTest::row).collect(Collectors.joining());
        return "## " + section.title() + "\n\n"
                + "| flag | variable | default | accepted | meaning |\n|---|---|---|---|---|\n" + rows;
    }

    private static String row(Setting<?> setting) {
        return "| `%s` | `%s` | %s | %s | %s |\n"
                .formatted(
                        setting.flag(),
                        setting.variable(),
                        setting.defaultSummary(),
                        setting.type().expected(),
                        setting.summary());
    }

    private static final String HEAD = """
            # Configuration

            <!-- Made from dev.hence.node.config.Settings by ConfigurationPageTest, which says how to write it anew. -->

            `hence serve` takes every setting as a flag, as an environment variable, or from a file; the first that
            says something wins, in this order, and what nobody says has its default. At start a node prints each
            setting with its value and where it came from.

            - **Flag**: `--port 5001` or `--port=5001`. A switch may stand alone: `--lab` is `--lab=true`.
            - **Environment**: `PORT=5001`. An empty variable counts as absent.
            - **File**: `--config hence.properties` or `HENCE_CONFIG=hence.properties`. Its keys are the flags without
              dashes in front, in the format of Java properties, in UTF-8:

              ```properties
              # The first of three.
              node-id = node1
              peers = node2:5000, node3:5000
              fsync = everysec
              ```

            A node with a wrong configuration does not start: it says everything that is wrong at once, with the
            value, where it came from and what was expected, and exits with status 2. Unknown keys in the file and
            unknown flags are wrong too.

            ```
            hence: configuration refused
              port: "99999", from environment variable PORT (expected: a number, 0 to 65535)
              fsnyc: unknown, from file hence.properties (expected: the key of a setting; did you mean fsync?)
            ```

            The node's name is part of its data's identity: give `--node-id` wherever host names may change, in
            containers for example.
            """;
}
