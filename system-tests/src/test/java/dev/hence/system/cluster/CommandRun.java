package dev.hence.system.cluster;

import dev.hence.property.Eventually;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@code hence} command that has ended: its exit status and output. */
public record CommandRun(int status, String output, String errors) {

    /** Runs a command to completion, with empty input. */
    public static CommandRun of(Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        File output = Files.createTempFile(directory, "output", ".txt").toFile();
        File errors = Files.createTempFile(directory, "errors", ".txt").toFile();
        ProcessBuilder builder = Distribution.command(temporary, arguments)
                .redirectOutput(output)
                .redirectError(errors);
        builder.environment().putAll(environment);
        Process process = Processes.start(builder);
        process.getOutputStream().close();
        if (!process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            Processes.end(process);
            throw new AssertionError(arguments + ": still running after " + Eventually.LIMIT.toSeconds()
                    + " s, after printing\n" + Files.readString(output.toPath()) + Files.readString(errors.toPath()));
        }
        return new CommandRun(
                process.exitValue(), Files.readString(output.toPath()), Files.readString(errors.toPath()));
    }

    /** Runs a command to completion. */
    public static CommandRun of(Path directory, String... arguments) throws IOException, InterruptedException {
        return of(directory, Map.of(), List.of(arguments));
    }
}
