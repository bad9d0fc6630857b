package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.isStuck;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.Node;
import dev.hence.node.config.PeerAddress;
import dev.hence.node.peers.Cluster.Member;
import dev.hence.property.Eventually;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes that hear each other know to be stable. */
final class MembersTest extends ClusterTest {

    /** A member can report as durable only what it forces to the disk. */
    @BeforeEach
    void syncEveryWrite() {
        for (Member member : List.of(a, b, c)) {
            member.fsync = FsyncPolicy.ALWAYS;
        }
    }

    @Test
    void stable_whatEveryMemberHasStored_andNothingThatOneLacks() throws Exception {
        cluster.startAll(a, b, c);
        Dot everywhere = a.set("x", "everywhere");
        for (Member member : List.of(a, b, c)) {
            eventually(
                    "it is stable at every node",
                    () -> member.node().status().stable().contains(everywhere));
        }
        c.stop();
        Dot missed = a.set("x", "without c");
        b.awaitDelivered(missed);
        eventually("a knows that b has it", () -> a.sees("b").durable().contains(missed));
        assertThat(a.node().status().stable().contains(missed)).isFalse();
        c.start(a.address(), b.address());
        eventually(
                "it is stable where c is back", () -> a.node().status().stable().contains(missed));
    }

    @Test
    void stable_whileThePeerAtAConfiguredAddressIsUnknown_isNothing() throws Exception {
        a.start(b.address(), c.address());
        b.start(a.address(), c.address());
        Dot early = a.set("x", "before c was ever met");
        a.awaitConnected(b);
        eventually("a knows that b has it", () -> a.sees("b").durable().contains(early));
        assertThat(a.node().status().stable()).isEqualTo(VersionVector.EMPTY);
        c.start(a.address(), b.address());
        eventually("it is stable", () -> a.node().status().stable().contains(early));
    }

    @Test
    void stable_whileThePeerConfiguredByNameIsAway_isNothing() throws Exception {
        a.start(b.address(), new PeerAddress("c", "127.0.0.1", c.address().port()));
        b.start(a.address());
        Dot early = a.set("x", "before c was ever met");
        a.awaitConnected(b);
        eventually("a knows that b has it", () -> a.sees("b").durable().contains(early));
        assertThat(a.node().status().stable()).isEqualTo(VersionVector.EMPTY);
    }

    @Test
    void stable_ofANodeAlone_isWhatItHasStored() {
        a.start();
        Dot alone = a.set("x", "alone");
        assertThat(a.node().status().stable()).isEqualTo(VersionVector.EMPTY.with(alone));
    }

    @Test
    void stable_withoutFsync_isNothing() throws Exception {
        b.fsync = FsyncPolicy.NEVER;
        cluster.startAll(a, b);
        Dot unsafe = a.set("x", "A");
        b.awaitDelivered(unsafe);
        a.awaitConnected(b);
        eventually("a knows that b has it", () -> a.sees("b").applied().contains(unsafe));
        assertThat(a.node().status().stable()).isEqualTo(VersionVector.EMPTY);
    }

    @Test
    void stable_onceAMemberHasComeBackWithAnotherDisk_growsNoMore() throws Exception {
        cluster.startAll(a, b);
        Dot before = a.set("x", "A");
        eventually("it is stable", () -> a.node().status().stable().contains(before));
        ReplicaId ended = b.self();
        b.stop();
        Files.move(b.data(), directory.resolve("the disk that is gone"));
        b.start(a.address(), b.address());
        assertThat(b.self()).isNotEqualTo(ended);
        Dot after = a.set("x", "B");
        eventually("a knows that b has it", () -> a.sees("b").durable().contains(after));
        assertThat(a.node().status().stable()).isEqualTo(VersionVector.EMPTY.with(before));
    }

    @Test
    void awaitStored_ofAnUpdate_endsWhenTheOthersHaveIt() throws Exception {
        cluster.startAll(a, b, c);
        Dot dot = a.set("x", "1");

        assertThat(a.node().cluster().awaitStored(dot, 2, Eventually.LIMIT)).isEqualTo(2);
        assertThat(a.node().cluster().awaitStored(dot, 3, Duration.ZERO))
                .as("it does not count itself")
                .isEqualTo(2);
        assertThat(a.node().cluster().awaitStored(dot.next(), 1, Duration.ofMillis(1)))
                .isZero();
    }

    @Test
    void awaitStored_whenTheNodeCloses_ends() throws Exception {
        a.start(b.address());
        Dot dot = a.set("x", "1");
        Node node = a.node();
        FutureTask<Integer> waiting = new FutureTask<>(() -> node.cluster().awaitStored(dot, 1, Duration.ofDays(1)));
        Thread thread = Thread.ofPlatform().start(waiting);
        eventually("it waits", () -> isStuck(thread));

        a.stop();

        assertThat(outcome(waiting)).isZero();
    }
}
