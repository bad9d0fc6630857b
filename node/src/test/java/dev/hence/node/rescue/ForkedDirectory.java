package dev.hence.node.rescue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.replica.Transaction;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.Storage;
import dev.hence.node.Node;
import dev.hence.node.testing.NodeConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A forked data directory of node1: a counter was incremented and a key set repeatedly. */
final class ForkedDirectory {

    static final Bytes COUNT = Bytes.utf8("count");
    static final Bytes X = Bytes.utf8("x");
    static final int INCREMENTS = 3;

    /** One per increment, and one per value of x. */
    static final int UPDATES = 2 * INCREMENTS;

    private ForkedDirectory() {}

    static ReplicaId make(Path directory) throws Exception {
        try (Node node = Node.open(NodeConfigs.alone("node1", directory), new SimpleMeterRegistry())) {
            for (int i = 1; i <= INCREMENTS; i++) {
                Bytes value = Bytes.utf8(String.valueOf(i));
                write(node, transaction -> transaction.increment(COUNT, DataType.STRING, Bytes.EMPTY, BigDecimal.ONE));
                write(node, transaction -> transaction.set(X, value));
            }
            node.identity().differing(new Dot(node.self(), 1));
            return node.self();
        }
    }

    private interface Writing {
        void to(Transaction transaction);
    }

    private static void write(Node node, Writing writing) throws InterruptedException {
        node.write(transaction -> {
            writing.to(transaction);
            return true;
        });
    }

    /** Everything is set aside, and nothing of it is left in the old place. */
    static void requireSetAside(Path directory) {
        Path inside = directory.resolve("forked");
        assertThat(directory.resolve("RESCUE")).exists();
        assertThat(directory.resolve("db")).doesNotExist();
        assertThat(inside.resolve("INCARNATION")).isRegularFile();
        assertThat(inside.resolve("FORMAT")).isRegularFile();
        try (Storage storage = DataDirectory.openForked(inside)) {
            assertThat(storage.recovered().identity().forked()).isNotNull();
            assertThat(storage.deliveredCount()).isEqualTo(UPDATES);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
