package dev.hence.cli.command;

import dev.hence.cli.terminal.Console;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One of the words that may follow {@code hence}. */
public interface Command {

    /** Its options and arguments, see {@link Specs}. */
    CommandSpec spec();

    /**
     * Does it.
     *
     * @param arguments what was given for {@link #spec}
     * @throws CommandFailure if it could not be done
     * @throws dev.hence.client.HenceException if a node refused or could not be asked
     */
    ExitCode run(ParseResult arguments, Console console) throws CommandFailure, InterruptedException;
}
