package dev.hence.cli.demo;

import dev.hence.server.config.Settings;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A node in a process of its own, run by the same Java with the same classes as this process. Thread-safe.
 */
final class DemoNode {

    static final String HOST = "127.0.0.1";

    private static final String MAIN_CLASS = "dev.hence.cli.Main";
    private static final int LOG_LINES_SHOWN = 15;

    private final String name;
    private final int port;
    private final String peers;
    private final Path directory;
    private @Nullable Process process;

    /**
     * @param directory where its data and its log go, under its name
     */
    DemoNode(String name, int port, String peers, Path directory) {
        this.name = name;
        this.port = port;
        this.peers = peers;
        this.directory = directory;
    }

    String name() {
        return name;
    }

    String url() {
        return "http://" + HOST + ":" + port;
    }

    Path log() {
        return directory.resolve(name + ".log");
    }

    /** Starts the process; when it answers is another matter. */
    synchronized void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log().toFile()))
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        // What the person has set for nodes of their own is not meant for these.
        builder.environment().keySet().removeIf(DemoNode::isSetting);
        process = builder.start();
    }

    /** Ends the process as SIGKILL does, and waits until it is gone. */
    synchronized void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /** Asks the process to end, and ends it if it does not. */
    synchronized void stop() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                kill();
            }
        }
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    synchronized long pid() {
        return process == null ? -1 : process.pid();
    }

    /** The end of its log, for when it did not start. */
    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS, "serve"));
        command.addAll(List.of("--node-id", name, "--peers", peers, "--cluster", "demo", "--lab", "--log-updates"));
        command.addAll(List.of("--host", HOST, "--port", String.valueOf(port)));
        command.addAll(List.of("--data", directory.resolve(name).toString()));
        return command;
    }

    private static boolean isSetting(String variable) {
        return Settings.ALL.stream().anyMatch(setting -> setting.variable().equals(variable));
    }
}
