package dev.hence.node.expiry;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.isStuck;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.Store;
import dev.hence.node.testing.Gate;
import dev.hence.node.testing.HookedStorage;
import dev.hence.node.testing.NodeConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which keys are removed, and when, by a clock that the test controls. The node's own expirer follows the same rules;
 * only the first test waits for it.
 */
final class ExpirerTest {

    private static final Bytes X = Bytes.utf8("x");
    private static final Bytes Y = Bytes.utf8("y");
    private static final Bytes ONE = Bytes.utf8("1");
    private static final ReplicaId OTHER = new ReplicaId("node2", 2);
    private static final long NOW = 1_750_000_000_000L;
    private static final long DEADLINE = NOW + 5_000;
    private static final long DUE = DEADLINE + Expirer.MARGIN.toMillis();
    private static final long DUE_TO_OTHERS = DUE + Expirer.OTHERS.toMillis();

    @TempDir
    Path directory;

    private final AtomicLong wallMillis = new AtomicLong(NOW);
    private HookedStorage storage;
    private Node node;
    private Expirer expirer;

    @BeforeEach
    void open() {
        NodeConfig config = NodeConfigs.alone("node1", directory);
        storage = new HookedStorage(
                DataDirectory.open(config.dataDir(), config.nodeId(), config.clusterName(), config.fsync()));
        node = Node.over(storage, config, new SimpleMeterRegistry(), wallMillis::get);
        expirer = new Expirer(storage, node, node.clocks(), node.failure(), new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        expirer.close();
        node.close();
    }

    private void write(Consumer<Transaction> what) throws InterruptedException {
        node.write(transaction -> {
            what.accept(transaction);
            return "done";
        });
    }

    private void receive(Operation... operations) throws InterruptedException {
        long counter = node.clock().get(OTHER);
        node.receive(
                List.of(Frame.of(Update.of(
                        VersionVector.EMPTY.with(OTHER, counter).next(OTHER),
                        VersionVector.EMPTY.with(OTHER, counter),
                        (NOW << 16) + counter,
                        List.of(operations)))),
                "node2");
    }

    private boolean isStored(Bytes key) {
        return !storage.head(key).isEmpty();
    }

    @Test
    void node_keyLongPastItsDeadline_removesItByItself() throws Exception {
        wallMillis.set(System.currentTimeMillis());
        write(transaction -> transaction.set(X, ONE, 1));
        assertThat(isStored(X)).isTrue();
        eventually("the key is removed", () -> !isStored(X));
        assertThat(node.clock().get(node.self())).isEqualTo(2);
    }

    @Test
    void removeDue_ownDeadline_waitsForTheMargin() throws Exception {
        write(transaction -> {
            transaction.set(X, ONE, DEADLINE);
            transaction.assign(Y, DataType.HASH, ONE, ONE);
            transaction.expire(Y, DEADLINE);
        });
        wallMillis.set(DUE - 1);
        expirer.removeDue();
        assertThat(isStored(X)).isTrue();
        wallMillis.set(DUE);
        expirer.removeDue();
        assertThat(isStored(X)).isFalse();
        assertThat(isStored(Y)).isFalse();
        assertThat(node.keys()).isZero();
        assertThat(storage.due(null, Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void removeDue_deadlineOfAnother_isLeftToItForLonger() throws Exception {
        receive(new Operation.SetString(X, ONE, DEADLINE, List.of()));
        wallMillis.set(DUE_TO_OTHERS - 1);
        expirer.removeDue();
        assertThat(isStored(X)).isTrue();
        wallMillis.set(DUE_TO_OTHERS);
        expirer.removeDue();
        assertThat(isStored(X)).isFalse();
    }

    @Test
    void removeDue_deadlineThatAppearsWhereItHasLookedAlready_isRemovedLater() throws Exception {
        write(transaction -> transaction.set(Y, ONE, DEADLINE));
        wallMillis.set(DUE + 1);
        expirer.removeDue();
        write(transaction -> transaction.set(X, ONE, DEADLINE - 1));
        expirer.removeDue();
        wallMillis.set(DUE_TO_OTHERS);
        expirer.removeDue();
        assertThat(isStored(X)).isFalse();
    }

    @Test
    void removeDue_deadlineThatWasMovedOrEnded_leavesTheKey() throws Exception {
        write(transaction -> {
            transaction.set(X, ONE, DEADLINE);
            transaction.set(Y, ONE, DEADLINE);
        });
        write(transaction -> {
            transaction.expire(X, DUE_TO_OTHERS);
            transaction.expire(Y, Deadlines.NONE);
        });
        wallMillis.set(DUE_TO_OTHERS);
        expirer.removeDue();
        assertThat(node.read(Y).value().string().value()).isEqualTo(ONE);
        assertThat(isStored(X)).isTrue();
        assertThat(node.clock().get(node.self())).isEqualTo(2);
    }

    @Test
    void removeDue_keyWrittenBetweenTheLookAndTheRemoval_isLeft() throws Exception {
        write(transaction -> transaction.set(X, ONE, DEADLINE));
        wallMillis.set(DUE);
        Gate gate = new Gate();
        storage.beforeCommit = gate;
        CompletableFuture<Store.Committed<String>> written = node.submit((Transaction transaction) -> {
            transaction.set(X, Y);
            return "done";
        });
        gate.awaitArrival();
        FutureTask<Duration> removal = new FutureTask<>(expirer::removeDue);
        Thread remover = Thread.ofVirtual().start(removal);
        eventually("the removal is submitted", () -> isStuck(remover));
        gate.open();
        outcome(removal);
        assertThat(written).isCompleted();
        assertThat(node.read(X).value().string().value()).isEqualTo(Y);
    }

    @Test
    void removeDue_many_areRemovedByFewUpdates() throws Exception {
        for (int from = 0; from < 1_000; from += 100) {
            int first = from;
            write(transaction -> {
                for (int i = first; i < first + 100; i++) {
                    transaction.set(Bytes.utf8("key" + i), ONE, DEADLINE + i % 7);
                }
            });
        }
        long before = node.clock().get(node.self());
        wallMillis.set(DUE + 7);
        expirer.removeDue();
        assertThat(node.keys()).isZero();
        assertThat(node.clock().get(node.self()) - before).isBetween(1L, 8L);
    }

    @Test
    void removeDue_moreIncrementsThanAnUpdateCanName_removesTheElementsBeforeTheKey() throws Exception {
        for (int i = 0; i < 300; i++) {
            byte[] field = Arrays.copyOf(new byte[] {(byte) i, (byte) (i >> 8)}, 60_000);
            write(transaction -> transaction.increment(X, DataType.HASH, Bytes.wrap(field), BigDecimal.ONE));
        }
        write(transaction -> transaction.expire(X, DEADLINE));
        assertThatThrownBy(() -> write(transaction -> transaction.delete(X)))
                .isInstanceOf(UpdateTooLargeException.class);
        wallMillis.set(DUE);
        expirer.removeDue();
        assertThat(isStored(X)).isFalse();
        assertThat(storage.due(null, Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void removeDue_nothingToDo_pausesForAMarginAndOtherwiseUntilTheNext() throws Exception {
        assertThat(expirer.removeDue()).isEqualTo(Expirer.MARGIN);
        write(transaction -> transaction.set(X, ONE, NOW + 60_000));
        assertThat(expirer.removeDue()).isEqualTo(Expirer.MARGIN);
        wallMillis.set(NOW + 60_000 + 7_000);
        assertThat(expirer.removeDue()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void removeDue_nodeTakesNoWrites_comesBackLater() throws Exception {
        write(transaction -> transaction.set(X, ONE, DEADLINE));
        wallMillis.set(DUE);
        storage.beforeCommit = () -> {
            throw new StorageException("disk: gone");
        };
        assertThat(expirer.removeDue()).isEqualTo(Expirer.MARGIN);
        assertThat(expirer.removeDue()).isEqualTo(Expirer.MARGIN);
        assertThat(isStored(X)).isTrue();
    }

    /** Regression: a peer two days ahead removed the keys of a day at every node. */
    @Test
    void removeDue_ownClockDisagreesWithThePeers_removesNothing() throws Exception {
        node.clocks().peers(2);
        write(transaction -> transaction.set(X, ONE, DEADLINE));
        wallMillis.set(DUE);
        node.clocks().heard("node2", NOW);
        node.clocks().heard("node3", NOW);
        expirer.removeDue();
        assertThat(isStored(X)).isTrue();
    }

    @Test
    void removeDue_clocksThatAgree_goesByTheEarliestOfThem() throws Exception {
        node.clocks().peers(2);
        write(transaction -> transaction.set(X, ONE, DEADLINE));
        wallMillis.set(DUE + 8_000);
        node.clocks().heard("node2", DUE - 1_000);
        expirer.removeDue();
        assertThat(isStored(X)).isTrue();
        node.clocks().heard("node2", DUE);
        expirer.removeDue();
        assertThat(isStored(X)).isFalse();
    }

    @Test
    void removeDue_tooFewPeersHeard_waitsForThem() throws Exception {
        node.clocks().peers(2);
        write(transaction -> transaction.set(X, ONE, DEADLINE));
        wallMillis.set(DUE_TO_OTHERS);
        assertThat(expirer.removeDue()).isEqualTo(Duration.ofSeconds(1));
        assertThat(isStored(X)).isTrue();
        node.clocks().heard("node3", DUE_TO_OTHERS);
        expirer.removeDue();
        assertThat(isStored(X)).isFalse();
    }
}
