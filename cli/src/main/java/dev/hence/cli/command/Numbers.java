package dev.hence.cli.command;

import picocli.CommandLine.ParseResult;

/** Whole numbers given for options. */
public final class Numbers {

    private Numbers() {}

    /**
     * What was given for an option.
     *
     * @param otherwise the number if nothing was given
     * @param least the least number allowed
     * @param most the largest number allowed
     */
    public static long value(ParseResult arguments, String option, long otherwise, long least, long most)
            throws CommandFailure {
        String given = Specs.value(arguments, option, "");
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(given);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Complained of below.
        }
        throw CommandFailure.usage(option + ": \"" + given + "\" (expected: a whole number of at least " + least
                + (most == Long.MAX_VALUE ? ")" : " and at most " + most + ")"));
    }
}
