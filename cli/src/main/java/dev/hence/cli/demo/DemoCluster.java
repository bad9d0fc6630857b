package dev.hence.cli.demo;

import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.client.HenceClient;
import dev.hence.client.HenceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Three nodes in processes of their own, with real storage in a directory of their own. Thread-safe.
 */
public final class DemoCluster implements AutoCloseable, KilledNode.Power {

    private static final int SIZE = 3;
    private static final int PORT_FIRST = 5001;
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration ASK_PATIENCE = Duration.ofSeconds(1);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private final Path directory;
    private final List<DemoNode> nodes;
    private boolean kept;

    private DemoCluster(Path directory, List<DemoNode> nodes) {
        this.directory = directory;
        this.nodes = nodes;
    }

    /** Chooses ports and makes the directory; nothing runs yet. */
    public static DemoCluster prepare() throws IOException {
        List<Integer> ports = freePorts();
        Path directory = Files.createTempDirectory("hence-demo-");
        String peers = IntStream.range(0, SIZE)
                .mapToObj(i -> name(i) + "=" + DemoNode.HOST + ":" + ports.get(i))
                .collect(Collectors.joining(","));
        return new DemoCluster(
                directory,
                IntStream.range(0, SIZE)
                        .mapToObj(i -> new DemoNode(name(i), ports.get(i), peers, directory))
                        .toList());
    }

    /** Starts all nodes and waits until each answers. */
    public void start() throws IOException, InterruptedException, CommandFailure {
        for (DemoNode node : nodes) {
            node.start();
        }
        for (DemoNode node : nodes) {
            awaitAnswer(node);
        }
    }

    /** Where they listen, in the order of their names. */
    public List<String> urls() {
        return nodes.stream().map(DemoNode::url).toList();
    }

    /** Where their data and logs are. */
    public Path directory() {
        return directory;
    }

    /** Where their logs are. */
    public List<Path> logs() {
        return nodes.stream().map(DemoNode::log).toList();
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
        process(node).start();
    }

    /** Leaves the processes and the directory as they are when this is closed. */
    public synchronized void keep() {
        kept = true;
    }

    /** Ends the processes; the directory stays, for somebody who wants to read the logs. */
    public synchronized void stop() {
        try {
            for (DemoNode node : nodes) {
                node.kill();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the processes and removes the directory, unless they are kept. */
    @Override
    public synchronized void close() {
        if (kept) {
            return;
        }
        stop();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException gone) {
            // A temporary directory that cannot be listed any more needs no removing.
        }
    }

    private void awaitAnswer(DemoNode node) throws IOException, InterruptedException, CommandFailure {
        long deadlineNanos = System.nanoTime() + START_PATIENCE.toNanos();
        try (HenceClient client = HenceClient.builder()
                .nodes(node.url())
                .deadline(ASK_PATIENCE)
                .roundsMax(1)
                .build()) {
            while (true) {
                try {
                    client.status();
                    return;
                } catch (HenceException notYet) {
                    if (!node.isAlive() || System.nanoTime() - deadlineNanos > 0) {
                        throw new CommandFailure(
                                ExitCode.FAILED,
                                "demo",
                                node.name() + ": did not start (expected: an answer within "
                                        + START_PATIENCE.toSeconds() + " s); its log ends with:\n" + node.lastWords(),
                                notYet);
                    }
                    Thread.sleep(POLL_INTERVAL);
                }
            }
        }
    }

    private DemoNode process(StoryNode node) {
        return nodes.stream()
                .filter(process -> process.name().equals(node.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(node.name() + ": not one of this cluster"));
    }

    private static String name(int index) {
        return "node" + (index + 1);
    }

    /** 5001 and the next two, each if it is free, otherwise any free one. */
    private static List<Integer> freePorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < SIZE; i++) {
                sockets.add(bound(PORT_FIRST + i));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private static ServerSocket bound(int wanted) throws IOException {
        InetAddress host = InetAddress.getLoopbackAddress();
        try {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(host, wanted));
            return socket;
        } catch (IOException taken) {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(host, 0));
            return socket;
        }
    }
}
