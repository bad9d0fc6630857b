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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of which some have a wrong wall clock. */
final class WrongClockTest {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long TWO_DAYS = Duration.ofDays(2).toMillis();
    private static final long SEVENTY_YEARS = Duration.ofDays(70 * 365).toMillis();

    @TempDir
    Path directory;

    private Cluster cluster;
    private Member one;
    private Member two;
    private Member three;

    @BeforeEach
    void make() throws Exception {
        cluster = new Cluster(directory);
        one = cluster.member("node1");
        two = cluster.member("node2");
        three = cluster.member("node3");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

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
        three.clockAheadMillis = TWO_DAYS;
        cluster.startAll(one, two, three);
        Dot set = setExpiring(one, "x", Duration.ofDays(1).toMillis());
        two.awaitDelivered(set);
        three.awaitDelivered(set);
        awaitHeard(three, 2);
        assertThat(three.get("x")).isEqualTo("absent");
        eventually("it knows that it is wrong", () -> issues(three).contains(HealthIssue.Kind.CLOCK_DISAGREES));
        assertThat(three.node().clocks().reading().removalMillis()).isEmpty();
        assertThat(one.get("x")).isEqualTo("value");
        assertThat(two.get("x")).isEqualTo("value");
        assertThat(issues(one)).doesNotContain(HealthIssue.Kind.CLOCK_DISAGREES);
    }

    @Test
    void peerSeventyYearsAhead_alone_dragsNobodyAlongAndWinsNothing() throws Exception {
        three.clockAheadMillis = SEVENTY_YEARS;
        three.start();
        Dot wrong = three.set("x", "from 2096");
        three.stop();
        cluster.startAll(one, two, three);
        eventually(
                "the update is held",
                () -> issues(one).contains(HealthIssue.Kind.UPDATES_HELD)
                        && issues(two).contains(HealthIssue.Kind.UPDATES_HELD));
        one.set("x", "one");
        Dot last = two.set("x", "two");
        one.awaitDelivered(last);
        assertThat(one.get("x")).isEqualTo("two");
        assertThat(one.node().clock().contains(wrong)).isFalse();
        assertThat(hybridAheadMillis(one)).isLessThan(HOUR);
        assertThat(one.node().status().held()).anySatisfy(held -> {
            assertThat(held.dot()).isEqualTo(wrong);
            assertThat(held.through()).isEqualTo("node3");
            assertThat(held.aheadMillis()).isGreaterThan(SEVENTY_YEARS - HOUR);
        });
        assertThat(one.node().health())
                .allSatisfy(issue -> assertThat(issue.kind().unready()).isFalse());
    }

    @Test
    void localWrite_ownClockAheadOfMost_isRefusedWithTheReason() throws Exception {
        three.clockAheadMillis = HOUR;
        cluster.startAll(one, two, three);
        awaitHeard(three, 2);
        eventually("node3 is not ready", () -> issues(three).contains(HealthIssue.Kind.CLOCK_AHEAD));
        assertThatThrownBy(() -> three.set("x", "3"))
                .isInstanceOfSatisfying(
                        WriteRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(WriteRefusedException.Reason.CLOCK_AHEAD))
                .hasMessageContaining("wall clock: ahead of the clocks of most members")
                .hasMessageContaining("expected: at most 300 s");
        // It still accepts the writes of others.
        three.awaitDelivered(one.set("y", "1"));
        three.clockAheadMillis = 0;
        eventually("node3 is ready", () -> three.node().unready().isEmpty());
        one.awaitDelivered(three.set("x", "3"));
        cluster.awaitConvergence();
    }

    @Test
    void heldUpdate_timeCatchesUp_isDeliveredWithWhatDependsOnIt() throws Exception {
        three.clockAheadMillis = HOUR;
        three.start();
        three.set("x", "early");
        three.stop();
        cluster.startAll(one, two, three);
        eventually(
                "it is held at both",
                () -> !one.node().status().held().isEmpty()
                        && !two.node().status().held().isEmpty());
        // Node2 is as wrong as node3, accepts the update and bases a write on it.
        two.clockAheadMillis = HOUR;
        eventually("node2 shows it", () -> two.get("x").equals("early"));
        two.clockAheadMillis = 0;
        three.clockAheadMillis = 0;
        assertThat(one.get("x")).isEqualTo("absent");
        for (Member member : List.of(one, two, three)) {
            member.clockAheadMillis = HOUR;
        }
        cluster.awaitConvergence();
        assertThat(one.get("x")).isEqualTo("early");
        eventually("nothing is held", () -> one.node().status().held().isEmpty());
    }

    @Test
    void heldUpdates_ofAnOriginFollowedThroughAnother_areAskedForOnceUntilTimeHasCaughtUp() throws Exception {
        int updates = 50;
        two.clockAheadMillis = HOUR;
        three.clockAheadMillis = HOUR;
        three.start(two.address());
        two.start(one.address(), three.address());
        for (int n = 1; n < updates; n++) {
            three.set("x" + n, "early");
        }
        two.awaitDelivered(three.set("x", "early"));
        one.start(two.address());
        eventually("it is held", () -> one.node().status().held().size() == 1);
        int asked = two.feedsAsked();
        long idleMillis = one.timing.relayIdleMax().toMillis();
        eventually(
                "it is held for longer than an idle feed lasts",
                () -> System.currentTimeMillis()
                                - one.node().status().held().getFirst().sinceMillis()
                        > 4 * idleMillis);
        assertThat(two.feedsAsked()).isEqualTo(asked);
        assertThat(one.node().status().follows())
                .filteredOn(follow -> follow.origin().equals(three.self()))
                .singleElement()
                .satisfies(follow -> assertThat(follow.received()).isEqualTo(updates));
        one.clockAheadMillis = HOUR;
        cluster.awaitConvergence();
        eventually("nothing is held", () -> one.node().status().held().isEmpty());
    }

    @Test
    void heldUpdates_peerThatTheyCameThroughIsLost_areAskedForFromAnother() throws Exception {
        Member four = cluster.member("node4");
        for (Member wrong : List.of(two, three, four)) {
            wrong.clockAheadMillis = HOUR;
        }
        three.start(two.address(), four.address());
        two.start(one.address(), three.address());
        four.start(one.address(), three.address());
        Dot early = three.set("x", "early");
        two.awaitDelivered(early);
        four.awaitDelivered(early);
        one.start(two.address(), four.address());
        eventually("it is held", () -> one.node().status().held().size() == 1);
        String through = one.node().status().held().getFirst().through();
        (through.equals("node2") ? two : four).stop();
        eventually(
                "it is held through the other",
                () -> one.node().status().held().stream()
                        .anyMatch(held -> !held.through().equals(through)));
        one.clockAheadMillis = HOUR;
        one.awaitDelivered(early);
    }

    @Test
    void receiverFarBehind_holdsEverybodysUpdates_andBlamesItself() throws Exception {
        one.clockAheadMillis = -TWO_DAYS;
        cluster.startAll(one, two, three);
        Dot dot = two.set("x", "2");
        three.set("y", "3");
        three.awaitDelivered(dot);
        eventually("it holds both", () -> one.node().status().held().size() == 2);
        eventually("it blames itself", () -> issues(one).contains(HealthIssue.Kind.CLOCK_DISAGREES));
        assertThat(one.node().status().wallClock().verdict()).isEqualTo(Verdict.DISAGREES);
        eventually("the others see nothing wrong", () -> issues(two).isEmpty());
        assertThat(one.node().unready()).isEmpty();
        one.clockAheadMillis = 0;
        cluster.awaitConvergence();
    }

    @Test
    void restartedNode_hybridClockAheadOfTheMendedWallClock_refusesWritesUntilItsDataIsWiped() throws Exception {
        three.clockAheadMillis = HOUR;
        three.start();
        three.set("x", "early");
        three.stop();
        three.clockAheadMillis = 0;
        cluster.startAll(one, two, three);
        assertThatThrownBy(() -> three.set("x", "late"))
                .hasMessageContaining("hybrid clock: ")
                .hasMessageContaining("ahead of this node's wall clock (expected: at most 300 s)");
        assertThat(issues(three)).contains(HealthIssue.Kind.CLOCK_AHEAD);
        eventually("its update is held", () -> one.node().status().held().size() == 1);
        three.stop();
        three.wipe();
        three.start(one.address(), two.address());
        one.awaitDelivered(three.set("x", "again"));
        eventually("nothing is held", () -> one.node().status().held().isEmpty());
        assertThat(one.get("x")).isEqualTo("again");
    }

    @Test
    void nodeCutOffFromAllOthers_clockWrong_goesOnTakingWrites() throws Exception {
        three.clockAheadMillis = HOUR;
        three.start(one.address(), two.address());
        three.set("x", "3");
        assertThat(three.node().unready()).isEmpty();
    }

    @Test
    void expiredKey_majorityOfClocksAgrees_isRemoved() throws Exception {
        cluster.startAll(one, two, three);
        awaitHeard(one, 2);
        Dot set = setExpiring(one, "x", 1);
        two.awaitDelivered(set);
        eventually(
                "the rows are gone", () -> one.node().keys() == 0 && two.node().keys() == 0);
    }

    @Test
    void ownClockThatJumps_isNoticed() throws Exception {
        one.start();
        one.clockAheadMillis = HOUR;
        assertThat(one.node().status().wallClock().lastJumpMillis()).isCloseTo(HOUR, within(60_000L));
        assertThat(one.node().clocks().bound()).isEqualTo(new ClockBound(300_000));
    }
}
