package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.node.config.PeerAddress;
import dev.hence.node.peers.Cluster.Member;
import dev.hence.node.peers.FaultInjector.Mode;
import dev.hence.node.testing.NodeConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Nodes that follow each other over real connections. */
final class ReplicationTest extends ClusterTest {

    @Test
    void follow_twoNodes_convergeWithWhatWasWrittenBeforeAndAfterTheyMet() throws Exception {
        a.start();
        b.start(a.address());
        a.stop();
        a.start(b.address());
        a.set("x", "A");
        b.set("y", "B");
        b.set("x", "B");
        cluster.awaitConvergence();
        assertThat(a.get("y")).isEqualTo("B");
        a.set("x", "after");
        cluster.awaitConvergence();
        assertThat(b.get("x")).isEqualTo("after");
    }

    @Test
    void follow_threeNodesUnderLoadWhoseFeedsBreak_convergeWithoutALoss() throws Exception {
        cluster.startAll(a, b, c);
        List<Member> members = List.of(a, b, c);
        List<Thread> writers = new ArrayList<>();
        for (Member member : members) {
            writers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 1_000; i++) {
                    member.set("key" + i % 50, member.self() + " " + i);
                    if (i % 100 == 50) {
                        member.dropFeeds();
                    }
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        cluster.awaitConvergence();
        for (Member member : members) {
            assertThat(a.node().clock().get(member.self())).isEqualTo(1_000);
        }
    }

    @Test
    void follow_nodeThatWasAway_catchesUpFromTheDisksOfOthers() throws Exception {
        cluster.startAll(a, b, c);
        Dot first = a.set("x", "0");
        c.awaitDelivered(first);
        c.stop();
        for (int i = 1; i <= 3_000; i++) {
            (i % 2 == 0 ? a : b).set("x", String.valueOf(i));
        }
        a.stop();
        a.start(b.address(), c.address());
        c.start(a.address(), b.address());
        cluster.awaitConvergence();
        assertThat(c.node().clock().get(first.replica())).isEqualTo(1_501);
    }

    @Test
    void follow_nodeUnderLoadThatConnectsAnew_isNotTakenForOneThatForgot() throws Exception {
        cluster.startAll(a, b);
        ReplicaId before = a.self();
        FutureTask<Integer> load = new FutureTask<>(() -> {
            int count = 0;
            while (!Thread.currentThread().isInterrupted() && count < 200_000) {
                a.set("x", String.valueOf(count++));
            }
            return count;
        });
        Thread writer = Thread.ofPlatform().start(load);
        // A's writes reach B at once, but A reconnects to B each time its feed from B breaks.
        for (int i = 0; i < 10; i++) {
            a.awaitConnected(b);
            b.dropFeeds();
            Dot dot = b.set("y", String.valueOf(i));
            a.awaitDelivered(dot);
        }
        writer.interrupt();
        writer.join();
        assertThat(a.self()).isEqualTo(before);
        cluster.awaitConvergence();
    }

    @Test
    void connect_anotherCluster_isRefusedAndSaysWhy() throws Exception {
        b.cluster = "other";
        cluster.startAll(a, b);
        eventuallyAsserted(() -> assertThat(linkStates(a))
                .anyMatch(state -> state.contains("cluster: \"hence\" (expected: \"other\")")));
    }

    @Test
    void connect_aNodeOfTheSameName_isRefusedAndSaysWhy() throws Exception {
        b.nodeName = "a";
        a.start(new PeerAddress("b", "127.0.0.1", b.address().port()));
        b.start();
        String address = "127.0.0.1:" + b.address().port();
        eventuallyAsserted(
                () -> assertThat(linkStates(a)).contains("refused: node name: \"a\" (expected: \"b\"), at " + address));
        a.stop();
        a.start(b.address());
        a.set("x", "A");
        eventuallyAsserted(
                () -> assertThat(a.replication().linkStates()).anyMatch(state -> state.contains("is taken by")));
        assertThat(b.get("x")).isEqualTo("absent");
    }

    @Test
    void connect_itsOwnAddressAmongThePeers_doesNoHarm() throws Exception {
        cluster.startAll(a, b);
        a.awaitConnected(b);
        eventually(
                "a knows that one of its peers is itself",
                () -> Objects.requireNonNull(a.replication().linkLab()).links().size() == 1);
        assertThat(a.node().status().members()).hasSize(2);
    }

    private static List<String> linkStates(Member member) {
        return member.replication().linkStates();
    }

    @Test
    void buffer_full_stopsTheStreamAndGoesOnWhenThereIsRoom() throws Exception {
        c.limits = NodeConfigs.LIMITS.withBufferUpdatesMax(4);
        cluster.startAll(a, b, c);
        c.awaitConnected(a);
        c.awaitConnected(b);
        c.lab(a, Mode.HOLD);
        b.awaitDelivered(a.set("x", "A"));
        Dot last = b.set("y", "0");
        for (int i = 1; i < 50; i++) {
            last = b.set("y", String.valueOf(i));
        }
        eventually("the buffer is full", () -> c.node().status().bufferedCount() == 4);
        c.set("z", "writes go on");
        a.awaitDelivered(c.set("z", "and feeds too"));
        assertThat(c.get("y")).isEqualTo("absent");
        assertThat(c.node().status().bufferedCount()).isEqualTo(4);
        c.lab(a, Mode.OPEN);
        c.awaitDelivered(last);
        cluster.awaitConvergence();
    }

    @Test
    void close_withStreamsOpenHeldAndBlocked_returns() throws Exception {
        c.limits = NodeConfigs.LIMITS.withBufferUpdatesMax(4);
        cluster.startAll(a, b, c);
        c.awaitConnected(a);
        c.awaitConnected(b);
        c.lab(a, Mode.HOLD);
        b.awaitDelivered(a.set("x", "A"));
        for (int i = 1; i < 50; i++) {
            b.set("y", String.valueOf(i));
        }
        eventually("the buffer is full", () -> c.node().status().bufferedCount() == 4);
        c.stop();
        b.stop();
        a.stop();
        a.start(b.address(), c.address());
        b.start(a.address(), c.address());
        c.start(a.address(), b.address());
        cluster.awaitConvergence();
        assertThat(c.get("y")).isEqualTo("49");
    }
}
