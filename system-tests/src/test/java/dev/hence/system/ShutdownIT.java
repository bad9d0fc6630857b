package dev.hence.system;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.property.Eventually;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.FeedFollower;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.LinkMode;
import dev.hence.system.cluster.NodeProcess;
import dev.hence.system.cluster.NodeState;
import dev.hence.system.cluster.RawConnection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SIGTERM: requests in progress are answered, everything is kept, and the process ends with status 0. */
class ShutdownIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @Test
    void terminate_underLoad_losesNothingAndGoesOnUnderTheSameIdentity() throws Exception {
        Cluster cluster = clusters.start(3);
        NodeProcess stopped = cluster.node(2);
        String replica = stopped.api().replica();
        WriteLoad load = WriteLoad.start(cluster, 6, 1);
        try {
            for (int time = 0; time < 3; time++) {
                load.awaitMoreAcknowledged(100);
                assertThat(stopped.stop()).as("exit status").isZero();
                load.awaitMoreAcknowledged(50);
                stopped.start();
            }
        } finally {
            load.stop();
        }

        NodeState state = cluster.awaitConverged();
        assertThat(load.violations(state, cluster.api(1))).isEmpty();
        assertThat(stopped.api().replica()).isEqualTo(replica);
    }

    @Test
    void terminate_requestsUnderWay_everyOneIsAnswered() throws Exception {
        Cluster cluster = clusters.start(2);
        cluster.awaitLinked();
        NodeProcess stopped = cluster.node(2);
        cluster.link(1, 2, new LinkMode.Hold());
        String ahead = cluster.api(1).write("x", "1").session();
        double before = openRequests(stopped);
        try (RawConnection halfWritten = RawConnection.to(stopped);
                RawConnection waiting = RawConnection.to(stopped);
                FeedFollower feed = FeedFollower.of(stopped.api(), "")) {
            halfWritten.send("PUT /kv/half HTTP/1.1\r\nHost: node2\r\nContent-Length: 10\r\n\r\n01234");
            waiting.send(
                    "GET /kv/x HTTP/1.1\r\nHost: node2\r\nHence-Session: " + ahead + "\r\nHence-Wait: 60s\r\n\r\n");
            eventually("the three are being answered", () -> openRequests(stopped) >= before + 3);

            stopped.terminate();

            HttpAnswer tooEarly = waiting.answer();
            assertThat(tooEarly.status()).as("%s", tooEarly).isEqualTo(503);
            assertThat(tooEarly.code()).isIn("not-ready", "session-behind");
            assertThat(feed.end().get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("in order");
            halfWritten.send("56789");
            HttpAnswer written = halfWritten.answer();
            assertThat(stopped.awaitExit()).as("exit status").isZero();

            stopped.start();
            if (written.ok()) {
                assertThat(stopped.api().read("half").text()).isEqualTo("0123456789");
            } else {
                assertThat(written.code()).isEqualTo("not-ready");
                assertThat(stopped.api().read("half").code()).isEqualTo("key-absent");
            }
            assertThat(stopped.api()
                            .read("x", "Hence-Session", ahead, "Hence-Wait", "60s")
                            .text())
                    .as("what the link held comes again")
                    .isEqualTo("1");
        }
    }

    private static double openRequests(NodeProcess node) throws Exception {
        return node.api()
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("hence_http_requests_open "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }
}
