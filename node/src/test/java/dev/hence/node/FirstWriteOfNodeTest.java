package dev.hence.node;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.isStuck;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.IdentityRule.Confirmation;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.node.config.PeerAddress;
import dev.hence.node.testing.NodeConfigs;
import dev.hence.property.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node restarted on its own data, whose identity may need confirmation. */
final class FirstWriteOfNodeTest {

    private static final Duration NEVER_OVER = Eventually.LIMIT.multipliedBy(2);
    private static final PeerAddress PEER = new PeerAddress("node2", "127.0.0.1", 1);

    @TempDir
    Path directory;

    private ReplicaId before;

    @BeforeEach
    void writeInAnEarlierRun() throws Exception {
        try (Node node = Node.open(NodeConfigs.alone("node1", directory), new SimpleMeterRegistry())) {
            write(node);
            before = node.self();
        }
    }

    private static ReplicaId write(Node node) throws InterruptedException {
        return Objects.requireNonNull(node.write(transaction -> {
                            transaction.set(Bytes.utf8("x"), Bytes.utf8("value"));
                            return true;
                        })
                        .update())
                .dot()
                .replica();
    }

    private Node start(Confirmation confirmation, Duration wait, PeerAddress... peers) {
        DataDirectory.Opened opened = new DataDirectory.Opened(
                DataDirectory.open(
                        directory,
                        "node1",
                        "hence",
                        NodeConfigs.alone("node1", directory).fsync()),
                confirmation);
        return Node.over(
                opened,
                wait,
                NodeConfigs.alone("node1", directory).withPeers(List.of(peers)),
                new SimpleMeterRegistry(),
                System::currentTimeMillis);
    }

    @ParameterizedTest
    @EnumSource(names = {"WANTED", "NEEDED"})
    void write_aPeerThatHasAllOfThisNodeIsHeard_goesOnUnderTheSameIncarnation(Confirmation confirmation)
            throws Exception {
        try (Node node = start(confirmation, NEVER_OVER, PEER)) {
            FutureTask<ReplicaId> written = new FutureTask<>(() -> write(node));
            Thread writing = Thread.ofPlatform().start(written);
            eventually("the write waits", () -> isStuck(writing));

            node.gate().heardFrom(before, VersionVector.EMPTY, node.clock());
            assertThat(written.isDone()).isFalse();
            node.gate().heardFrom(before, VersionVector.EMPTY.with(before, 1), node.clock());

            assertThat(outcome(written)).isEqualTo(before);
            assertThat(write(node)).isEqualTo(before);
        }
    }

    @Test
    void write_aPeerHasSeenMore_goesOnUnderANewIncarnation() throws Exception {
        try (Node node = start(Confirmation.WANTED, NEVER_OVER, PEER)) {
            FutureTask<ReplicaId> written = new FutureTask<>(() -> write(node));
            Thread.ofPlatform().start(written);

            node.identity().renew(before, "a peer has seen more of it");
            node.gate().heardPeer();

            assertThat(outcome(written)).isNotEqualTo(before);
        }
    }

    @Test
    void write_nobodyIsHeardAfterAnotherBoot_takesANewIncarnationFirst() throws Exception {
        try (Node node = start(Confirmation.NEEDED, Duration.ofMillis(1), PEER)) {
            ReplicaId renewed = write(node);

            assertThat(renewed).isNotEqualTo(before);
            assertThat(write(node)).isEqualTo(renewed);
            assertThat(node.clock())
                    .isEqualTo(VersionVector.EMPTY.with(before, 1).with(renewed, 2));
        }
    }

    @Test
    void write_nobodyIsHeardInTheSameBoot_goesOnUnderTheSameIncarnation() throws Exception {
        try (Node node = start(Confirmation.WANTED, Duration.ofMillis(1), PEER)) {
            assertThat(write(node)).isEqualTo(before);
        }
    }

    @Test
    void write_nothingToConfirm_waitsForNobody() throws Exception {
        try (Node node = start(Confirmation.NOT_NEEDED, NEVER_OVER, PEER)) {
            assertThat(write(node)).isEqualTo(before);
        }
    }

    @Test
    void write_thereAreNoPeers_waitsForNobody() throws Exception {
        try (Node node = start(Confirmation.NEEDED, NEVER_OVER)) {
            assertThat(write(node)).isEqualTo(before);
        }
    }
}
