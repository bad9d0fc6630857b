package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.NodeApi;
import dev.hence.system.cluster.NodeProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Too little free space: writes are definitely rejected, reads continue, and the updates of others wait for room. */
class FullDiskIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    /** More than is free, and the maximum of the setting. */
    private static final long FREE_BYTES_MIN = 1L << 40;

    @Test
    void write_diskIsFull_refusedWhileReadsGoOnAndUpdatesWait() throws Exception {
        assumeTrue(
                Files.getFileStore(clusters.directory()).getUsableSpace() < FREE_BYTES_MIN,
                "a disk that counts as full");
        Cluster cluster = clusters.start(2);
        NodeProcess full = cluster.node(1);
        cluster.api(2).write("x", "1");
        cluster.awaitConverged();
        List<String> roomy = full.flags();
        full.stop();
        List<String> flags = new ArrayList<>(roomy);
        flags.addAll(List.of("--disk-free-bytes-min", Long.toString(FREE_BYTES_MIN)));
        full.reconfigure(flags);
        full.launch();
        full.awaitLive();
        NodeApi api = full.api();

        HttpAnswer unready = api.get("/health/ready");
        assertThat(unready.status()).isEqualTo(503);
        assertThat(unready.code()).isEqualTo("not-ready");
        assertThat(unready.text()).contains("disk");
        byte[] json = "{\"key\":\"x\",\"value\":\"2\"}".getBytes(StandardCharsets.UTF_8);
        byte[] batch = "{\"operations\":[{\"op\":\"delete\",\"key\":\"x\"}]}".getBytes(StandardCharsets.UTF_8);
        for (HttpAnswer refusal : List.of(
                api.send("PUT", "/kv/x", new byte[] {'2'}),
                api.send("DELETE", "/kv/x", new byte[0]),
                api.send("POST", "/batch", batch, "Content-Type", "application/json"),
                api.send("POST", "/write", json, "Content-Type", "application/json"))) {
            assertThat(refusal.status()).as("%s", refusal).isEqualTo(507);
            assertThat(refusal.code()).isEqualTo("disk-full");
            assertThat(refusal.json().path("definite").asBoolean()).isTrue();
        }
        assertThat(api.read("x").text()).isEqualTo("1");
        cluster.awaitLinked();
        String session = cluster.api(2).write("x", "3").session();
        assertThat(api.read("x", "Hence-Session", session, "Hence-Wait", "300ms")
                        .code())
                .isEqualTo("session-behind");
        assertThat(api.read("x").text()).isEqualTo("1");

        assertThat(full.stop()).isZero();
        full.reconfigure(roomy);
        full.start();
        assertThat(api.read("x", "Hence-Session", session, "Hence-Wait", "60s").text())
                .isEqualTo("3");
        api.write("y", "1");
        cluster.awaitConverged();
    }
}
