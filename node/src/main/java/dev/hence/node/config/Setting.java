package dev.hence.node.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a node, declared once: the parsing of flags, environment and file, the help, the table printed at
 * startup and the reference page are derived from it.
 *
 * @param <T> the type of its parsed value
 * @param section where it is listed
 * @param key its name in a file; its flag is the key after two dashes
 * @param variable its environment variable
 * @param type the accepted values and their meaning
 * @param defaultText its default as text; null if it is derived at startup
 * @param defaultSummary the default in readable form
 * @param secret whether its value is never shown
 * @param summary one sentence without a full stop
 */
public record Setting<T>(
        Section section,
        String key,
        String variable,
        ValueType<T> type,
        @Nullable String defaultText,
        String defaultSummary,
        boolean secret,
        String summary) {

    /** The sections of the reference page, in order. */
    public enum Section {
        /** The identity and address of the node. */
        NODE("Node"),
        /** Its peers. */
        CLUSTER("Cluster"),
        /** Clients of the Redis protocol. */
        REDIS("Redis protocol"),
        /** Data storage and durability. */
        STORAGE("Storage"),
        /** Diagnostics and fault injection. */
        LAB("Lab and logs"),
        /** Bounds. */
        LIMITS("Limits");

        private final String title;

        Section(String title) {
            this.title = title;
        }

        /** Its heading. */
        public String title() {
            return title;
        }
    }

    /** A setting with a fixed default. */
    static <T> Setting<T> of(
            Section section, String key, String variable, ValueType<T> type, String defaultText, String summary) {
        return new Setting<>(
                section,
                key,
                variable,
                type,
                defaultText,
                defaultText.isEmpty() ? "none" : type.show(type.parse(defaultText)),
                false,
                summary);
    }

    /** A setting whose default is derived at startup. */
    static <T> Setting<T> derived(
            Section section, String key, String variable, ValueType<T> type, String defaultSummary, String summary) {
        return new Setting<>(section, key, variable, type, null, defaultSummary, false, summary);
    }

    /** A setting that is never shown and has no default. */
    static <T> Setting<T> secret(Section section, String key, String variable, ValueType<T> type, String summary) {
        return new Setting<>(section, key, variable, type, null, "none", true, summary);
    }

    /** A limit: its environment variable is {@code HENCE_} and its key. */
    static <T> Setting<T> limit(String key, ValueType<T> type, Number defaultValue, String summary) {
        String variable = "HENCE_" + key.replace('-', '_').toUpperCase(Locale.ROOT);
        return of(Section.LIMITS, key, variable, type, defaultValue.toString(), summary);
    }

    /** Its flag: {@code --port}. */
    public String flag() {
        return "--" + key;
    }

    /** A value in a form that is safe to log. */
    public String show(T value) {
        return secret ? "********" : type.show(value);
    }
}
