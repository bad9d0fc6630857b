package dev.hence.system.cluster;

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
 * One node of a cluster and the operating system's process in which it runs, if it runs. Port, data and log stay
 * the same from one start to the next.
 *
 * <p>Not thread-safe, but for {@link #api}.
 */
public final class NodeProcess {

    /** The node could not be started; the message has what it said. */
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
     * @param directory where its data and temporary files go
     * @param log where its output goes, of all its starts
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

    /** Where it serves clients of Redis. */
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

    /** The same node, to be started with other settings from now on. */
    public void reconfigure(List<String> flags) {
        this.flags = List.copyOf(flags);
    }

    public List<String> flags() {
        return flags;
    }

    /** The same node, to be started with further options for its JVM from now on. */
    public void reconfigureJava(String options) {
        this.javaOptions = options;
    }

    /** The same node, to be started with a wall clock that is so far ahead from now on; zero for the machine's own. */
    public void reconfigureClock(Duration ahead) {
        this.clockAhead = ahead;
    }

    /** The same node, to be started with these environment variables and not a single flag from now on. */
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

    /** Returns when the node calls itself ready: it takes writes, and has what the peers it can reach had. */
    public void awaitReady() throws StartFailedException {
        awaitAnswer("/health/ready");
    }

    /** Returns when the node answers, ready or not. */
    public void awaitLive() throws StartFailedException {
        awaitAnswer("/health/live");
    }

    private void awaitAnswer(String path) throws StartFailedException {
        Await.until(
                name + " answers " + path,
                () -> !running().isAlive() || api.get(path).status() == 200);
        if (!running().isAlive()) {
            throw new StartFailedException(
                    name + " ended with status " + running().exitValue() + ":\n" + logTail());
        }
    }

    /** Starts the node and returns when it calls itself ready. */
    public void start() throws IOException, StartFailedException {
        launch();
        awaitReady();
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        running().destroyForcibly();
        awaitExit();
    }

    /** SIGTERM; the exit status. */
    public int stop() throws InterruptedException {
        terminate();
        return awaitExit();
    }

    /** SIGTERM, without waiting for the end. */
    public void terminate() {
        running().destroy();
    }

    /** The exit status, when the process has ended. */
    public int awaitExit() throws InterruptedException {
        if (!running().waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(name + ": still running after " + Await.LIMIT.toSeconds() + " s");
        }
        int status = running().exitValue();
        process = null;
        return status;
    }

    /** SIGHUP: has the node read its settings again. */
    public void hangUp() throws IOException, InterruptedException {
        signal("-HUP");
    }

    /** Stops the process's clock, as it were: it keeps its sockets and answers nothing until it is thawed. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets a frozen process go on. */
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

    /** Loses the disk of a node that does not run. */
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

    /** The process; fails if the node was not launched, or its end was seen already. */
    public Process running() {
        if (process == null) {
            throw new IllegalStateException(name + ": does not run (expected: launched)");
        }
        return process;
    }

    /** The end of what it printed. */
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
