package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.node.peers.Cluster.Member;
import dev.hence.node.peers.FaultInjector.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nodes whose disk is set back to an earlier state. */
final class RestoredDiskTest extends ClusterTest {

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

    /** Everything but the marker, which a roll-back of the machine's disk would bring back with the same inode. */
    private static final List<String> CONTENT = List.of("db", "log", "IDENTITY");

    private void backUp(Member member) throws IOException {
        member.stop();
        Files.createDirectory(directory.resolve("backup"));
        for (String part : CONTENT) {
            copyAll(member.data().resolve(part), directory.resolve("backup").resolve(part));
        }
    }

    /** Restores the backup in place, including the marker, as the roll-back of a machine's disk does. */
    private void restore(Member member) throws IOException {
        member.stop();
        for (String part : CONTENT) {
            deleteAll(member.data().resolve(part));
            copyAll(directory.resolve("backup").resolve(part), member.data().resolve(part));
        }
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
