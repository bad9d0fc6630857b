package dev.hence.cli.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The file with the shell's history: {@code hence/history} in the directory for the state of programs. */
final class HistoryFile {

    private HistoryFile() {}

    /** Makes its directory. The file is in {@code XDG_STATE_HOME}, by default {@code ~/.local/state}. */
    static Path in(Map<String, String> environment) throws IOException {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path directory = state.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state);
        return Files.createDirectories(directory.resolve("hence")).resolve("history");
    }
}
