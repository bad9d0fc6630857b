package dev.hence.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.property.Eventually;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.LinkMode;
import dev.hence.system.cluster.NodeApi;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session at any node: it is served what it has seen, or told what the node lacks. */
class SessionIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void request_nodeIsBehindTheSession_toldWhatIsMissingAndServedWhenItArrives() throws Exception {
        Cluster cluster = clusters.start(3);
        cluster.awaitLinked();
        cluster.link(1, 3, new LinkMode.Hold());
        cluster.api(1).write("x", "1");
        String session = cluster.api(1).write("x", "2").session();
        NodeApi behind = cluster.api(3);

        HttpAnswer refusal = behind.read("x", "Hence-Session", session, "Hence-Wait", "100ms");
        assertThat(refusal.status()).as("%s", refusal).isEqualTo(503);
        assertThat(refusal.code()).isEqualTo("session-behind");
        assertThat(refusal.json().path("definite").asBoolean()).isTrue();
        JsonNode missing = refusal.json().path("missing");
        assertThat(missing).as("%s", refusal).hasSize(1);
        assertThat(missing.get(0).path("node_id").asText()).isEqualTo("node1");
        assertThat(missing.get(0).path("replica").asText())
                .isEqualTo(cluster.api(1).replica());
        assertThat(missing.get(0).path("counter").asLong()).isEqualTo(2);

        HttpAnswer write =
                behind.send("PUT", "/kv/y", new byte[] {1}, "Hence-Session", refusal.session(), "Hence-Wait", "100");
        assertThat(write.code())
                .as("the session of a refusal covers that of its request")
                .isEqualTo("session-behind");
        assertThat(behind.read("y").code()).isEqualTo("key-absent");
        assertThat(cluster.api(2).read("x", "Hence-Session", session).text()).isEqualTo("2");

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<HttpAnswer> waiting = new CompletableFuture<>();
            threads.execute(() -> {
                try {
                    waiting.complete(behind.read("x", "Hence-Session", session, "Hence-Wait", "60s"));
                } catch (Exception failed) {
                    waiting.completeExceptionally(failed);
                }
            });
            cluster.link(1, 3, new LinkMode.Open());

            assertThat(waiting.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .text())
                    .isEqualTo("2");
        }
    }

    @Test
    void request_severalSessions_allAreWaitedFor() throws Exception {
        Cluster cluster = clusters.start(3);
        cluster.awaitLinked();
        cluster.link(1, 3, new LinkMode.Hold());
        cluster.link(2, 3, new LinkMode.Hold());
        String first = cluster.api(1).write("x", "1").session();
        String second = cluster.api(2).write("y", "2").session();

        for (HttpAnswer refusal : new HttpAnswer[] {
            cluster.api(3).read("x", "Hence-Session", first + "," + second, "Hence-Wait", "50ms"),
            cluster.api(3).read("x", "Hence-Session", first, "Hence-Session", second, "Hence-Wait", "50ms")
        }) {
            assertThat(refusal.json().path("missing")).as("%s", refusal).hasSize(2);
        }
    }

    @Test
    void request_tokenThatIsNotOfThisCluster_refusedAtOnce() throws Exception {
        NodeApi here = clusters.start(1).api(1);
        String foreign = clusters.start(1, "--cluster", "elsewhere")
                .api(1)
                .write("x", "1")
                .session();

        for (String token : new String[] {foreign, "nonsense", "x".repeat(9_000)}) {
            HttpAnswer refusal = here.read("x", "Hence-Session", token, "Hence-Wait", "60s");
            assertThat(refusal.status()).as("%s", refusal).isEqualTo(400);
            assertThat(refusal.code()).isEqualTo("session-token");
        }
    }
}
