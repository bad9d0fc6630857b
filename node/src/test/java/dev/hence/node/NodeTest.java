package dev.hence.node;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.config.Limits;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteRefusedException.Reason;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.node.testing.Gate;
import dev.hence.node.testing.NodeConfigs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Writes to a node, its clock, and its identity. */
final class NodeTest extends HookedNodeTest {

    @Test
    void write_whileTheDiskIsBusy_sharesTheNextCommitWithAllThatCameMeanwhile() throws Exception {
        Gate gate = new Gate();
        storage.beforeCommit = gate;
        Doing<Committed<String>> first = Doing.start(() -> set(X, ONE));
        gate.awaitArrival();
        List<Doing<Committed<String>>> meanwhile = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Bytes key = Bytes.utf8("key" + i);
            meanwhile.add(Doing.start(() -> set(key, ONE)).untilStuck());
        }
        gate.open();
        first.result();
        for (Doing<Committed<String>> write : meanwhile) {
            write.result();
        }
        assertThat(storage.commits).hasValue(2);
        assertThat(node.clock().get(node.self())).isEqualTo(101);
    }

    @Test
    void write_bodyThrows_leavesNoTrace() throws Exception {
        set(X, ONE);
        VersionVector before = node.clock();
        assertThatThrownBy(() -> node.write(transaction -> {
                    transaction.set(X, Bytes.utf8("never"));
                    transaction.set(Y, Bytes.utf8("never"));
                    throw new IllegalStateException("changed its mind");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("changed its mind");
        assertThat(node.clock()).isEqualTo(before);
        assertThat(node.read(Y).value().isEmpty()).isTrue();
        assertThat(dot(set(Y, ONE)).counter()).isEqualTo(2);
    }

    @Test
    void write_thatChangesNothing_isNoUpdate() throws Exception {
        Committed<Boolean> nothing = delete(X);
        assertThat(nothing.result()).isFalse();
        assertThat(nothing.update()).isNull();
        assertThat(node.clock()).isEqualTo(VersionVector.EMPTY);
    }

    @Test
    void write_refusedBecauseOfWhatTheSameBatchWrote_isToldOnlyWhenThatIsCommitted() throws Exception {
        Gate gate = new Gate();
        storage.beforeCommit = gate;
        Doing<Committed<String>> first = Doing.start(() -> set(Y, ONE));
        gate.awaitArrival();
        Doing<Committed<String>> writer = Doing.start(() -> set(X, ONE)).untilStuck();
        Doing<Committed<String>> refused = Doing.start(() -> node.<String>write(transaction -> {
                    if (!transaction.head(X).isEmpty()) {
                        throw new IllegalStateException("x exists");
                    }
                    return "absent";
                }))
                .untilStuck();
        storage.beforeCommit = () -> {
            throw new StorageException("disk: gone");
        };
        gate.open();
        first.result();
        assertThat(writer.failure()).isInstanceOf(WriteUncertainException.class);
        assertThat(refused.failure())
                .isInstanceOfSatisfying(
                        WriteRefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.FAILED));
    }

    @Test
    void write_interrupted_saysThatItDidNotHappenOnlyIfItDidNot() throws Exception {
        Gate gate = new Gate();
        storage.beforeCommit = gate;
        Doing<Committed<String>> committing = Doing.start(() -> set(X, ONE));
        gate.awaitArrival();
        Doing<Committed<String>> queued = Doing.start(() -> set(Y, ONE)).untilStuck();
        committing.thread().interrupt();
        queued.thread().interrupt();
        assertThat(committing.failure()).isInstanceOf(WriteUncertainException.class);
        assertThat(queued.failure()).isInstanceOf(InterruptedException.class);
        gate.open();
        set(Bytes.utf8("z"), ONE);
        assertThat(node.read(X).value().isEmpty()).isFalse();
        assertThat(node.read(Y).value().isEmpty()).isTrue();
    }

    @Test
    void write_afterClose_isRefused() {
        node.close();
        assertThatThrownBy(() -> set(X, ONE))
                .isInstanceOfSatisfying(
                        WriteRefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.CLOSING));
        assertThat(node.unready()).isPresent();
        assertThatThrownBy(() -> node.read(X)).isInstanceOf(StorageException.class);
    }

    @Test
    void close_whileManyWrite_answersEachAndKeepsWhatWasAcknowledged() throws Exception {
        Set<Dot> acknowledged = ConcurrentHashMap.newKeySet();
        List<Doing<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Bytes key = Bytes.utf8("key" + i);
            writers.add(Doing.start(() -> {
                while (true) {
                    acknowledged.add(dot(set(key, ONE)));
                }
            }));
        }
        eventually("writes are under way", () -> acknowledged.size() > 500);
        node.close();
        for (Doing<Integer> writer : writers) {
            assertThat(writer.failure())
                    .isInstanceOfSatisfying(
                            WriteRefusedException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.CLOSING));
        }
        ReplicaId self = node.self();
        open();
        assertThat(node.self()).isEqualTo(self);
        assertThat(node.clock().get(self)).isEqualTo(acknowledged.size());
    }

    @Test
    void write_whileTheDiskIsFull_isRefusedAndReadsGoOn() throws Exception {
        set(X, ONE);
        node.close();
        open(NodeConfigs.alone("node1", directory).with(Limits.DEFAULT.withDiskFreeBytesMin(Long.MAX_VALUE)));
        assertThatThrownBy(() -> set(X, ONE))
                .isInstanceOfSatisfying(
                        WriteRefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.DISK_FULL));
        assertThat(node.read(X).value().isEmpty()).isFalse();
    }

    @Test
    void awaitClock_whenAWriteReachesIt_isWoken() throws Exception {
        VersionVector wanted = VersionVector.EMPTY.with(node.self(), 2);
        Doing<Boolean> waiter =
                Doing.start(() -> node.awaitClock(wanted, Duration.ofDays(1))).untilStuck();
        set(X, ONE);
        set(X, ONE);
        assertThat(waiter.result()).isTrue();
    }

    @Test
    void awaitClock_notReached_endsWithTheTimeOrTheNode() throws Exception {
        VersionVector wanted = VersionVector.EMPTY.with(OTHER, 1);
        assertThat(node.awaitClock(wanted, Duration.ZERO)).isFalse();
        assertThat(node.awaitClock(wanted, Duration.ofMillis(1))).isFalse();
        Doing<Boolean> waiter =
                Doing.start(() -> node.awaitClock(wanted, Duration.ofDays(1))).untilStuck();
        node.announceClosing();
        assertThat(waiter.result()).isFalse();
    }

    @Test
    void updatesOf_storedButNotPublished_areNotServed() throws Exception {
        Gate gate = new Gate();
        set(X, ONE);
        storage.onceVisible = gate;
        Doing<Committed<String>> writer = Doing.start(() -> set(X, ONE));
        gate.awaitArrival();
        assertThat(storage.updatesOf(node.self(), 0, 1_000)).hasSize(2);
        assertThat(published(node.self())).hasSize(1);
        gate.open();
        writer.result();
        assertThat(published(node.self())).hasSize(2);
    }

    private List<Update> published(ReplicaId origin) {
        return node.updates().of(origin, 0, node.clock().get(origin), 1_000);
    }

    @Test
    void renew_byManyAtOnceWhileOthersWrite_happensOnceAndUsesNoDotTwice() throws Exception {
        ReplicaId old = node.self();
        List<Doing<List<Dot>>> writers = new ArrayList<>();
        List<Doing<String>> renewers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Bytes key = Bytes.utf8("key" + i);
            writers.add(Doing.start(() -> {
                List<Dot> dots = new ArrayList<>();
                for (int n = 0; n < 200; n++) {
                    dots.add(dot(set(key, ONE)));
                }
                return dots;
            }));
            renewers.add(Doing.start(() -> {
                node.identity().renew(old, "a test wants it");
                return "done";
            }));
        }
        for (Doing<String> renewer : renewers) {
            renewer.result();
        }
        ReplicaId renewed = node.self();
        assertThat(renewed).isNotEqualTo(old);
        List<Dot> dots = new ArrayList<>();
        for (Doing<List<Dot>> writer : writers) {
            dots.addAll(writer.result());
        }
        assertThat(new HashSet<>(dots)).hasSameSizeAs(dots);
        assertThat(dots)
                .allMatch(dot -> dot.replica().equals(old) || dot.replica().equals(renewed));
        assertThat(node.clock().get(old) + node.clock().get(renewed)).isEqualTo(dots.size());
        node.close();
        open();
        assertThat(node.self()).isEqualTo(renewed);
    }
}
