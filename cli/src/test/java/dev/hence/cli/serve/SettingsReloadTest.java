package dev.hence.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.config.ConfigurationException;
import dev.hence.node.config.LogLevel;
import dev.hence.node.config.NodeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsReloadTest {

    @TempDir
    Path directory;

    private final List<LogLevel> levels = new ArrayList<>();

    @Test
    void run_logLevelAndOthersChanged_levelTakenOthersNamed() throws Exception {
        SettingsReload reload = reload("port = 5001\nredis-password = one\n");
        assertThat(levels).containsExactly(LogLevel.INFO);

        write("port = 5002\nredis-password = two\nlog-level = debug\n");

        assertThat(reload.run())
                .isEqualTo("SIGHUP: log-level is now debug; changes of port, redis-password need a restart");
        assertThat(levels).containsExactly(LogLevel.INFO, LogLevel.DEBUG);
        // What needs a restart is told until there was one.
        assertThat(reload.run()).isEqualTo("SIGHUP: changes of port, redis-password need a restart");
    }

    @Test
    void run_nothingChanged_saysSo() throws Exception {
        assertThat(reload("port = 5001\n").run()).isEqualTo("SIGHUP: settings read again, nothing has changed");
    }

    @Test
    void run_wrongFile_nothingChanges() throws Exception {
        SettingsReload reload = reload("port = 5001\n");
        write("port = 5001\nlog-level = loud\n");

        assertThat(reload.run())
                .startsWith("SIGHUP: invalid settings, nothing is changed: log-level: \"loud\"")
                .endsWith("(expected: error, warn, info, debug, trace)");
        assertThat(levels).containsExactly(LogLevel.INFO);
    }

    private SettingsReload reload(String text) throws IOException, ConfigurationException {
        write(text);
        Map<String, String> flags = Map.of("node-id", "node1", "config", file().toString());
        SettingsReload.Source source = () -> NodeSettings.read(flags, Map.of());
        return new SettingsReload(source, source.read().effective(), levels::add);
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }

    private Path file() {
        return directory.resolve("hence.properties");
    }
}
