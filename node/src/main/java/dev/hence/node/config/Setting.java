package dev.hence.node.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a node, declared once: the parsing of flags, environment and file, the help,
 * the table printed at start and the reference page are all made from it.
 *
 * @param <T> what it means to the node
 * @param section where it is listed
 * @param key its name in a file; with two dashes in front, its flag
 * @param variable its environment variable
 * @param type what can be said and what it means
 * @param defaultText its value when nothing is said, in the form in which it would be said; null if it is
 *     worked out from the surroundings
 * @param defaultSummary the default for people
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

    /** The parts of the reference page, in their order. */
    public enum Section {
        /** Who and where the node is. */
        NODE("Node"),
        /** Whom it replicates with. */
        CLUSTER("Cluster"),
        /** Clients of the Redis protocol. */
        REDIS("Redis protocol"),
        /** What is kept, and how safely. */
        STORAGE("Storage"),
        /** Looking into a node and disturbing it on purpose. */
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

    /** A setting whose default depends on the surroundings. */
    static <T> Setting<T> derived(
            Section section, String key, String variable, ValueType<T> type, String defaultSummary, String summary) {
        return new Setting<>(section, key, variable, type, null, defaultSummary, false, summary);
    }

    /** A setting that is never shown and has no default. */
    static <T> Setting<T> secret(Section section, String key, String variable, ValueType<T> type, String summary) {
        return new Setting<>(section, key, variable, type, null, "none", true, summary);
    }

    /** A bound: its environment variable is {@code HENCE_} and its key. */
    static <T> Setting<T> limit(String key, ValueType<T> type, Number defaultValue, String summary) {
        String variable = "HENCE_" + key.replace('-', '_').toUpperCase(Locale.ROOT);
        return of(Section.LIMITS, key, variable, type, defaultValue.toString(), summary);
    }

    /** Its flag: {@code --port}. */
    public String flag() {
        return "--" + key;
    }

    /** A value as it may be shown to anyone who can see the log. */
    public String show(T value) {
        return secret ? "********" : type.show(value);
    }
}
