package dev.hence.node;

import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State.Direction;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.Store;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.Store.KeyEntry;
import dev.hence.node.store.Store.Reading;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.node.testing.Gate;
import dev.hence.node.testing.HookedStorage;
import dev.hence.node.testing.NodeConfigs;
import dev.hence.property.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of several rows from one snapshot, asynchronous writes, and expiring keys. */
final class NodeViewTest {

    private static final Bytes X = Bytes.utf8("x");
    private static final Bytes Y = Bytes.utf8("y");
    private static final Bytes ONE = Bytes.utf8("1");

    @TempDir
    Path directory;

    private final AtomicLong wallMillis = new AtomicLong(1_750_000_000_000L);
    private HookedStorage storage;
    private Node node;

    @BeforeEach
    void open() {
        NodeConfig config = NodeConfigs.alone("node1", directory);
        storage = new HookedStorage(
                DataDirectory.open(config.dataDir(), config.nodeId(), config.clusterName(), config.fsync()));
        node = Node.over(storage, config, new SimpleMeterRegistry(), wallMillis::get);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static Transaction.Body<String> doing(Consumer<Transaction> what) {
        return transaction -> {
            what.accept(transaction);
            return "done";
        };
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    // Views

    @Test
    void read_viewWhileOthersWrite_showsWholeUpdatesAndAClockThatCoversThem() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Integer> reader = new FutureTask<>(() -> readBothEnds(over));
        Thread.ofVirtual().start(reader);
        for (int turn = 1; turn <= 300; turn++) {
            Bytes value = Bytes.utf8(String.valueOf(turn));
            node.write(doing(transaction -> {
                transaction.set(X, value);
                transaction.assign(Y, DataType.HASH, X, value);
            }));
        }
        over.set(true);
        assertThat(outcome(reader)).isPositive();
    }

    private int readBothEnds(AtomicBoolean over) {
        int reads = 0;
        while (!over.get()) {
            Reading<List<String>> reading = node.read(view -> {
                List<String> seen = new ArrayList<>();
                seen.add(String.valueOf(view.head(X).string().value()));
                view.walk(Y, RowKind.FIELD, null, Direction.UP, (row, cell) -> seen.add(String.valueOf(cell.value())));
                return seen;
            });
            List<String> seen = reading.value();
            if (seen.size() == 2) {
                assertThat(seen.get(1)).isEqualTo(seen.get(0));
                assertThat(reading.clock().get(node.self())).isGreaterThanOrEqualTo(Long.parseLong(seen.get(0)));
                reads++;
            }
            LockSupport.parkNanos(1); // virtual threads that never block would starve all others
        }
        return reads;
    }

    @Test
    void read_viewThatFails_leavesNothingOpen() throws Exception {
        assertThatThrownBy(() -> node.read((View view) -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        node.close();
        assertThatThrownBy(() -> node.read(view -> view.head(X))).isInstanceOf(StorageException.class);
    }

    // Pipelines

    @Test
    void submit_manyWithoutWaiting_makesAnUpdateOfEachInTheirOrder() throws Exception {
        List<Transaction.Body<Bytes>> bodies = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            bodies.add(transaction -> {
                transaction.increment(X, DataType.STRING, Bytes.EMPTY, BigDecimal.ONE);
                return Objects.requireNonNull(transaction.head(X).string().value());
            });
        }
        List<CompletableFuture<Committed<Bytes>>> answers = new ArrayList<>();
        for (int from = 0; from < 100; from += 20) {
            answers.addAll(node.submit(bodies.subList(from, from + 20)));
        }
        for (int i = 0; i < 100; i++) {
            Committed<Bytes> committed = get(answers.get(i));
            assertThat(committed.result()).isEqualTo(Bytes.utf8(String.valueOf(i + 1)));
            assertThat(Objects.requireNonNull(committed.update()).dot().counter())
                    .isEqualTo(i + 1);
            assertThat(committed.clock().contains(committed.update().dot())).isTrue();
        }
        assertThat(node.submit(List.<Transaction.Body<String>>of())).isEmpty();
    }

    @Test
    void submit_oneBodyThrows_theOthersOfItsPipelineHappen() throws Exception {
        List<CompletableFuture<Committed<String>>> answers = node.submit(List.of(
                doing(transaction -> transaction.set(X, ONE)),
                doing(transaction -> {
                    transaction.set(X, Y);
                    throw new IllegalStateException("changed its mind");
                }),
                doing(transaction -> transaction.set(Y, ONE))));
        get(answers.get(0));
        get(answers.get(2));
        assertThatThrownBy(() -> get(answers.get(1))).hasRootCauseMessage("changed its mind");
        assertThat(node.read(X).value().string().value()).isEqualTo(ONE);
        assertThat(node.clock().get(node.self())).isEqualTo(2);
    }

    @Test
    void submit_commitFails_isUncertainForThoseInItAndDefiniteForLaterOnes() throws Exception {
        storage.beforeCommit = () -> {
            throw new StorageException("disk: gone");
        };
        List<CompletableFuture<Committed<String>>> answers = node.submit(
                List.of(doing(transaction -> transaction.set(X, ONE)), doing(transaction -> transaction.set(Y, ONE))));
        for (CompletableFuture<Committed<String>> answer : answers) {
            assertThatThrownBy(() -> get(answer)).hasCauseInstanceOf(WriteUncertainException.class);
        }
        assertThatThrownBy(() -> node.submit(doing(transaction -> transaction.set(X, ONE))))
                .isInstanceOf(WriteRefusedException.class);
    }

    @Test
    void submit_noAnswerYet_isNotCompletedBeforeTheCommit() throws Exception {
        Gate gate = new Gate();
        storage.beforeCommit = gate;
        CompletableFuture<Committed<String>> answer = node.submit(doing(transaction -> transaction.set(X, ONE)));
        gate.awaitArrival();
        assertThat(answer).isNotDone();
        gate.open();
        assertThat(get(answer).result()).isEqualTo("done");
    }

    // Keys

    @Test
    void key_pastItsDeadline_showsNoMoreAnywhere() throws Exception {
        long deadline = wallMillis.get() + 1_000;
        node.write(doing(transaction -> {
            transaction.set(X, ONE, deadline);
            transaction.set(Y, ONE);
        }));
        assertThat(shown()).containsExactly("x", "y");
        wallMillis.set(deadline - 1);
        assertThat(node.read(X).value().string().value()).isEqualTo(ONE);
        wallMillis.set(deadline);
        assertThat(node.read(X).value()).isEqualTo(KeyHead.EMPTY);
        assertThat(node.read(view -> view.visible(X).isEmpty()).value()).isTrue();
        assertThat(shown()).containsExactly("y");
        Reading<Store.Page> first = node.scan(Bytes.EMPTY, null, 1, 1_000);
        assertThat(first.value().entries()).isEmpty();
        assertThat(first.value().next()).isEqualTo(X);
    }

    private List<String> shown() {
        return node.scan(Bytes.EMPTY, null, 10, 1_000).value().entries().stream()
                .map(KeyEntry::key)
                .map(Bytes::toString)
                .toList();
    }

    @Test
    void keys_afterWritesDeletesAndAStart_areCountedExactly() throws Exception {
        node.write(doing(transaction -> {
            transaction.set(X, ONE);
            transaction.set(X, Y);
            transaction.assign(Y, DataType.SET, ONE, Bytes.EMPTY);
            transaction.set(ONE, ONE);
            transaction.delete(ONE);
        }));
        assertThat(node.keys()).isEqualTo(2);
        node.write(doing(transaction -> transaction.expire(ONE, Long.MAX_VALUE - 5)));
        assertThat(node.keys()).as("a deadline alone is no key").isEqualTo(2);
        node.write(doing(transaction -> transaction.remove(Y, DataType.SET, ONE)));
        assertThat(node.keys()).isEqualTo(1);
        close();
        open();
        assertThat(node.keys()).isEqualTo(1);
        assertThat(node.status().keys()).isEqualTo(1);
    }
}
