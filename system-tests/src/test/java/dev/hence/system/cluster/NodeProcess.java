package dev.hence.system.cluster;

import static dev.hence.property.Eventually.eventually;

import dev.hence.property.Eventually;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node of a cluster and its operating system process, if it runs. Port, data and log stay the same across starts.
 *
 * <p>Not thread-safe, except {@link #api}.
 */
public final class NodeProcess {

    /** The node could not be started; the message contains its output. */
    public static final class StartFailedException extends Exception {

        private static final long serialVersionUID = 1L;

        StartFailedException(String message) {
            super(message);
        }
    }

    private final String name;
    private final int port;
    private final int redisPort;
    private final Path data;
    private final Path log;
    private final Path temporary;
    private final NodeApi api;
    private List<String> flags;
    private Map<String, String> environment = Map.of();
    private String javaOptions = "";
    private Duration clockAhead = Duration.ZERO;
    private @Nullable Process process;

    /**
     * @param flags the settings besides name, ports and data
     * @param directory of its data and temporary files
     * @param log of the output of all its starts
     */
    NodeProcess(String name, int port, int redisPort, List<String> flags, Path directory, Path log) throws IOException {
        this.name = name;
        this.port = port;
        this.redisPort = redisPort;
        this.flags = List.copyOf(flags);
        this.data = directory.resolve("data");
        this.temporary = Files.createDirectories(directory.resolve("tmp"));
        this.log = log;
        this.api = new NodeApi(URI.create("http://localhost:" + port));
    }

    public String name() {
        return name;
    }

    public int port() {
        return port;
    }

    /** The port of its Redis protocol. */
    public int redisPort() {
        return redisPort;
    }

    public Path data() {
        return data;
    }

    public Path log() {
        return log;
    }

    public NodeApi api() {
        return api;
    }

    /** Sets other settings for the next starts. */
    public void reconfigure(List<String> flags) {
        this.flags = List.copyOf(flags);
    }

    public List<String> flags() {
        return flags;
    }

    /** Sets further options of its JVM for the next starts. */
    public void reconfigureJava(String options) {
        this.javaOptions = options;
    }

    /** Sets how far its wall clock is ahead for the next starts; zero for the machine's own clock. */
    public void reconfigureClock(Duration ahead) {
        this.clockAhead = ahead;
    }

    /** Sets environment variables for the next starts, which then use no flags at all. */
    public void configureByEnvironment(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Starts the process without waiting for anything. */
    public void launch() throws IOException {
        if (isRunning()) {
            throw new IllegalStateException(name + ": runs (expected: not)");
        }
        Files.writeString(log, "--- start ---\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        ProcessBuilder builder =
                command().redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().merge("HENCE_JAVA_OPTS", javaOptions, (usual, further) -> usual + " " + further);
        builder.environment().putAll(environment);
        process = Processes.start(builder);
    }

    private ProcessBuilder command() {
        return clockAhead.isZero()
                ? Distribution.command(temporary, arguments())
                : Distribution.program(
                        temporary, WrongClockServer.class, WrongClockServer.arguments(clockAhead, arguments()));
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        if (environment.isEmpty()) {
            arguments.addAll(List.of("--node-id", name, "--port", Integer.toString(port)));
            arguments.addAll(List.of("--redis-port", Integer.toString(redisPort), "--data", data.toString()));
            arguments.addAll(flags);
        }
        return arguments;
    }

    /** Returns when the node reports itself ready: it accepts writes, and has what its reachable peers had. */
    public void awaitReady() throws Exception {
        awaitAnswer("/health/ready");
    }

    /** Returns when the node answers, ready or not. */
    public void awaitLive() throws Exception {
        awaitAnswer("/health/live");
    }

    private void awaitAnswer(String path) throws Exception {
        eventually(
                name + " answers " + path,
                () -> !running().isAlive() || api.get(path).status() == 200);
        if (!running().isAlive()) {
            throw new StartFailedException(
                    name + " ended with status " + running().exitValue() + ":\n" + logTail());
        }
    }

    /** Starts the node and returns when it reports itself ready. */
    public void start() throws Exception {
        launch();
        awaitReady();
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        running().destroyForcibly();
        awaitExit();
    }

    /** SIGTERM; returns the exit status. */
    public int stop() throws InterruptedException {
        terminate();
        return awaitExit();
    }

    /** SIGTERM, without waiting for the end. */
    public void terminate() {
        running().destroy();
    }

    /** Blocks until the process has ended; returns the exit status. */
    public int awaitExit() throws InterruptedException {
        if (!running().waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(name + ": still running after " + Eventually.LIMIT.toSeconds() + " s");
        }
        int status = running().exitValue();
        process = null;
        return status;
    }

    /** SIGHUP: makes the node read its settings again. */
    public void hangUp() throws IOException, InterruptedException {
        signal("-HUP");
    }

    /** Suspends the process: it keeps its sockets and answers nothing until it is thawed. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Resumes a frozen process. */
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", signal, Long.toString(running().pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill " + signal + ": status " + status);
        }
    }

    /** Deletes the disk of a stopped node. */
    public void wipe() throws IOException {
        if (isRunning()) {
            throw new IllegalStateException(name + ": runs (expected: not)");
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** The process; fails if the node was not launched, or if its end was already observed. */
    public Process running() {
        if (process == null) {
            throw new IllegalStateException(name + ": does not run (expected: launched)");
        }
        return process;
    }

    /** The end of its output. */
    public String logTail() {
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 80), lines.size()));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
