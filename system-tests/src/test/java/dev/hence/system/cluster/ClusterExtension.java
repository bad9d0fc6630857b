package dev.hence.system.cluster;

import dev.hence.system.cluster.NodeProcess.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test its clusters, and ends them after it. If a test fails, the ends of all logs are printed; the logs of
 * every test stay in {@code target/node-logs}.
 */
public final class ClusterExtension implements BeforeEachCallback, AfterEachCallback {

    private static final int START_ATTEMPTS_MAX = 5;

    private final List<Cluster> clusters = new ArrayList<>();
    private @Nullable Path directory;
    private @Nullable Path logs;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("hence-system-test-");
        String test = context.getRequiredTestClass().getSimpleName() + "."
                + context.getRequiredTestMethod().getName();
        logs = Files.createDirectories(Path.of("target", "node-logs", test));
        deleteUnder(logs);
    }

    /** A lab of {@code size} nodes that know each other, all ready. */
    public Cluster start(int size, String... flags) throws Exception {
        return startChanged(size, cluster -> {}, flags);
    }

    /** Same as {@link #start}, with a change before the start. */
    public Cluster startChanged(int size, Consumer<Cluster> change, String... flags) throws Exception {
        for (int attempt = 1; ; attempt++) {
            Cluster cluster = prepare(size, flags);
            change.accept(cluster);
            try {
                cluster.start();
                return cluster;
            } catch (StartFailedException failed) {
                cluster.end();
                boolean portTaken = !cluster.nodes().stream()
                        .allMatch(node -> FreePorts.isFree(node.port()) && FreePorts.isFree(node.redisPort()));
                if (attempt == START_ATTEMPTS_MAX || !portTaken) {
                    throw new AssertionError(failed.getMessage(), failed);
                }
            }
        }
    }

    /** Same as {@link #start}, but no node is started. */
    public Cluster prepare(int size, String... flags) throws IOException {
        List<Integer> ports = FreePorts.pick(2 * size);
        Path home = Files.createDirectories(directory().resolve("cluster" + (clusters.size() + 1)));
        List<NodeProcess> nodes = new ArrayList<>();
        for (int number = 1; number <= size; number++) {
            String name = "node" + number;
            List<String> all = new ArrayList<>(List.of("--lab"));
            String peers = peersOf(number, ports.subList(0, size));
            if (!peers.isEmpty()) {
                all.addAll(List.of("--peers", peers));
            }
            all.addAll(List.of(flags));
            Path log = logs().resolve("cluster" + (clusters.size() + 1) + "-" + name + ".log");
            nodes.add(new NodeProcess(
                    name, ports.get(number - 1), ports.get(size + number - 1), all, home.resolve(name), log));
        }
        Cluster cluster = new Cluster(nodes);
        clusters.add(cluster);
        return cluster;
    }

    private static String peersOf(int number, List<Integer> ports) {
        return IntStream.rangeClosed(1, ports.size())
                .filter(other -> other != number)
                .mapToObj(other -> "node" + other + "=localhost:" + ports.get(other - 1))
                .reduce((one, next) -> one + "," + next)
                .orElse("");
    }

    /** A directory that is deleted after the test. */
    public Path directory() {
        return Objects.requireNonNull(directory, "directory");
    }

    /** The directory of the logs. */
    public Path logs() {
        return Objects.requireNonNull(logs, "logs");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        if (context.getExecutionException().isPresent()) {
            clusters.forEach(cluster -> System.err.println(cluster.logTails()));
        }
        for (Cluster cluster : clusters) {
            cluster.end();
        }
        clusters.clear();
        deleteUnder(directory());
        Files.delete(directory());
    }

    private static void deleteUnder(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
    }
}
