package dev.hence.cli.demo;

import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.demo.DemoPlan.PlannedNode;
import dev.hence.client.HenceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Three nodes in processes of their own, with real storage in a directory of their own. Thread-safe.
 */
public final class DemoCluster implements AutoCloseable, KilledNode.Power {

    private final DemoPlan plan;
    private final List<DemoNode> nodes;
    private boolean processesKept;
    private boolean directoryKept;
    private boolean closed;

    /** Nothing runs yet. */
    public DemoCluster(DemoPlan plan) {
        this.plan = plan;
        this.nodes = plan.nodes().stream().map(DemoNode::new).toList();
    }

    /** Starts all nodes and waits until each answers. */
    public void start() throws IOException, InterruptedException, CommandFailure {
        for (DemoNode node : nodes) {
            start(node);
        }
        for (DemoNode node : nodes) {
            Optional<HenceException> silence = FirstAnswer.await(node.plan().url(), node::isAlive);
            if (silence.isPresent()) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        "demo",
                        node.plan().name() + ": " + silence.get().getMessage()
                                + " (expected: an answer within a minute); its log ends with:\n" + node.lastWords(),
                        silence.get());
            }
        }
    }

    /** Where they listen, in the order of their names. */
    public List<String> urls() {
        return plan.urls();
    }

    /** The ports for clients of Redis, in the order of their names. */
    List<Integer> redisPorts() {
        return plan.nodes().stream().map(PlannedNode::redisPort).toList();
    }

    /** Where their data and logs are. */
    public Path directory() {
        return plan.directory();
    }

    /** Where their logs are. */
    public List<Path> logs() {
        return plan.nodes().stream().map(PlannedNode::log).toList();
    }

    /** Their processes. */
    public List<Long> pids() {
        return nodes.stream().map(DemoNode::pid).toList();
    }

    @Override
    public void kill(StoryNode node) throws InterruptedException {
        process(node).kill();
    }

    @Override
    public void start(StoryNode node) throws IOException {
        start(process(node));
    }

    /** Leaves the processes running when this is closed, and the directory where it is. */
    public synchronized void keep() {
        processesKept = true;
        directoryKept = true;
    }

    /** Leaves the directory where it is when this is closed, so that the logs can be read. */
    public synchronized void keepDirectory() {
        directoryKept = true;
    }

    /** Ends the processes and removes the directory, unless they are kept. */
    @Override
    public synchronized void close() {
        closed = true;
        if (!processesKept) {
            nodes.forEach(DemoCluster::kill);
        }
        plan.releasePorts();
        if (!directoryKept) {
            plan.removeDirectory();
        }
    }

    // Closing may come at any moment, by Ctrl-C; no process may be started after it.
    private synchronized void start(DemoNode node) throws IOException {
        if (closed) {
            throw new IOException(node.plan().name() + ": not started, because the cluster was closed");
        }
        node.start();
    }

    private static void kill(DemoNode node) {
        try {
            node.kill();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private DemoNode process(StoryNode node) {
        return nodes.stream()
                .filter(process -> process.plan().name().equals(node.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(node.name() + ": not one of this cluster"));
    }
}
