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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nodes that follow each other over real connections. */
final class ReplicationTest extends ClusterTest {

    // Convergence

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

    // Topologies

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
        deleteAll(a.data());
        a.start(b.address(), c.address());
        assertThat(a.self()).isNotEqualTo(ended);
        c.start(a.address(), b.address());
        eventuallyAsserted(() -> assertThat(a.node().clock().get(ended)).isEqualTo(1));
        a.set("y", "of the new disk");
        cluster.awaitConvergence();
        assertThat(c.get("x")).isEqualTo("of the old disk");
    }

    // Identity

    @Test
    void regress_oldCopyRestoredInPlace_takesANewIncarnationAndGetsItsUpdatesBack() throws Exception {
        cluster.startAll(a, b);
        ReplicaId before = a.self();
        b.awaitDelivered(a.set("x", "early"));
        backUp(a);
        a.start(b.address());
        a.set("x", "late");
        Dot last = a.set("y", "late");
        b.awaitDelivered(last);
        restore(a);
        a.start(b.address());
        eventually("a has taken a new incarnation", () -> !a.self().equals(before));
        a.awaitDelivered(last);
        assertThat(a.get("x")).isEqualTo("late");
        Dot next = a.set("x", "new");
        assertThat(next.replica()).isNotEqualTo(before);
        cluster.awaitConvergence();
        assertThat(b.get("x")).isEqualTo("new");
    }

    @Test
    void regress_whatNobodyHasButTheNodeAnnounced_isHeardOfThroughOthers() throws Exception {
        // B reads no updates of A, only that they were written.
        a.start(b.address());
        b.start(a.address());
        b.awaitConnected(a);
        b.lab(a, Mode.HOLD);
        ReplicaId before = a.self();
        backUp(a);
        a.start(b.address());
        b.awaitConnected(a);
        Dot lost = a.set("x", "lost");
        eventually("b knows of it", () -> b.sees("a").applied().contains(lost));
        restore(a);
        a.start(b.address());
        eventually("a has taken a new incarnation", () -> !a.self().equals(before));
        assertThat(a.set("x", "new").replica()).isNotEqualTo(before);
        assertThat(b.node().clock().contains(lost)).isFalse();
    }

    @Test
    void fork_dotsUsedTwice_stopTheStreamLoudly() throws Exception {
        cluster.startAll(a, b);
        b.awaitDelivered(a.set("x", "early"));
        backUp(a);
        a.start(b.address());
        b.awaitDelivered(a.set("x", "one"));
        restore(a);
        a.start();
        Dot again = a.set("x", "another under the same name");
        assertThat(b.node().clock().contains(again)).isTrue();
        // It has more than any peer has seen of it, so only the checksums reveal the fork.
        a.set("x", "and one more");
        a.stop();
        a.start(b.address());
        eventuallyAsserted(() -> assertThat(b.sees("a").state()).contains("another update under the name " + again));
        assertThat(b.node().clock().get(again.replica())).isEqualTo(again.counter());
        assertThat(b.get("x")).isEqualTo("one");
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

    // Bounds

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

    // The lab

    @Test
    void hold_ofALink_keepsUpdatesAndWhatDependsOnThemBackWhileHeartbeatsPass() throws Exception {
        cluster.startAll(a, b, c);
        c.awaitConnected(a);
        c.awaitConnected(b);
        c.lab(a, Mode.HOLD);
        Dot photo = a.set("photo", "P");
        b.awaitDelivered(photo);
        Dot comment = b.set("comment", "C");
        eventually(
                "the comment waits",
                () -> c.node().status().buffered().stream()
                        .anyMatch(waiting -> waiting.update().dot().equals(comment)
                                && waiting.waitingFor().equals(photo)));
        eventually("a heartbeat told of the photo", () -> c.sees("a").applied().contains(photo));
        assertThat(c.sees("a").connected()).isTrue();
        assertThat(c.heldFrom(a)).isEqualTo(1);
        assertThat(c.get("comment")).isEqualTo("absent");
        c.lab(a, Mode.OPEN);
        c.awaitDelivered(comment);
        assertThat(c.get("photo")).isEqualTo("P");
        assertThat(c.heldFrom(a)).isZero();
    }

    @Test
    void cut_ofALink_closesItUntilItIsOpenedAgain() throws Exception {
        cluster.startAll(a, b);
        b.awaitConnected(a);
        b.lab(a, Mode.CUT);
        eventually("the link is cut", () -> b.sees("a").state().equals("cut"));
        Dot missed = a.set("x", "A");
        a.awaitDelivered(b.set("y", "B"));
        assertThat(b.node().clock().contains(missed)).isFalse();
        b.lab(a, Mode.OPEN);
        b.awaitDelivered(missed);
    }

    @Test
    void cut_ofALinkBesideAnother_isGoneRound() throws Exception {
        cluster.startAll(a, b, c);
        c.awaitConnected(a);
        c.awaitConnected(b);
        c.lab(a, Mode.CUT);
        a.lab(c, Mode.CUT);
        c.awaitDelivered(a.set("x", "A"));
        a.awaitDelivered(c.set("y", "C"));
        assertThat(c.sees("a").state()).isEqualTo("cut");
    }

    @Test
    void reorder_andDelay_changeNothingOfTheOutcome() throws Exception {
        c.limits = NodeConfigs.LIMITS.withBufferUpdatesMax(4);
        cluster.startAll(a, b, c);
        c.lab(a, Mode.REORDER);
        c.lab(b, Mode.DELAY, 20);
        for (int i = 0; i < 100; i++) {
            Dot dot = a.set("x", String.valueOf(i));
            if (i % 10 == 0) {
                b.awaitDelivered(dot);
                b.set("y", String.valueOf(i));
            }
        }
        cluster.awaitConvergence();
        assertThat(c.get("x")).isEqualTo("99");
    }

    // Files

    private void backUp(Member member) throws IOException {
        member.stop();
        copyAll(member.data().resolve("db"), directory.resolve("backup"));
    }

    /** Restores the backup in place, including the marker, as the roll-back of a machine's disk does. */
    private void restore(Member member) throws IOException {
        member.stop();
        deleteAll(member.data().resolve("db"));
        copyAll(directory.resolve("backup"), member.data().resolve("db"));
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
