package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that cannot continue ends by itself, reports it once, and keeps what it acknowledged. */
class FailedNodeIT {

    private static final int NODE_FAILED = 6;
    private static final int FILE_BYTES_MAX = 4 << 20;

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void commit_failsForTheOperatingSystem_endsTheProcessWithItsOwnStatus() throws Exception {
        Cluster cluster = clusters.start(1);
        NodeProcess node = cluster.node(1);
        limitFileSize(node);

        Map<String, HttpAnswer> answers = new TreeMap<>();
        String key = "";
        try {
            for (int number = 1; number <= 1_000 && node.isRunning(); number++) {
                key = "key" + number;
                answers.put(key, node.api().send("PUT", "/kv/" + key, new byte[256 << 10]));
            }
        } catch (IOException gone) {
            // The process ended before it could answer.
        }
        int status = node.awaitExit();

        assertThat(status).as("exit status").isEqualTo(NODE_FAILED);
        assertThat(node.logTail()).contains("node1 has failed and ends: hence-writer:");
        HttpAnswer last = answers.get(key);
        if (last != null) {
            assertThat(last.code()).isEqualTo("node-failed");
        }
        node.start();
        for (Map.Entry<String, HttpAnswer> each : answers.entrySet()) {
            if (each.getValue().ok()) {
                assertThat(node.api().read(each.getKey()).status())
                        .as("%s, which was acknowledged", each.getKey())
                        .isEqualTo(200);
            }
        }
        assertThat(answers.values()).anyMatch(HttpAnswer::ok);
    }

    /** Makes every write beyond an offset in a file fail, as on a broken disk. */
    private static void limitFileSize(NodeProcess node) throws IOException, InterruptedException {
        Process prlimit = new ProcessBuilder(
                        "prlimit", "--pid", Long.toString(node.running().pid()), "--fsize=" + FILE_BYTES_MAX)
                .redirectErrorStream(true)
                .start();
        String output = new String(prlimit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(prlimit.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(prlimit.exitValue()).as(output).isZero();
    }
}
