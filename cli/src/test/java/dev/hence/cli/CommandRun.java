package dev.hence.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hence.cli.terminal.Console;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/**
 * A command that was run in this process, as its caller sees it.
 *
 * @param status what the process would have ended with
 * @param out the lines of its result
 * @param err its complaints
 */
public record CommandRun(int status, List<String> out, String err) {

    /** Runs {@code hence} with these arguments, without colours and with an empty environment. */
    public static CommandRun of(String... args) {
        return in(Map.of(), args);
    }

    /** Runs it in an environment. */
    public static CommandRun in(Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new Main(environment, new Console(out, err, false, true))
                .run(args)
                .status();
        return new CommandRun(status, out.toString().lines().toList(), err.toString());
    }

    /** The only line of the result, which is JSON. */
    public JsonNode json() throws IOException {
        if (out.size() != 1) {
            throw new AssertionError("out: " + out + " (expected: one line)");
        }
        return new ObjectMapper().readTree(out.getFirst());
    }
}
