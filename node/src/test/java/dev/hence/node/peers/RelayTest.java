package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.node.testing.NodeConfigs;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Nodes that receive the updates of an origin through another node. */
final class RelayTest extends ClusterTest {

    @Test
    void relay_chainWhoseEndsDoNotKnowEachOther_converges() throws Exception {
        a.start(b.address());
        b.start(a.address(), c.address());
        c.start(b.address());
        Dot ofA = a.set("x", "A");
        c.awaitDelivered(ofA);
        Dot ofC = c.set("x", "C");
        a.awaitDelivered(ofC);
        assertThat(a.get("x")).isEqualTo("C");
        // An idle relay ends; later updates are followed again.
        eventually(
                "the relay has ended",
                () -> c.node().status().follows().stream()
                        .noneMatch(follow -> follow.origin().equals(a.self())));
        c.awaitDelivered(a.set("x", "later"));
        cluster.awaitConvergence();
    }

    @Test
    void relay_moreThanTheBufferHoldsDependsOnAnOriginNotYetFollowed_isAskedForAndDelivered() throws Exception {
        c.limits = NodeConfigs.LIMITS.withBufferUpdatesMax(4);
        a.start(b.address());
        b.start(a.address(), c.address());
        Dot last = a.set("x", "0");
        for (int i = 1; i <= 100; i++) {
            b.awaitDelivered(last);
            b.set("y", String.valueOf(i));
            last = b.set("x", String.valueOf(i));
            a.awaitDelivered(last);
            last = a.set("x", String.valueOf(-i));
        }
        c.start(b.address());
        cluster.awaitConvergence();
    }

    @Test
    void relay_burstDependsOnAnOriginWhoseRelayHasEnded_isAskedForAndDelivered() throws Exception {
        c.limits = NodeConfigs.LIMITS.withBufferUpdatesMax(4);
        // C learns what A wrote meanwhile only through the updates of B.
        b.timing = Cluster.withHeartbeats(Duration.ofHours(1));
        a.start(b.address());
        b.start(a.address());
        c.start(b.address());
        c.awaitDelivered(b.set("hello", "c"));
        c.awaitConnected(b);
        for (int round = 0; round < 5; round++) {
            b.awaitDelivered(a.set("x", String.valueOf(round)));
            for (int i = 0; i < 200; i++) {
                b.set("y", String.valueOf(i));
            }
        }
        cluster.awaitConvergence();
    }

    @Test
    void relay_endedIncarnationThatOnlyOthersHave_reachesThoseWhoComeLater() throws Exception {
        cluster.startAll(a, b);
        ReplicaId ended = a.self();
        b.awaitDelivered(a.set("x", "of the old disk"));
        a.stop();
        a.wipe();
        a.start(b.address(), c.address());
        assertThat(a.self()).isNotEqualTo(ended);
        c.start(a.address(), b.address());
        eventuallyAsserted(() -> assertThat(a.node().clock().get(ended)).isEqualTo(1));
        a.set("y", "of the new disk");
        cluster.awaitConvergence();
        assertThat(c.get("x")).isEqualTo("of the old disk");
    }
}
