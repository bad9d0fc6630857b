package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.log.SegmentLog;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.peers.Cluster.Member;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.Store.DeliveryFeed;
import dev.hence.node.store.UpdatesGoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that delete the beginning of their logs, of small segments. */
final class TrimmedLogTest extends ClusterTest {

    private static final SegmentLog.Sizes SMALL = new SegmentLog.Sizes(8_000, 2_000, 8_000);
    private static final long KEPT = 20_000;
    private static final long FOREVER = Long.MAX_VALUE;

    /** Of about 250 bytes each, many times what is kept. */
    private static final int WRITES = 800;

    @BeforeEach
    void keepLittle() {
        for (Member member : List.of(a, b, c)) {
            member.sizes = SMALL;
            member.log = new LogLimits(KEPT);
        }
    }

    private static Dot overwrite(Member member) {
        Dot last = member.set("first", "value");
        for (int i = 0; i < WRITES; i++) {
            last = member.set("key" + i % 10, "value ".repeat(40) + i);
        }
        return last;
    }

    private static long firstSequence(Member member) {
        return member.node().updateLog().firstSequence();
    }

    private static List<HealthIssue.Kind> issues(Member member) {
        return member.node().health().stream().map(HealthIssue::kind).toList();
    }

    @Test
    void trim_allMembersHaveStoredAll_boundsEveryLogAndSurvivesARestart() throws Exception {
        cluster.startAll(a, b, c);
        overwrite(a);
        overwrite(b);
        for (Member member : List.of(a, b, c)) {
            eventuallyAsserted(
                    () -> assertThat(member.node().updateLog().bytes()).isBetween(KEPT, 4 * KEPT));
            assertThat(firstSequence(member)).isPositive();
        }
        b.stop();
        b.start(a.address(), b.address(), c.address());
        Dot last = b.set("x", "after the restart");
        a.awaitDelivered(last);
        c.awaitDelivered(last);
        cluster.awaitConvergence();
        eventually("b is ready", () -> b.node().status().ready());
    }

    @Test
    void trim_memberIsAway_keepsWhatItNeedsAndNamesIt() throws Exception {
        cluster.startAll(a, b, c);
        a.awaitConnected(c);
        Dot first = a.set("x", "A");
        c.awaitDelivered(first);
        eventually("a knows that c has stored it", () -> a.sees("c").applied().contains(first));
        c.stop();
        b.awaitDelivered(overwrite(a));
        eventuallyAsserted(() -> assertThat(a.node().status().updateLog().heldBackBy())
                .anySatisfy(lack -> {
                    assertThat(lack.member()).isEqualTo("c");
                    assertThat(lack.first().replica()).isEqualTo(a.self());
                }));
        assertThat(firstSequence(a)).isZero();
        c.start(a.address(), b.address(), c.address());
        cluster.awaitConvergence();
        eventually("a has deleted it", () -> firstSequence(a) > 0);
    }

    @Test
    void gone_everywhere_isShownAndTheNodeIsNotReady() throws Exception {
        a.log = new LogLimits(KEPT, KEPT, FOREVER);
        b.log = a.log;
        cluster.startAll(a, b, c);
        a.awaitConnected(c);
        c.awaitDelivered(a.set("x", "A"));
        c.stop();
        b.awaitDelivered(overwrite(a));
        eventually("both have cut their logs", () -> firstSequence(a) > 100 && firstSequence(b) > 100);
        c.start(a.address(), b.address(), c.address());
        eventuallyAsserted(() -> assertThat(issues(c)).contains(HealthIssue.Kind.UPDATES_GONE));
        NodeStatus status = c.node().status();
        assertThat(status.ready()).isFalse();
        assertThat(status.gone()).singleElement().satisfies(gone -> {
            assertThat(gone.next()).isEqualTo(c.node().clock().next(a.self()));
            assertThat(gone.peers()).contains("a");
        });
        assertThat(c.sees("a").state()).startsWith("refused: the updates of " + a.self());
        assertThat(c.get("first")).isEqualTo("absent");
    }

    @Test
    void gone_everywhere_isFilledFromACopyOfAPeersDirectory() throws Exception {
        a.log = new LogLimits(KEPT, KEPT, FOREVER);
        b.log = a.log;
        cluster.startAll(a, b, c);
        a.awaitConnected(c);
        c.awaitDelivered(a.set("x", "A"));
        ReplicaId lost = c.self();
        c.stop();
        b.awaitDelivered(overwrite(a));
        eventually("both have cut their logs", () -> firstSequence(a) > 100 && firstSequence(b) > 100);
        b.stop();
        c.wipe();
        copy(b.data(), c.data());
        ReplicaId adopted = DataDirectory.adopt(c.data(), "c");
        b.start(a.address(), b.address(), c.address());
        c.start(a.address(), b.address(), c.address());
        assertThat(c.self()).isEqualTo(adopted).isNotEqualTo(lost);
        Dot next = c.set("x", "C");
        a.awaitDelivered(next);
        b.awaitDelivered(next);
        cluster.awaitConvergence();
        eventually("c is ready", () -> c.node().status().ready());
        assertThat(c.get("first")).isEqualTo("value");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void gone_atTheOrigin_areRelayedByAPeerThatStillHasThem() throws Exception {
        a.log = new LogLimits(KEPT, KEPT, FOREVER);
        b.log = new LogLimits(1 << 30);
        cluster.startAll(a, b, c);
        a.awaitConnected(c);
        c.awaitDelivered(a.set("x", "A"));
        c.stop();
        Dot last = overwrite(a);
        b.awaitDelivered(last);
        eventually("a has cut its log", () -> firstSequence(a) > 100);
        c.start(a.address(), b.address(), c.address());
        c.awaitDelivered(last);
        c.awaitConnected(a);
        eventuallyAsserted(() -> assertThat(issues(c)).isEmpty());
        assertThat(c.node().status().gone()).isEmpty();
        cluster.awaitConvergence();
    }

    @Test
    void feed_fromBeforeTheBeginning_isRefusedAndALaterOneIsServed() throws Exception {
        a.start();
        overwrite(a);
        eventually("a has cut its log", () -> firstSequence(a) > 0);
        assertThat(a.node().gone(VersionVector.EMPTY)).isPresent();
        assertThatThrownBy(() -> a.node().feedAfter(VersionVector.EMPTY, new MemoryBudget(FOREVER).holder(() -> {})))
                .isInstanceOf(UpdatesGoneException.class)
                .hasMessageContaining(new Dot(a.self(), 1).toString());
        VersionVector seen = a.node().clock();
        assertThat(a.node().gone(seen)).isEmpty();
        Dot next = a.set("x", "A");
        try (DeliveryFeed feed = a.node().feedAfter(seen, new MemoryBudget(FOREVER).holder(() -> {}))) {
            assertThat(feed.next(Duration.ofSeconds(30)))
                    .singleElement()
                    .satisfies(item -> assertThat(item.update().dot()).isEqualTo(next));
        }
    }
}
