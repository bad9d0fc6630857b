package dev.hence.cli.demo;

import dev.hence.cli.demo.DemoPlan.PlannedNode;
import dev.hence.node.config.Settings;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node in a process of its own, run by the same Java with the same classes as this process. Thread-safe.
 */
final class DemoNode {

    private static final String MAIN_CLASS = "dev.hence.cli.Main";
    private static final int LOG_LINES_SHOWN = 15;

    private final PlannedNode plan;
    private @Nullable Process process;

    DemoNode(PlannedNode plan) {
        this.plan = plan;
    }

    PlannedNode plan() {
        return plan;
    }

    /** Starts the process; when it answers is another matter. */
    synchronized void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(plan.log().toFile()))
                .redirectInput(Redirect.from(new File("/dev/null")));
        // What people have set for nodes of their own is not meant for these.
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

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    synchronized long pid() {
        return process == null ? -1 : process.pid();
    }

    /** The end of its log, for when it did not start. */
    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(plan.log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS));
        command.addAll(plan.serveArguments());
        return command;
    }

    private static boolean isSetting(String variable) {
        return Settings.ALL.stream().anyMatch(setting -> setting.variable().equals(variable));
    }
}
