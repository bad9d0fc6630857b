package dev.hence.node.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The settings that result from flags, environment, file and defaults, and the source of each. */
public final class EffectiveSettings {

    private final Map<Setting<?>, Choice<?>> choices = new LinkedHashMap<>();

    private record Choice<T>(Setting<T> setting, @Nullable T value, Origin origin) {
        String shown() {
            return value == null ? "" : setting.show(value);
        }
    }

    EffectiveSettings() {}

    <T> void put(Setting<T> setting, @Nullable T value, Origin origin) {
        choices.put(setting, new Choice<>(setting, value, origin));
    }

    /** The value of a setting; null only if it has no default and was not set. */
    public <T> @Nullable T find(Setting<T> setting) {
        return choice(setting).value();
    }

    /** The value of a setting that has one. */
    public <T> T get(Setting<T> setting) {
        return Objects.requireNonNull(choice(setting).value(), setting.key());
    }

    /** Where the value came from. */
    public Origin origin(Setting<?> setting) {
        return choice(setting).origin();
    }

    /** The value in a form that is safe to show; empty if there is none. */
    public String shown(Setting<?> setting) {
        return choice(setting).shown();
    }

    /** All settings with their values and origins in aligned columns, secrets masked. */
    public List<String> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("setting", "value", "from"));
        choices.forEach((setting, choice) ->
                rows.add(List.of(setting.key(), choice.shown(), choice.origin().toString())));
        int keyWidth = width(rows, 0);
        int valueWidth = width(rows, 1);
        return rows.stream()
                .map(row -> padded(row.get(0), keyWidth) + padded(row.get(1), valueWidth) + row.get(2))
                .toList();
    }

    // Entries are only added by put, which ties the value's type to that of the setting.
    @SuppressWarnings("unchecked")
    private <T> Choice<T> choice(Setting<T> setting) {
        return (Choice<T>) Objects.requireNonNull(choices.get(setting), setting.key());
    }

    private static int width(List<List<String>> rows, int column) {
        return 2 + rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
