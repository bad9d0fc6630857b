package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Older data of a node: a node restored from it must not reuse the dots of its later updates. */
class RestoredDataIT {

    private static final int WRITES = 50;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void start_fromACopyOfItsData_takesANewIncarnation() throws Exception {
        Cluster cluster = clusters.start(2);
        NodeProcess node = cluster.node(1);
        String before = node.api().replica();
        write(node, "early");
        cluster.awaitConverged();
        Path backup = clusters.directory().resolve("backup");
        assertThat(node.stop()).isZero();
        copy(node.data(), backup);
        node.start();
        write(node, "late");
        cluster.awaitConverged();

        node.kill();
        node.wipe();
        copy(backup, node.data());
        node.start();
        write(node, "restored");

        requireAll(cluster.awaitConverged());
        assertThat(node.api().replica()).startsWith("node1~").isNotEqualTo(before);
    }

    @Test
    void start_rolledBackInPlace_peersNoticeAndItTakesANewIncarnation() throws Exception {
        Cluster cluster = clusters.start(2);
        NodeProcess node = cluster.node(1);
        String before = node.api().replica();
        write(node, "early");
        cluster.awaitConverged();
        Path snapshot = clusters.directory().resolve("snapshot");
        assertThat(node.stop()).isZero();
        copy(node.data().resolve("db"), snapshot);
        node.start();
        write(node, "late");
        cluster.awaitConverged();

        // As with the snapshot of a machine, the directory itself looks the same: only its content is older.
        node.kill();
        for (Path file : filesUnder(node.data().resolve("db"))) {
            Files.delete(file);
        }
        copy(snapshot, node.data().resolve("db"));
        node.start();
        eventually(
                "a peer has told it what it has forgotten",
                () -> !node.api().replica().equals(before));
        write(node, "restored");

        requireAll(cluster.awaitConverged());
    }

    private static void write(NodeProcess node, String what) throws IOException, InterruptedException {
        for (int i = 0; i < WRITES; i++) {
            node.api().write(what + "/" + i, "value " + i);
        }
    }

    private static void requireAll(NodeState state) {
        for (int i = 0; i < WRITES; i++) {
            assertThat(state.entries()).containsKeys("early/" + i, "late/" + i, "restored/" + i);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : filesUnder(from)) {
            Path copy = to.resolve(from.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
    }

    private static Iterable<Path> filesUnder(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
