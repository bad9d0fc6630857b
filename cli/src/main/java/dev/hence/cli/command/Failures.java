package dev.hence.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.terminal.Console;
import dev.hence.client.HenceException;
import org.jspecify.annotations.Nullable;

/** Reports why a command failed: a line for people, an object for programs, a status for scripts. */
public final class Failures {

    private Failures() {}

    /** Reports a failure of a call to a node. */
    public static ExitCode report(HenceException failure, boolean json, Console console) {
        complain(failure.getMessage(), console);
        if (json) {
            ObjectNode error = error(failure.code(), failure.detail());
            error.put("definite", failure.definite());
            error.put("node", failure.node());
            print(error, console);
        }
        return exitCode(failure);
    }

    /** Reports a failure of the command itself. */
    public static ExitCode report(CommandFailure failure, boolean json, Console console) {
        complain(failure.getMessage(), console);
        if (json) {
            print(error(failure.code(), String.valueOf(failure.getMessage())), console);
        }
        return failure.exitCode();
    }

    /** How a command ends after a call to a node failed. */
    public static ExitCode exitCode(HenceException failure) {
        if (!failure.definite()) {
            return ExitCode.UNCERTAIN;
        }
        return switch (failure.code()) {
            case "unreachable", "connection-lost", "not-ready" -> ExitCode.UNREACHABLE;
            case "session-behind", "deadline-exceeded" -> ExitCode.BEHIND;
            default -> ExitCode.FAILED;
        };
    }

    private static void complain(@Nullable String message, Console console) {
        console.complain("hence: " + message);
    }

    private static ObjectNode error(String code, String detail) {
        return JsonNodeFactory.instance.objectNode().put("code", code).put("detail", detail);
    }

    private static void print(ObjectNode error, Console console) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.set("error", error);
        console.line(result.toString());
    }
}
