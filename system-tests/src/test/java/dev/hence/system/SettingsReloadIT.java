package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP: the node reads its settings again, and does not end. */
class SettingsReloadIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @TempDir
    Path directory;

    @Test
    void hangUp_ofARunningNode_takesTheLogLevelAndGoesOn() throws Exception {
        assumeFalse(isIgnored(), "SIGHUP is ignored by this process and by all that it starts");
        Path settings = directory.resolve("hence.properties");
        Files.writeString(settings, "log-level = warn\n");
        Cluster cluster = clusters.start(1, "--config", settings.toString());
        NodeProcess node = cluster.node(1);

        Files.writeString(settings, "log-level = loud\n");
        node.hangUp();
        awaitLogged(node, "SIGHUP: invalid settings, nothing is changed: log-level: \"loud\"");

        Files.writeString(settings, "log-level = debug\n");
        node.hangUp();
        awaitLogged(node, "SIGHUP: log-level is now debug");

        assertThat(node.api().write("x", "1").ok()).isTrue();
        assertThat(node.stop()).as("exit status").isZero();
    }

    /** A process under nohup, and all its children, ignore the signal; a node does the same. */
    private static boolean isIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line -> (Long.parseUnsignedLong(
                                                line.substring("SigIgn:".length())
                                                        .strip(),
                                                16)
                                        & 1)
                                == 1);
    }

    private static void awaitLogged(NodeProcess node, String line) throws Exception {
        eventually("the log says: " + line, () -> Files.readString(node.log()).contains(line));
    }
}
