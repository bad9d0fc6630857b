package dev.hence.cli.command;

import org.jspecify.annotations.Nullable;

/** The failure of a command, with one line that gives the reason. */
public final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String code;

    /**
     * @param code the problem as a word for programs
     * @param message one line for people
     */
    public CommandFailure(ExitCode exitCode, String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.code = code;
    }

    /** Arguments that make no sense. */
    public static CommandFailure usage(String message) {
        return new CommandFailure(ExitCode.USAGE, "usage", message, null);
    }

    /** How the process ends. */
    public ExitCode exitCode() {
        return exitCode;
    }

    /** The problem as a word for programs. */
    public String code() {
        return code;
    }
}
