package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.InjectedFault;
import dev.hence.system.cluster.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The operating system fails writes and syncs of a node under load: the node stops with one line and its own status,
 * appends nothing more, and has everything that it acknowledged after the restart. Skipped where strace is missing.
 */
class DiskFaultIT {

    private static final int NODE_FAILED = 6;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @BeforeEach
    void faultsCanBeInjected() {
        InjectedFault.assumePossible();
    }

    @ParameterizedTest
    @CsvSource({
        "always,   write, ENOSPC, 30",
        "always,   fsync, EIO,    30",
        "everysec, write, EIO,    30",
        "everysec, fsync, EIO,    1",
    })
    void log_writeOrSyncFails_nodeStopsAndKeepsWhatItAcknowledged(String policy, String call, String error, int number)
            throws Exception {
        NodeProcess node = clusters.start(1, "--fsync", policy).node(1);
        PipelinedWrites writes = PipelinedWrites.start(node);
        InjectedFault fault;
        int status;
        try {
            eventually("writes are acknowledged", () -> writes.count() > 0);
            fault = InjectedFault.start(node, call, error, number, List.of(lastSegment(node)), clusters.directory());
            status = node.awaitExit();
        } finally {
            writes.repetition().stop();
        }

        assertThat(status).as("exit status").isEqualTo(NODE_FAILED);
        assertThat(Files.readString(node.log())).containsOnlyOnce("ERROR NodeFailure - node1 has failed and ends: ");
        // Under everysec, two threads write and sync: what one was about to do may still follow what the other failed
        // to.
        String forbidden = policy.equals("always") ? "" : call + "(";
        assertThat(fault.laterCalls())
                .as("writes and syncs of the log after the fault")
                .noneMatch(line -> line.contains(forbidden));
        node.start();
        assertThat(writes.missingAt(node)).isEmpty();
    }

    @Test
    void checkpoint_syncOfATableFileFails_nothingAcknowledgedIsLost() throws Exception {
        NodeProcess node = clusters.start(1).node(1);
        PipelinedWrites writes = PipelinedWrites.start(node);
        try {
            eventually("writes are acknowledged", () -> writes.count() > 1_000);
        } finally {
            writes.repetition().stop();
        }
        InjectedFault fault = InjectedFault.start(node, "fdatasync", "EIO", 1, List.of(), clusters.directory());

        int status = node.stop();

        assertThat(fault.laterCalls()).isNotNull();
        assertThat(status)
                .as("exit status of a stop that could not write the rows")
                .isNotZero();
        node.start();
        assertThat(writes.missingAt(node)).isEmpty();
    }

    private static Path lastSegment(NodeProcess node) throws IOException {
        try (Stream<Path> files = Files.list(node.data().resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }
}
