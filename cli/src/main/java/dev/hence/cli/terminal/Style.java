package dev.hence.cli.terminal;

/** How a piece of text is set off on a terminal that has colours. */
public enum Style {
    /** As the terminal shows text. */
    PLAIN(""),
    /** Headings and names. */
    BOLD("1"),
    /** What matters less. */
    DIM("2"),
    /** What went well. */
    GOOD("32"),
    /** What went wrong. */
    BAD("31"),
    /** What waits, lags or was disturbed on purpose. */
    WAITING("33"),
    /** Vector clocks. */
    CLOCK("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** The text between the escape sequences that turn the style on and off. */
    String wrap(String text) {
        return text.isEmpty() || code.isEmpty() ? text : "\033[" + code + "m" + text + "\033[0m";
    }
}
