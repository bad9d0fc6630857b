package dev.hence.node.config;

import dev.hence.node.config.ConfigurationException.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of a table from flags, environment, file and defaults, in this order of precedence, and records
 * the source of each.
 *
 * <p>All problems are collected, so that they can be fixed in one go.
 */
final class SettingsReader {

    private final List<Setting<?>> table;
    private final Map<String, String> flags;
    private final Map<String, String> environment;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param table the known settings
     * @param flags the values of the command line, by key
     * @param environment the environment variables of the process; empty ones count as absent
     */
    SettingsReader(List<Setting<?>> table, Map<String, String> flags, Map<String, String> environment) {
        this.table = table;
        this.flags = flags;
        this.environment = environment;
    }

    private record Said(String text, Origin origin) {}

    /** The settings that could be read; {@link #problems} has the rest. */
    EffectiveSettings read() {
        Map<String, String> file = Map.of();
        @Nullable Path path = null;
        if (table.contains(Settings.CONFIG)) {
            Optional<Said> said = said(Settings.CONFIG, file, null);
            path = said.map(this::parsedPath).orElse(null);
            if (path != null) {
                file = SettingsFile.read(path, said.get().origin(), problems);
            }
        }
        EffectiveSettings effective = new EffectiveSettings();
        for (Setting<?> setting : table) {
            readOne(setting, file, path, effective);
        }
        checkKeys(file, path);
        return effective;
    }

    /** The problems, in the order in which they were found. */
    List<Problem> problems() {
        return problems;
    }

    private @Nullable Path parsedPath(Said said) {
        try {
            return Settings.CONFIG.type().parse(said.text());
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private <T> void readOne(
            Setting<T> setting, Map<String, String> file, @Nullable Path path, EffectiveSettings effective) {
        @Nullable String fallback = setting.defaultText();
        Said said = said(setting, file, path).orElse(new Said(fallback == null ? "" : fallback, new Origin.Default()));
        if (said.origin() instanceof Origin.Default && fallback == null) {
            effective.put(setting, null, said.origin());
            return;
        }
        try {
            effective.put(setting, setting.type().parse(said.text()), said.origin());
        } catch (IllegalArgumentException refused) {
            String shown = setting.secret() ? "********" : "\"" + said.text() + "\"";
            problems.add(new Problem(setting.key(), shown, said.origin(), String.valueOf(refused.getMessage())));
            effective.put(setting, fallback == null ? null : setting.type().parse(fallback), new Origin.Default());
        }
    }

    private Optional<Said> said(Setting<?> setting, Map<String, String> file, @Nullable Path path) {
        @Nullable String flag = flags.get(setting.key());
        if (flag != null) {
            return Optional.of(new Said(flag, new Origin.Flag(setting.flag())));
        }
        @Nullable String variable = environment.get(setting.variable());
        if (variable != null && !variable.isBlank()) {
            return Optional.of(new Said(variable, new Origin.Environment(setting.variable())));
        }
        @Nullable String line = file.get(setting.key());
        if (line != null && path != null) {
            return Optional.of(new Said(line, new Origin.ConfigFile(path)));
        }
        return Optional.empty();
    }

    private void checkKeys(Map<String, String> file, @Nullable Path path) {
        if (path == null) {
            return;
        }
        List<String> keys = table.stream()
                .filter(setting -> !setting.equals(Settings.CONFIG))
                .map(Setting::key)
                .toList();
        for (Map.Entry<String, String> line : file.entrySet()) {
            if (!keys.contains(line.getKey())) {
                String suggestion = NearMiss.of(line.getKey(), keys)
                        .map(key -> "; did you mean " + key + "?")
                        .orElse("; `hence serve --help` lists them");
                // The value is not shown: a misspelled key may belong to a secret.
                problems.add(new Problem(
                        line.getKey(), "unknown", new Origin.ConfigFile(path), "the key of a setting" + suggestion));
            }
        }
    }
}
