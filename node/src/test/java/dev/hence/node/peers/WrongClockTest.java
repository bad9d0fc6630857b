package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.clock.Dot;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replication.ClockAgreement.Verdict;
import dev.hence.node.peers.Cluster.Member;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.WriteRefusedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes of which some have a wrong wall clock. */
final class WrongClockTest extends ClusterTest {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long TWO_DAYS = Duration.ofDays(2).toMillis();
    private static final long SEVENTY_YEARS = Duration.ofDays(70 * 365).toMillis();

    private static Dot setExpiring(Member member, String key, long lifetimeMillis) throws InterruptedException {
        return requireNonNull(member.node()
                        .write(transaction -> {
                            transaction.set(
                                    Bytes.utf8(key), Bytes.utf8("value"), transaction.nowMillis() + lifetimeMillis);
                            return "done";
                        })
                        .update())
                .dot();
    }

    private static List<HealthIssue.Kind> issues(Member member) {
        return member.node().health().stream().map(HealthIssue::kind).toList();
    }

    private static long hybridAheadMillis(Member member) {
        return member.node().status().wallClock().hybridAheadMillis();
    }

    private void awaitHeard(Member member, int others) throws Exception {
        eventually(
                member.nodeName + " has heard " + others,
                () -> member.node().status().wallClock().othersAheadMillis().size() == others);
    }

    @Test
    void keyOfADay_peerTwoDaysAhead_staysAtTheHealthyNodes() throws Exception {
        c.clockAheadMillis = TWO_DAYS;
        cluster.startAll(a, b, c);
        Dot set = setExpiring(a, "x", Duration.ofDays(1).toMillis());
        b.awaitDelivered(set);
        c.awaitDelivered(set);
        awaitHeard(c, 2);
        assertThat(c.get("x")).isEqualTo("absent");
        eventually("it knows that it is wrong", () -> issues(c).contains(HealthIssue.Kind.CLOCK_DISAGREES));
        assertThat(c.node().clocks().reading().removalMillis()).isEmpty();
        assertThat(a.get("x")).isEqualTo("value");
        assertThat(b.get("x")).isEqualTo("value");
        assertThat(issues(a)).doesNotContain(HealthIssue.Kind.CLOCK_DISAGREES);
    }

    @Test
    void peerSeventyYearsAhead_alone_dragsNobodyAlongAndWinsNothing() throws Exception {
        c.clockAheadMillis = SEVENTY_YEARS;
        c.start();
        Dot wrong = c.set("x", "from 2096");
        c.stop();
        cluster.startAll(a, b, c);
        eventually(
                "the update is held",
                () -> issues(a).contains(HealthIssue.Kind.UPDATES_HELD)
                        && issues(b).contains(HealthIssue.Kind.UPDATES_HELD));
        a.set("x", "one");
        Dot last = b.set("x", "two");
        a.awaitDelivered(last);
        assertThat(a.get("x")).isEqualTo("two");
        assertThat(a.node().clock().contains(wrong)).isFalse();
        assertThat(hybridAheadMillis(a)).isLessThan(HOUR);
        assertThat(a.node().status().held()).anySatisfy(held -> {
            assertThat(held.dot()).isEqualTo(wrong);
            assertThat(held.through()).isEqualTo("c");
            assertThat(held.aheadMillis()).isGreaterThan(SEVENTY_YEARS - HOUR);
        });
        assertThat(a.node().health())
                .allSatisfy(issue -> assertThat(issue.kind().unready()).isFalse());
    }

    @Test
    void localWrite_ownClockAheadOfMost_isRefusedWithTheReason() throws Exception {
        c.clockAheadMillis = HOUR;
        cluster.startAll(a, b, c);
        awaitHeard(c, 2);
        eventually("c is not ready", () -> issues(c).contains(HealthIssue.Kind.CLOCK_AHEAD));
        assertThatThrownBy(() -> c.set("x", "3"))
                .isInstanceOfSatisfying(
                        WriteRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(WriteRefusedException.Reason.CLOCK_AHEAD))
                .hasMessageContaining("wall clock: ahead of the clocks of most members")
                .hasMessageContaining("expected: at most 300 s");
        // It still accepts the writes of others.
        c.awaitDelivered(a.set("y", "1"));
        c.clockAheadMillis = 0;
        eventually("c is ready", () -> c.node().unready().isEmpty());
        a.awaitDelivered(c.set("x", "3"));
        cluster.awaitConvergence();
    }

    @Test
    void heldUpdate_timeCatchesUp_isDeliveredWithWhatDependsOnIt() throws Exception {
        c.clockAheadMillis = HOUR;
        c.start();
        c.set("x", "early");
        c.stop();
        cluster.startAll(a, b, c);
        eventually(
                "it is held at both",
                () -> !a.node().status().held().isEmpty()
                        && !b.node().status().held().isEmpty());
        // B is as wrong as c, accepts the update and bases a write on it.
        b.clockAheadMillis = HOUR;
        eventually("b shows it", () -> b.get("x").equals("early"));
        b.clockAheadMillis = 0;
        c.clockAheadMillis = 0;
        assertThat(a.get("x")).isEqualTo("absent");
        for (Member member : List.of(a, b, c)) {
            member.clockAheadMillis = HOUR;
        }
        cluster.awaitConvergence();
        assertThat(a.get("x")).isEqualTo("early");
        eventually("nothing is held", () -> a.node().status().held().isEmpty());
    }

    @Test
    void heldUpdates_ofAnOriginFollowedThroughAnother_areAskedForOnceUntilTimeHasCaughtUp() throws Exception {
        int updates = 50;
        b.clockAheadMillis = HOUR;
        c.clockAheadMillis = HOUR;
        c.start(b.address());
        b.start(a.address(), c.address());
        for (int n = 1; n < updates; n++) {
            c.set("x" + n, "early");
        }
        b.awaitDelivered(c.set("x", "early"));
        a.start(b.address());
        eventually("it is held", () -> a.node().status().held().size() == 1);
        int asked = b.feedsAsked();
        long idleMillis = a.timing.relayIdleMax().toMillis();
        eventually(
                "it is held for longer than an idle feed lasts",
                () -> System.currentTimeMillis()
                                - a.node().status().held().getFirst().sinceMillis()
                        > 4 * idleMillis);
        assertThat(b.feedsAsked()).isEqualTo(asked);
        assertThat(a.node().status().follows())
                .filteredOn(follow -> follow.origin().equals(c.self()))
                .singleElement()
                .satisfies(follow -> assertThat(follow.received()).isEqualTo(updates));
        a.clockAheadMillis = HOUR;
        cluster.awaitConvergence();
        eventually("nothing is held", () -> a.node().status().held().isEmpty());
    }

    @Test
    void heldUpdates_peerThatTheyCameThroughIsLost_areAskedForFromAnother() throws Exception {
        Member d = cluster.member("d");
        for (Member wrong : List.of(b, c, d)) {
            wrong.clockAheadMillis = HOUR;
        }
        c.start(b.address(), d.address());
        b.start(a.address(), c.address());
        d.start(a.address(), c.address());
        Dot early = c.set("x", "early");
        b.awaitDelivered(early);
        d.awaitDelivered(early);
        a.start(b.address(), d.address());
        eventually("it is held", () -> a.node().status().held().size() == 1);
        String through = a.node().status().held().getFirst().through();
        (through.equals("b") ? b : d).stop();
        eventually(
                "it is held through the other",
                () -> a.node().status().held().stream()
                        .anyMatch(held -> !held.through().equals(through)));
        a.clockAheadMillis = HOUR;
        a.awaitDelivered(early);
    }

    @Test
    void receiverFarBehind_holdsEverybodysUpdates_andBlamesItself() throws Exception {
        a.clockAheadMillis = -TWO_DAYS;
        cluster.startAll(a, b, c);
        Dot dot = b.set("x", "2");
        c.set("y", "3");
        c.awaitDelivered(dot);
        eventually("it holds both", () -> a.node().status().held().size() == 2);
        eventually("it blames itself", () -> issues(a).contains(HealthIssue.Kind.CLOCK_DISAGREES));
        assertThat(a.node().status().wallClock().verdict()).isEqualTo(Verdict.DISAGREES);
        eventually("the others see nothing wrong", () -> issues(b).isEmpty());
        assertThat(a.node().unready()).isEmpty();
        a.clockAheadMillis = 0;
        cluster.awaitConvergence();
    }

    @Test
    void restartedNode_hybridClockAheadOfTheMendedWallClock_refusesWritesUntilItsDataIsWiped() throws Exception {
        c.clockAheadMillis = HOUR;
        c.start();
        c.set("x", "early");
        c.stop();
        c.clockAheadMillis = 0;
        cluster.startAll(a, b, c);
        assertThatThrownBy(() -> c.set("x", "late"))
                .hasMessageContaining("hybrid clock: ")
                .hasMessageContaining("ahead of this node's wall clock (expected: at most 300 s)");
        assertThat(issues(c)).contains(HealthIssue.Kind.CLOCK_AHEAD);
        eventually("its update is held", () -> a.node().status().held().size() == 1);
        c.stop();
        c.wipe();
        c.start(a.address(), b.address());
        a.awaitDelivered(c.set("x", "again"));
        eventually("nothing is held", () -> a.node().status().held().isEmpty());
        assertThat(a.get("x")).isEqualTo("again");
    }

    @Test
    void nodeCutOffFromAllOthers_clockWrong_goesOnTakingWrites() throws Exception {
        c.clockAheadMillis = HOUR;
        c.start(a.address(), b.address());
        c.set("x", "3");
        assertThat(c.node().unready()).isEmpty();
    }

    @Test
    void expiredKey_majorityOfClocksAgrees_isRemoved() throws Exception {
        cluster.startAll(a, b, c);
        awaitHeard(a, 2);
        Dot set = setExpiring(a, "x", 1);
        b.awaitDelivered(set);
        eventually("the rows are gone", () -> a.node().keys() == 0 && b.node().keys() == 0);
    }

    @Test
    void ownClockThatJumps_isNoticed() throws Exception {
        a.start();
        a.clockAheadMillis = HOUR;
        assertThat(a.node().status().wallClock().lastJumpMillis()).isCloseTo(HOUR, within(60_000L));
        assertThat(a.node().clocks().bound()).isEqualTo(new ClockBound(300_000));
    }
}
