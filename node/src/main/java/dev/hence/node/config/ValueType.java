package dev.hence.node.config;

import java.util.function.Function;

/**
 * The accepted values of a setting and their meaning.
 *
 * @param <T> the type of a parsed value
 * @param placeholder stands for a value in the help: {@code PORT}
 * @param expected the accepted values in readable form: {@code a number, 1 to 65535}
 * @param isSwitch whether its flag may stand alone, for {@code true}
 * @param parser from text; throws {@link IllegalArgumentException} whose message says what was expected
 * @param shown back to text
 */
public record ValueType<T>(
        String placeholder, String expected, boolean isSwitch, Function<String, T> parser, Function<T, String> shown) {

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if it is not acceptable; the message says what was expected
     */
    public T parse(String text) {
        return parser.apply(text.strip());
    }

    /** A value in a readable form that {@link #parse} accepts. */
    public String show(T value) {
        return shown.apply(value);
    }
}
