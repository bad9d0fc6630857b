package dev.hence.node.failure;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.isStuck;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.crdt.Bytes;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeFailedException;
import dev.hence.node.store.Store.Committed;
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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has lost an indispensable thread does not look alive. */
final class NodeFailureTest {

    private static final Bytes X = Bytes.utf8("x");

    @TempDir
    Path directory;

    private HookedStorage storage;
    private Node node;

    @BeforeEach
    void open() {
        open(FsyncPolicy.ALWAYS);
    }

    private void open(FsyncPolicy fsync) {
        NodeConfig config = NodeConfigs.alone("node1", directory).with(fsync);
        storage = new HookedStorage(DataDirectory.open(directory, "node1", config.clusterName(), fsync));
        node = Node.over(storage, config, new SimpleMeterRegistry(), System::currentTimeMillis);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Committed<String> set(Bytes key) throws InterruptedException {
        return node.write(transaction -> {
            transaction.set(key, X);
            return "done";
        });
    }

    private static <T> FutureTask<T> start(Callable<T> what) throws Exception {
        FutureTask<T> task = new FutureTask<>(what);
        Thread thread = Thread.ofVirtual().start(task);
        eventually("it is over or waits", () -> isStuck(thread));
        return task;
    }

    private NodeFailedException failure() throws Exception {
        return node.failure().future().get(5, TimeUnit.MINUTES);
    }

    private void assertFailed(String part) throws Exception {
        assertThat(failure()).hasMessageContaining("node1 has failed").hasMessageContaining(part);
        assertThat(node.unready())
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.FAILED));
        assertThatThrownBy(() -> set(X)).satisfies(NodeFailureTest::assertRefused);
    }

    private static void assertRefused(Throwable refused) {
        assertThat(refused)
                .isInstanceOfSatisfying(
                        WriteRefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.FAILED));
    }

    private static Throwable thrownBy(FutureTask<?> task) {
        try {
            throw new AssertionError("it succeeded: " + outcome(task));
        } catch (Exception failed) {
            return failed.getCause() == null ? failed : failed.getCause();
        }
    }

    @Test
    void writer_bodyThrowsAnError_failsTheNodeAndAnswersAllThatWait() throws Exception {
        Gate gate = new Gate();
        storage.beforeCommit = gate;
        FutureTask<?> first = start(() -> set(X));
        gate.awaitArrival();
        FutureTask<?> fatal = start(() -> node.write(transaction -> {
            throw new OutOfMemoryError("planted");
        }));
        List<FutureTask<?>> queued = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            queued.add(start(() -> set(X)));
        }
        FutureTask<Boolean> waiting =
                start(() -> node.awaitClock(node.clock().with(node.self(), 1_000), Duration.ofDays(1)));
        gate.open();

        assertFailed("hence-writer: java.lang.OutOfMemoryError: planted");
        assertThat(outcome(first)).as("what was committed before").isNotNull();
        assertRefused(thrownBy(fatal));
        for (FutureTask<?> each : queued) {
            assertRefused(thrownBy(each));
        }
        assertThat(outcome(waiting)).as("the clock was reached").isFalse();
    }

    @Test
    void health_failureDuringARescue_namesBoth() throws Exception {
        node.gate().rescuing("waits for node2");
        node.failure().fail("sync", new IllegalStateException("planted"));

        assertThat(node.health().stream().map(HealthIssue::kind))
                .containsExactly(HealthIssue.Kind.FAILED, HealthIssue.Kind.RESCUING);
        assertThat(node.unready())
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.FAILED));
        assertThatThrownBy(() -> set(X)).satisfies(NodeFailureTest::assertRefused);
    }

    @Test
    void writer_commitThrowsAnError_leavesItsWritesUncertain() throws Exception {
        storage.onceVisible = () -> {
            throw new OutOfMemoryError("planted");
        };
        assertThatThrownBy(() -> set(X)).isInstanceOf(WriteUncertainException.class);
        assertFailed("hence-writer");
    }

    @Test
    void writer_listenerThrowsAfterTheCommit_doesNotSayThatNothingHappened() throws Exception {
        node.listen(changes -> {
            throw new StackOverflowError("planted");
        });
        assertThatThrownBy(() -> set(X)).isInstanceOf(WriteUncertainException.class);
        assertFailed("hence-writer");
    }

    @Test
    void writer_diesWhileManySubmit_leavesNoTaskUnanswered() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        storage.beforeCommit = () -> {
            if (commits.incrementAndGet() == 20) {
                throw new OutOfMemoryError("planted");
            }
        };
        List<FutureTask<Integer>> submitters = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            FutureTask<Integer> submitter = new FutureTask<>(this::submitUntilRefused);
            submitters.add(submitter);
            Thread.ofPlatform().start(submitter);
        }
        for (FutureTask<Integer> submitter : submitters) {
            submitter.get(5, TimeUnit.MINUTES);
        }
        assertFailed("hence-writer");
    }

    /** Returns when a submission is rejected and all earlier ones are answered. */
    private int submitUntilRefused() throws Exception {
        List<CompletableFuture<Committed<String>>> answers = new ArrayList<>();
        try {
            while (true) {
                answers.add(node.submit(transaction -> {
                    transaction.set(X, X);
                    return "done";
                }));
            }
        } catch (WriteRefusedException refused) {
            for (CompletableFuture<?> answer : answers) {
                answer.handle((done, failed) -> 0).get(5, TimeUnit.MINUTES);
            }
        }
        return answers.size();
    }

    @Test
    void expirer_throws_failsTheNode() throws Exception {
        node.close();
        storage = new HookedStorage(DataDirectory.open(
                directory, "node1", NodeConfigs.alone("node1", directory).clusterName(), FsyncPolicy.ALWAYS));
        node = Node.over(storage, NodeConfigs.alone("node1", directory), new SimpleMeterRegistry(), () -> {
            if (Thread.currentThread().getName().equals("hence-expirer")) {
                throw new IllegalStateException("planted");
            }
            return System.currentTimeMillis();
        });
        assertFailed("hence-expirer");
    }

    @Test
    void syncer_throwsAnError_failsTheNode() throws Exception {
        node.close();
        open(FsyncPolicy.EVERYSEC);
        storage.beforeSync = () -> {
            throw new OutOfMemoryError("planted");
        };
        set(X);
        assertFailed("sync");
    }

    @Test
    void fail_reactionRunsOutOfMemory_isTriedAgain() throws Exception {
        NodeFailure failure = new NodeFailure("node1");
        AtomicInteger attempts = new AtomicInteger();
        failure.reacts(() -> {
            if (attempts.incrementAndGet() < 3) {
                throw new OutOfMemoryError("planted");
            }
        });
        failure.fail("a part", new OutOfMemoryError("first"));
        failure.fail("another part", new IllegalStateException("second"));
        assertThat(attempts).hasValue(3);
        assertThat(failure.hasHappened()).isTrue();
        assertThat(failure.future().get(1, TimeUnit.MINUTES))
                .hasMessageContaining("a part")
                .hasMessageContaining("first");
    }
}
