package dev.hence.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.crdt.Bytes;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.Storage;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.rescue.RescueOrder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RescueAtStartTest {

    @TempDir
    private Path parent;

    @Test
    void start_theCommandEndedBeforeTheDatabaseWasMoved_theNodeRescues() throws Exception {
        Path data = parent.resolve("data");
        fork(data);
        giveTheOrderAlone(data);
        assertThat(data.resolve("db")).isDirectory();

        try (HenceServer server = HenceServer.start(NodeConfig.alone("node1", data))) {
            assertThat(server.self().name()).isEqualTo("node1");
        }

        try (Storage storage = DataDirectory.openForked(data.resolve("forked"))) {
            assertThat(storage.deliveredCount()).isEqualTo(1);
        }
        assertThat(data.resolve("RESCUE")).exists();
    }

    private static void fork(Path data) throws Exception {
        try (Node node = Node.open(NodeConfig.alone("node1", data), new SimpleMeterRegistry())) {
            node.write(transaction -> {
                transaction.set(Bytes.utf8("x"), Bytes.utf8("1"));
                return true;
            });
            node.identity().differing(new Dot(node.self(), 1));
        }
    }

    /** The order is what the command writes first; it is taken from a copy of the directory. */
    private void giveTheOrderAlone(Path data) throws Exception {
        Path copy = parent.resolve("copy");
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(data.relativize(file).toString()));
            }
        }
        RescueOrder.give(copy);
        Files.copy(copy.resolve("RESCUE"), data.resolve("RESCUE"), StandardCopyOption.REPLACE_EXISTING);
    }
}
