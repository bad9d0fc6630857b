package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.replication.CatchUp.Progress;
import dev.hence.core.replication.ReadyWhen;
import dev.hence.node.peers.Cluster.Member;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a node that has started reports itself ready. */
final class CatchingUpTest extends ClusterTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(1);

    @BeforeEach
    void waitLong() {
        a.timing = Cluster.waiting(LONG, LONG);
        b.timing = a.timing;
    }

    private static boolean isReady(Member member) {
        return member.node().status().ready();
    }

    private static void awaitCatchingUp(Member member, String detail) throws Exception {
        eventuallyAsserted(() -> assertThat(member.node().health())
                .containsExactly(new HealthIssue(HealthIssue.Kind.CATCHING_UP, detail)));
    }

    private Dot hundredAtB() {
        b.timing = Cluster.waiting(SHORT, LONG);
        b.start(a.address());
        for (int i = 1; i < 100; i++) {
            b.set("key " + i, "value");
        }
        return b.set("key 100", "value");
    }

    @Test
    void health_aNodeLacksWhatItsPeerHas_isUnreadyUntilItHasAllOfIt() throws Exception {
        Dot last = hundredAtB();
        a.heldFromTheStart = List.of("b");
        a.start(b.namedAddress());
        eventually("all of it is held", () -> a.heldFrom(b) == 100);

        awaitCatchingUp(a, "0 % (0 of 100 updates), time left unknown");
        NodeStatus status = a.node().status();
        assertThat(status.ready()).isFalse();
        assertThat(status.catchingUp()).isEqualTo(new Progress(0, 100, OptionalLong.empty(), List.of()));
        a.set("own", "it takes writes all the time");
        b.set("later", "this is not waited for");
        assertThat(isReady(a)).isFalse();

        a.lab(b, FaultInjector.Mode.OPEN);
        eventually("a is ready", () -> isReady(a));
        assertThat(a.node().clock().contains(last)).isTrue();
        assertThat(a.node().health()).isEmpty();
    }

    @Test
    void health_nodesThatStartEmpty_areReadyWhenTheyHaveMet() throws Exception {
        a.start(b.address());
        awaitCatchingUp(a, "no answer yet from " + b.address().authority());

        b.start(a.address());

        eventually("both are ready", () -> isReady(a) && isReady(b));
    }

    @Test
    void health_aNodeWithoutPeers_isReadyAtOnce() {
        a.start();

        assertThat(isReady(a)).isTrue();
    }

    @Test
    void health_nobodyCanBeReached_isReadyWhenTheWaitIsOver() throws Exception {
        a.timing = Cluster.waiting(SHORT, LONG);
        a.start(b.address());

        eventually("a is ready", () -> isReady(a));
    }

    @Test
    void health_aPeerIsLostWhileTheNodeCatchesUp_isReadyWhenTheWaitIsOver() throws Exception {
        Dot last = hundredAtB();
        a.timing = Cluster.waiting(Duration.ofSeconds(1), LONG);
        a.heldFromTheStart = List.of("b");
        a.start(b.namedAddress());
        eventually("all of it is held", () -> a.heldFrom(b) == 100);
        assertThat(isReady(a)).isFalse();

        b.stop();

        eventually("a is ready", () -> isReady(a));
        assertThat(a.node().clock().contains(last)).isFalse();
    }

    @Test
    void health_allPeersAreToBeMet_waitsForEachHoweverLong() throws Exception {
        a.timing = Cluster.waiting(SHORT, LONG);
        a.readyWhen = ReadyWhen.ALL_PEERS;
        b.start(a.address());
        a.start(a.address(), b.address(), c.address());
        a.awaitConnected(b);
        awaitCatchingUp(a, "no answer yet from " + c.address().authority());

        c.start(a.address());

        eventually("a is ready", () -> isReady(a));
    }

    @Test
    void health_beingStartedIsEnough_isReadyWithoutItsData() throws Exception {
        hundredAtB();
        a.readyWhen = ReadyWhen.STARTED;
        a.heldFromTheStart = List.of("b");
        a.start(b.namedAddress());

        assertThat(isReady(a)).isTrue();
        eventually("all of it is held", () -> a.heldFrom(b) == 100);
        assertThat(isReady(a)).isTrue();
    }

    @Test
    void shown_whileItGoesOn_saysHowMuchAndHowLong() {
        Progress progress = new Progress(370_000, 1_000_000, OptionalLong.of(40), List.of("c:5000"));

        assertThat(CatchingUp.shown(progress))
                .isEqualTo("37 % (370,000 of 1,000,000 updates), about 40 s left; no answer yet from c:5000");
    }
}
