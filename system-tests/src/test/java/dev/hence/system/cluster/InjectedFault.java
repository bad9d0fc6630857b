package dev.hence.system.cluster;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** System calls of a running node that fail, by the fault injection of strace. */
public final class InjectedFault {

    private static final String PROGRAM = "strace";
    private static final Pattern PATH = Pattern.compile(Pattern.quote(File.pathSeparator));

    private final Path trace;

    private InjectedFault(Path trace) {
        this.trace = trace;
    }

    /** Skips the test if strace is not installed. */
    public static void assumePossible() {
        assumeTrue(
                PATH.splitAsStream(System.getenv().getOrDefault("PATH", ""))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM))),
                "strace is installed (Debian: strace)");
    }

    /**
     * Makes one system call of each thread of a node fail. Only one, so that a repeated call would succeed.
     *
     * @param call its name
     * @param error its name, {@code EIO}
     * @param number which call of a thread fails, from 1
     * @param file only calls on it count and are traced; those on all files if it is absent
     * @param directory for the trace
     */
    public static InjectedFault start(
            NodeProcess node, String call, String error, int number, List<Path> file, Path directory) throws Exception {
        Path trace = directory.resolve("trace");
        Path messages = directory.resolve("strace.log");
        List<String> command = new ArrayList<>(
                List.of(PROGRAM, "-f", "-p", Long.toString(node.running().pid())));
        command.addAll(List.of("-o", trace.toString(), "-e", "trace=write,fsync,fdatasync"));
        command.addAll(List.of("-e", "inject=" + call + ":error=" + error + ":when=" + number));
        for (Path each : file) {
            command.addAll(List.of("-P", each.toRealPath().toString()));
        }
        Process process = Processes.start(
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(messages.toFile()));
        eventually(
                "strace is attached",
                () -> !process.isAlive()
                        || Files.readString(messages, StandardCharsets.UTF_8).contains("attached"));
        assumeTrue(process.isAlive(), "this user may trace processes: " + Files.readString(messages));
        return new InjectedFault(trace);
    }

    /** The calls after the first that failed; fails if none did. */
    public List<String> laterCalls() throws IOException {
        List<String> since = Files.readAllLines(trace, StandardCharsets.UTF_8).stream()
                .filter(line -> line.contains("("))
                .dropWhile(line -> !line.contains("(INJECTED)"))
                .toList();
        assertThat(since).as("calls from the fault on").isNotEmpty();
        return since.subList(1, since.size());
    }
}
