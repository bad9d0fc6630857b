package dev.hence.node;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.isStuck;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteRefusedException.Reason;
import dev.hence.node.testing.HookedStorage;
import dev.hence.node.testing.NodeConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The base class of tests of a node whose storage a test can stop or break. */
abstract class HookedNodeTest {

    static final Bytes X = Bytes.utf8("x");
    static final Bytes Y = Bytes.utf8("y");
    static final Bytes ONE = Bytes.utf8("1");
    static final ReplicaId OTHER = new ReplicaId("node2", 2);
    static final long STAMP = 1_750_000_000_000L << 16;

    @TempDir
    Path directory;

    HookedStorage storage;
    Node node;

    @BeforeEach
    final void open() {
        open(NodeConfigs.alone("node1", directory));
    }

    final void open(NodeConfig config) {
        storage = new HookedStorage(
                DataDirectory.open(config.dataDir(), config.nodeId(), config.clusterName(), config.fsync()));
        node = Node.over(storage, config, new SimpleMeterRegistry(), System::currentTimeMillis);
    }

    @AfterEach
    final void close() {
        node.close();
    }

    final Committed<String> set(Bytes key, Bytes value) throws InterruptedException {
        return node.write(transaction -> {
            transaction.set(key, value);
            return "done";
        });
    }

    final Committed<Boolean> delete(Bytes key) throws InterruptedException {
        return node.write(transaction -> transaction.delete(key));
    }

    static Dot dot(Committed<?> committed) {
        return Objects.requireNonNull(committed.update()).dot();
    }

    /** A task that runs on its own thread. */
    record Doing<T>(Thread thread, FutureTask<T> future) {
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

    static void assertRefusedAsFailed(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        WriteRefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.FAILED));
    }
}
