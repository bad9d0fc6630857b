package dev.hence.node.config;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An invalid configuration, with all its errors. */
public final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * One invalid setting.
     *
     * @param key the setting, as it was named
     * @param value the given value in readable form; secrets are masked
     * @param origin where it was given; null if it was not set
     * @param expected what would have been accepted
     */
    public record Problem(
            String key, String value, @Nullable Origin origin, String expected) {

        /** {@code port: 99999, from environment variable PORT (expected: a number, 0 to 65535)}. */
        @Override
        public String toString() {
            String from = switch (origin) {
                case null -> "";
                case Origin.Default _ -> ", the default";
                default -> ", from " + origin;
            };
            return key + ": " + value + from + " (expected: " + expected + ")";
        }
    }

    public ConfigurationException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** The problems, at least one, in the order of the table. */
    public List<Problem> problems() {
        return problems;
    }
}
