package dev.hence.cli.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 250ms}, {@code 2s}, {@code 1m}, {@code 8h}; a plain number is milliseconds. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|)");

    private Durations() {}

    /** @param option what it was given for, for the complaint */
    public static Duration parse(String option, String text) throws CommandFailure {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "h" -> Duration.ofHours(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "s" -> Duration.ofSeconds(amount);
                default -> Duration.ofMillis(amount);
            };
            if (duration.isPositive()) {
                return duration;
            }
        }
        throw CommandFailure.usage(
                option + ": \"" + text + "\" (expected: more than 0, for example 250ms, 2s, 1m or" + " 8h)");
    }
}
