package dev.hence.node;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.isStuck;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.Store;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.Store.Reading;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteRefusedException.Reason;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.node.testing.Gate;
import dev.hence.node.testing.HookedStorage;
import dev.hence.node.testing.NodeConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeTest {

    private static final Bytes X = Bytes.utf8("x");
    private static final Bytes Y = Bytes.utf8("y");
    private static final Bytes ONE = Bytes.utf8("1");
    private static final ReplicaId OTHER = new ReplicaId("node2", 2);
    private static final long STAMP = 1_750_000_000_000L << 16;

    @TempDir
    Path directory;

    private HookedStorage storage;
    private Node node;

    @BeforeEach
    void open() {
        open(NodeConfigs.alone("node1", directory));
    }

    private void open(NodeConfig config) {
        storage = new HookedStorage(
                DataDirectory.open(config.dataDir(), config.nodeId(), config.clusterName(), config.fsync()));
        node = Node.over(storage, config, new SimpleMeterRegistry(), System::currentTimeMillis);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Committed<String> set(Bytes key, Bytes value) throws InterruptedException {
        return node.write(transaction -> {
            transaction.set(key, value);
            return "done";
        });
    }

    private Committed<Boolean> delete(Bytes key) throws InterruptedException {
        return node.write(transaction -> transaction.delete(key));
    }

    private static Dot dot(Committed<?> committed) {
        return Objects.requireNonNull(committed.update()).dot();
    }

    /** A task that runs on its own thread. */
    private record Doing<T>(Thread thread, FutureTask<T> future) {
        static <T> Doing<T> start(java.util.concurrent.Callable<T> what) {
            FutureTask<T> future = new FutureTask<>(what);
            return new Doing<>(Thread.ofVirtual().start(future), future);
        }

        /** Returns when the task has ended or waits for another thread. */
        Doing<T> untilStuck() throws Exception {
            eventually("it is over or waits", () -> isStuck(thread));
            return this;
        }

        T result() throws Exception {
            return outcome(future);
        }

        Throwable failure() throws Exception {
            try {
                return new AssertionError("it succeeded: " + outcome(future));
            } catch (ExecutionException failed) {
                return Objects.requireNonNull(failed.getCause());
            }
        }
    }

    // Readers

    @Test
    void read_betweenVisibilityAndPublication_waitsForTheClockThatCoversIt() throws Exception {
        Gate gate = new Gate();
        storage.onceVisible = gate;
        Doing<Committed<String>> writer = Doing.start(() -> set(X, ONE));
        gate.awaitArrival();
        assertThat(storage.head(X).isEmpty()).isFalse();
        Doing<Reading<KeyHead>> reader = Doing.start(() -> node.read(X)).untilStuck();
        Doing<Reading<Store.Page>> scanner =
                Doing.start(() -> node.scan(Bytes.EMPTY, null, 10, 1_000)).untilStuck();
        gate.open();
        assertThat(reader.result().value().isEmpty()).isFalse();
        assertThat(reader.result().clock().contains(dot(writer.result()))).isTrue();
        assertThat(scanner.result().clock().contains(dot(writer.result()))).isTrue();
    }

    @Test
    void read_ofAnAbsenceThatIsNotYetPublished_waitsForTheClockThatCoversTheDelete() throws Exception {
        set(X, ONE);
        Gate gate = new Gate();
        storage.onceVisible = gate;
        Doing<Committed<Boolean>> writer = Doing.start(() -> delete(X));
        gate.awaitArrival();
        Doing<Reading<KeyHead>> reader = Doing.start(() -> node.read(X)).untilStuck();
        gate.open();
        assertThat(reader.result().value().isEmpty()).isTrue();
        assertThat(reader.result().clock().contains(dot(writer.result()))).isTrue();
    }

    @Test
    void read_whileManyWrite_comesWithAClockThatCoversWhatItShows() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Doing<Integer>> readers = new ArrayList<>();
        List<Doing<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            readers.add(Doing.start(() -> readPairs(number, over)));
            writers.add(Doing.start(() -> writePairs(number)));
        }
        for (Doing<Integer> writer : writers) {
            writer.result();
        }
        over.set(true);
        for (Doing<Integer> reader : readers) {
            assertThat(reader.result()).isPositive();
        }
    }

    /** Alternately sets and deletes one key, always together with a witness key that records which it was. */
    private int writePairs(int number) throws InterruptedException {
        for (int turn = 1; turn <= 60; turn++) {
            boolean set = turn % 2 == 1;
            Bytes value = Bytes.utf8(set ? "set" : "deleted");
            Committed<String> written = node.write(transaction -> {
                transaction.set(Bytes.utf8(number + "/witness"), value);
                if (set) {
                    transaction.set(Bytes.utf8(number + "/key"), value);
                } else {
                    transaction.delete(Bytes.utf8(number + "/key"));
                }
                return "done";
            });
            assertThat(written.clock().contains(dot(written))).isTrue();
        }
        return number;
    }

    private int readPairs(int number, AtomicBoolean over) {
        int reads = 0;
        while (!over.get()) {
            Reading<KeyHead> one = node.read(Bytes.utf8(number + "/key"));
            one.value()
                    .string()
                    .register()
                    .entries()
                    .forEach(entry ->
                            assertThat(one.clock().contains(entry.dot())).isTrue());
            Reading<Store.Page> both = node.scan(Bytes.utf8(number + "/"), null, 10, 1_000);
            both.value()
                    .entries()
                    .forEach(entry -> assertThat(both.clock()
                                    .contains(entry.head()
                                            .string()
                                            .register()
                                            .entries()
                                            .getFirst()
                                            .dot()))
                            .isTrue());
            assertThat(keysOf(both)).isIn("", "key set witness set ", "witness deleted ");
            reads++;
            LockSupport.parkNanos(1); // virtual threads that never block would starve all others
        }
        return reads;
    }

    private static String keysOf(Reading<Store.Page> page) {
        StringBuilder text = new StringBuilder();
        page.value()
                .entries()
                .forEach(entry -> text.append(entry.key()
                                .toString()
                                .substring(entry.key().toString().indexOf('/') + 1))
                        .append(' ')
                        .append(entry.head()
                                .string()
                                .register()
                                .entries()
                                .getFirst()
                                .value())
                        .append(' '));
        return text.toString();
    }

    // Writers

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

    // A disk that fails

    @Test
    void commit_fails_leavesItsWritesUncertainRefusesAllOthersAndLetsReadersRead() throws Exception {
        Committed<String> kept = set(X, ONE);
        Gate gate = new Gate();
        storage.beforeCommit = () -> {
            gate.run();
            throw new StorageException("disk: gone");
        };
        Doing<Committed<String>> first = Doing.start(() -> set(X, Bytes.utf8("lost")));
        gate.awaitArrival();
        List<Doing<Committed<String>>> queued = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            queued.add(Doing.start(() -> set(Y, ONE)).untilStuck());
        }
        gate.open();
        assertThat(first.failure()).isInstanceOf(WriteUncertainException.class).hasMessageContaining("disk: gone");
        for (Doing<Committed<String>> write : queued) {
            assertRefusedAsFailed(write.failure());
        }
        assertThatThrownBy(() -> set(X, ONE)).satisfies(NodeTest::assertRefusedAsFailed);
        assertThat(node.unready()).isPresent();
        assertThat(node.read(X).value().string().value()).isEqualTo(ONE);
        assertThat(node.clock()).isEqualTo(kept.clock());
        assertThat(node.status().bufferedCount()).isZero();
    }

    @Test
    void commit_failsOnceVisible_readersOfItAreToldAndDoNotHang() throws Exception {
        Committed<String> kept = set(X, ONE);
        Gate gate = new Gate();
        storage.onceVisible = () -> {
            gate.run();
            throw new StorageException("disk: gone");
        };
        Doing<Committed<String>> writer = Doing.start(() -> set(X, Bytes.utf8("perhaps")));
        gate.awaitArrival();
        Doing<Reading<KeyHead>> early = Doing.start(() -> node.read(X)).untilStuck();
        gate.open();
        assertThat(writer.failure()).isInstanceOf(WriteUncertainException.class);
        assertThat(early.failure()).isInstanceOf(StorageException.class);
        Doing<Reading<KeyHead>> late = Doing.start(() -> node.read(X));
        assertThat(late.failure()).isInstanceOf(StorageException.class);
        assertThat(node.clock()).isEqualTo(kept.clock());
    }

    @Test
    void receive_unreadableStateInTheMiddleOfAnUpdate_storesNoHalfOfIt() throws Exception {
        set(Bytes.utf8("before"), ONE);
        VersionVector before = node.clock();
        storage.beforeRead = key -> {
            if (key.equals(Y)) {
                throw new StorageException("row: damaged");
            }
        };
        Update both = Update.of(
                new Dot(OTHER, 1),
                VersionVector.EMPTY,
                STAMP,
                List.of(new Operation.SetString(X, ONE), new Operation.SetString(Y, ONE)));
        assertThatThrownBy(() -> node.receive(List.of(both), "node2")).satisfies(NodeTest::assertRefusedAsFailed);
        assertThatThrownBy(() -> set(Bytes.utf8("after"), ONE)).satisfies(NodeTest::assertRefusedAsFailed);
        node.close();
        open();
        assertThat(node.read(X).value().isEmpty()).isTrue();
        assertThat(node.clock()).isEqualTo(before);
        assertThat(node.receive(List.of(both), "node2")).containsExactly(new Receipt.Delivered());
        assertThat(node.read(X).value().isEmpty()).isFalse();
    }

    @Test
    void sync_fails_noMoreWritesAreTakenAndNothingIsCalledDurable() throws Exception {
        node.close();
        open(NodeConfigs.alone("node1", directory).with(FsyncPolicy.EVERYSEC));
        storage.beforeSync = () -> {
            throw new StorageException("disk: gone");
        };
        set(X, ONE);
        eventually("the failed sync was noticed", () -> node.unready().isPresent());
        storage.beforeSync = () -> {};
        assertThatThrownBy(() -> set(X, ONE)).satisfies(NodeTest::assertRefusedAsFailed);
        assertThat(node.durableClock()).isEqualTo(VersionVector.EMPTY);
    }

    private static void assertRefusedAsFailed(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        WriteRefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.FAILED));
    }

    // Clocks

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

    // Identity

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
