package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.node.peers.Cluster.Member;
import dev.hence.node.store.HealthIssue;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that follow another and are not followed back. */
final class FollowersTest extends ClusterTest {

    @BeforeEach
    void waitBriefly() {
        for (Member member : List.of(a, b, c)) {
            member.timing = Cluster.waiting(Duration.ofMinutes(10), Duration.ofMillis(200));
        }
    }

    private static List<HealthIssue> strangersOf(Member member) {
        return member.node().health().stream()
                .filter(issue -> issue.kind() == HealthIssue.Kind.NOT_FOLLOWED_BACK)
                .toList();
    }

    @Test
    void health_aNodeWasAddedOnItsOwnSideOnly_isShownByTheOlderOnesUntilItLeaves() throws Exception {
        a.start(b.address());
        b.start(a.address());
        c.start(a.address());
        a.awaitConnected(b);

        eventuallyAsserted(() -> assertThat(strangersOf(a))
                .singleElement()
                .satisfies(issue -> assertThat(issue.detail()).startsWith("c reads the updates of this node")));
        assertThat(a.node().status().ready())
                .as("it harms nobody who reads here")
                .isTrue();
        assertThat(a.sees("c").connected()).isFalse();
        assertThat(a.sees("c").replica()).isEqualTo(c.self());
        assertThat(a.sees("c").state())
                .isEqualTo("follows this node, but this node does not follow it: add it to the" + " peers");
        assertThat(strangersOf(b)).as("c does not follow b").isEmpty();

        c.stop();
        eventually("c is gone", () -> strangersOf(a).isEmpty());
    }

    @Test
    void health_whoFollowsIsFollowedThroughOthers_isNoStranger() throws Exception {
        // A ring: a receives the updates of c through b.
        a.start(b.address());
        b.start(c.address());
        c.start(a.address());
        c.set("x", "1");
        cluster.awaitConvergence();
        assertThat(a.get("x")).isEqualTo("1");

        eventually(
                "all know each other",
                () -> List.of(a, b, c).stream()
                        .allMatch(member -> strangersOf(member).isEmpty()
                                && member.node().status().members().size() == 3));
        assertThat(a.sees("c").state()).isEqualTo("known through other nodes");
    }

    @Test
    void health_peersThatFollowEachOther_areNoStrangers() throws Exception {
        a.start(b.address());
        b.start(a.address());
        a.awaitConnected(b);
        b.awaitConnected(a);

        assertThat(strangersOf(a)).isEmpty();
        assertThat(strangersOf(b)).isEmpty();
    }
}
