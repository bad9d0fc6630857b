package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of a single node that are modified while it is stopped: it starts with everything, or reports why it does not.
 */
class DamagedDataIT {

    private static final int WRITES = 300;
    private static final int FAILED = 1;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    private NodeProcess killedAfterWrites() throws Exception {
        NodeProcess node = clusters.start(1).node(1);
        for (int i = 0; i < WRITES; i++) {
            node.api().write("key" + i, "value " + i);
        }
        node.kill();
        return node;
    }

    @Test
    void start_eightBytesInTheMiddleOfTheLogFlipped_refusedWithPlaceAndAdviceAndNothingChanges() throws Exception {
        NodeProcess node = killedAfterWrites();
        Path log = largest(node, "log", ".log");
        flip(log, Files.size(log) / 2);
        Map<String, Integer> before = dataFiles(node);

        node.launch();
        assertThat(node.awaitExit()).isEqualTo(FAILED);

        assertThat(reason(node))
                .startsWith(
                        "hence: node1 cannot start: data directory: " + node.data() + ": its log is damaged: " + log)
                .contains(" at byte ")
                .contains("restore a backup")
                .contains("single node")
                .contains("loses acknowledged writes");
        assertThat(dataFiles(node)).isEqualTo(before);
    }

    @Test
    void start_damagedLogThatIsAccepted_hasWhatIsBeforeTheDamage() throws Exception {
        NodeProcess node = killedAfterWrites();
        String incarnation = replicaInFile(node);
        Path log = largest(node, "log", ".log");
        flip(log, Files.size(log) / 2);
        Files.createFile(node.data().resolve("ACCEPT_LOSS"));

        node.start();

        assertThat(node.api().read("key0").text()).isEqualTo("value 0");
        assertThat(node.api().read("key" + (WRITES - 1)).status()).isEqualTo(404);
        assertThat(node.api().replica()).isNotEqualTo(incarnation);
        assertThat(node.data().resolve("ACCEPT_LOSS")).doesNotExist();
        assertThat(node.data().resolve("dropped")).isNotEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "absent"})
    void start_emptyOrMissingFormat_hasEverything(String format) throws Exception {
        NodeProcess node = killedAfterWrites();
        Path file = node.data().resolve("FORMAT");
        Files.delete(file);
        if (!format.equals("absent")) {
            Files.writeString(file, format);
        }

        node.start();

        assertThat(node.api().read("key" + (WRITES - 1)).text()).isEqualTo("value " + (WRITES - 1));
        assertThat(file).isNotEmptyFile();
    }

    @Test
    void start_flippedTable_refusedWithAdvice() throws Exception {
        NodeProcess node = killedAfterWrites();
        node.start();
        assertThat(node.stop()).isZero();
        Path table = largest(node, "db", ".sst");
        flip(table, Files.size(table) - 20);

        node.launch();
        assertThat(node.awaitExit()).isEqualTo(FAILED);

        assertThat(reason(node))
                .contains("cannot be opened")
                .contains(table.getFileName().toString())
                .contains("restore a backup")
                .contains("single node");
    }

    private static String reason(NodeProcess node) {
        return node.logTail().lines().toList().getLast();
    }

    private static String replicaInFile(NodeProcess node) throws IOException {
        return Files.readString(node.data().resolve("INCARNATION")).strip();
    }

    private static void flip(Path file, long offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < 8; i++) {
            bytes[(int) offset + i] ^= (byte) 0xff;
        }
        Files.write(file, bytes);
    }

    private static Path largest(NodeProcess node, String place, String ending) throws IOException {
        try (Stream<Path> files = Files.list(node.data().resolve(place))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    /** The content of every file except those that RocksDB and the start write themselves. */
    private static Map<String, Integer> dataFiles(NodeProcess node) throws IOException {
        Map<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(node.data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = node.data().relativize(file).toString();
                if (!name.startsWith("native") && !name.contains("LOG") && !name.endsWith("LOCK")) {
                    contents.put(name, Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
        }
        return contents;
    }
}
