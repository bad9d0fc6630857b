package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.node.peers.FaultInjector.Mode;
import dev.hence.node.testing.NodeConfigs;
import org.junit.jupiter.api.Test;

/** The effect of faults that are injected into links. */
final class FaultInjectionTest extends ClusterTest {

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
}
