package dev.hence.benchmarks;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.replica.Transaction;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Commands a second on a node without a protocol in front: 64-byte values under random keys, pipelines of 16 SETs, and
 * single GETs. With {@code -prof gc} also the bytes that one allocates, in all threads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 3, time = 5)
@Threads(StoreBenchmark.CLIENTS)
public class StoreBenchmark {

    static final int CLIENTS = 50;
    private static final int DEPTH = 16;
    private static final Bytes VALUE = Bytes.utf8("x".repeat(64));

    /** When a write is forced to the disk. */
    @Param({"EVERYSEC", "ALWAYS"})
    public FsyncPolicy fsync = FsyncPolicy.EVERYSEC;

    /** How many keys there are. */
    @Param("1000000")
    public int keys;

    private Path directory = Path.of("");
    private @Nullable Node opened;

    /** Opens a node with an empty directory. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        directory = Files.createTempDirectory("hence-benchmark");
        opened = Node.open(NodeConfig.alone("node1", directory.resolve("data")).with(fsync), new SimpleMeterRegistry());
    }

    /** Closes it and removes its data. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        node().announceClosing();
        node().close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Node node() {
        return Objects.requireNonNull(opened);
    }

    private Bytes key() {
        return Bytes.utf8("key:" + ThreadLocalRandom.current().nextInt(keys));
    }

    /** A pipeline of SETs, until all are answered. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public void setPipelined() throws Exception {
        List<Transaction.Body<Boolean>> pipeline = new ArrayList<>(DEPTH);
        for (int i = 0; i < DEPTH; i++) {
            Bytes key = key();
            pipeline.add(transaction -> {
                transaction.set(key, VALUE);
                return true;
            });
        }
        for (CompletableFuture<Store.Committed<Boolean>> answer : node().submit(pipeline)) {
            answer.get();
        }
    }

    /** A GET; of a key that is there as often as {@link #setPipelined} has set it before. */
    @Benchmark
    public Store.Reading<KeyHead> get() {
        return node().read(key());
    }
}
