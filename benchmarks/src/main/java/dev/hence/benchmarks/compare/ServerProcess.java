package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One server and its operating system process, if it runs. Ports, data and log stay the same across starts. */
final class ServerProcess {

    private static final int LOG_LINES_SHOWN = 5;
    private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ServerProcess::killAll));
    }

    private final String name;
    private final int port;
    private final List<String> command;
    private final Path log;
    private @Nullable Process process;

    /**
     * @param port of the Redis protocol
     * @param directory an existing one, for the log
     */
    ServerProcess(String name, int port, List<String> command, Path directory) {
        this.name = name;
        this.port = port;
        this.command = List.copyOf(command);
        this.log = directory.resolve(name + ".log");
    }

    /** Kills every server that was started by this program. */
    static void killAll() {
        STARTED.forEach(Process::destroyForcibly);
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    /** Starts it without waiting. */
    void launch() throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        STARTED.add(process);
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Fails with the end of the log if the server has ended. */
    void requireRunning() throws BenchmarkException, IOException {
        if (!isRunning()) {
            List<String> lines =
                    Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            throw new BenchmarkException(name + " has ended: "
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size())));
        }
    }

    long pid() throws IOException {
        if (process == null) {
            throw new IOException(name + ": does not run");
        }
        return process.pid();
    }

    /** The CPU time that it has used since its start, with that of children that have ended; 0 if it does not run. */
    long cpuMicros() throws IOException {
        return isRunning() ? ProcessTimes.cpuMicros(pid()) : 0;
    }

    long residentBytes() throws IOException {
        return ProcessTimes.residentBytes(pid());
    }

    /** {@code kill -9}. */
    void kill() {
        if (process != null) {
            process.destroyForcibly();
            end(process);
        }
    }

    /** SIGTERM. */
    void stop() {
        if (process != null) {
            process.destroy();
            end(process);
        }
    }

    private void end(Process ending) {
        ending.onExit().join();
        STARTED.remove(ending);
        process = null;
    }
}
