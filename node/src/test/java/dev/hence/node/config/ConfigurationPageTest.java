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
 * Holds {@code docs/configuration.md} to the table of settings. To regenerate the page:
 *
 * <pre>./mvnw -q -pl node -am test -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dhence.docs.write=true</pre>
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
                .as("docs/configuration.md is not what Settings says; regenerate it with -Dhence.docs.write=true")
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

            <!-- Generated from dev.hence.node.config.Settings by ConfigurationPageTest, which says how to regenerate it. -->

            `hence serve` accepts every setting as a flag, as an environment variable, or from a file. A flag overrides the
            variable, and the variable overrides the file. Settings that are not given have their defaults. At the start a
            node prints each setting with its value and its source.

            - **Flag**: `--port 5001` or `--port=5001`. The value of a switch may be omitted: `--lab` is `--lab=true`.
            - **Environment**: `PORT=5001`. An empty variable counts as absent.
            - **File**: `--config hence.properties` or `HENCE_CONFIG=hence.properties`. The keys are the flags without
              the leading dashes, in the Java properties format, in UTF-8:

              ```properties
              # The first of three.
              node-id = node1
              peers = node2:5000, node3:5000
              fsync = everysec
              ```

            A node with an invalid configuration does not start. It reports all errors at once, each with the value, its
            source and what was expected, and exits with status 2. Unknown keys in the file and unknown flags are errors
            too.

            ```
            hence: invalid configuration
              port: "99999", from environment variable PORT (expected: a number, 0 to 65535)
              fsnyc: unknown, from file hence.properties (expected: the key of a setting; did you mean fsync?)
            ```

            The node's name is part of the identity of its data. Set `--node-id` wherever host names may change, for
            example in containers.
            """;
}
