package dev.hence.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Transaction;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How many SETs a node takes without any protocol in front: virtual threads that each submit a pipeline, wait for all
 * its answers, and begin again, with values of 64 bytes under random keys.
 *
 * <p>Beside the rate it prints what one SET costs: time and memory of the writer's thread, and time of the whole
 * process. On a machine that has other things to do these say more than the rate.
 */
public final class StorePipelines {

    private static final Bytes VALUE = Bytes.utf8("x".repeat(64));
    private static final int DEPTH = 16;
    private static final int CLIENTS = 50;

    private StorePipelines() {}

    /** Arguments: a directory for data, the fsync policy, keys (1000000), seconds (10), seconds of warm-up (5). */
    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(args[0]), "pipelines");
        FsyncPolicy fsync = FsyncPolicy.valueOf(args[1].toUpperCase(Locale.ROOT));
        int keys = args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000;
        int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 10;
        int warmUpSeconds = args.length > 4 ? Integer.parseInt(args[4]) : 5;
        NodeConfig config = NodeConfig.alone("node1", directory).with(fsync);
        try (Node node = Node.open(config, new SimpleMeterRegistry())) {
            run(node, keys, warmUpSeconds);
            Usage before = Usage.now();
            long startNanos = System.nanoTime();
            long sets = run(node, keys, seconds);
            double elapsedSeconds = (System.nanoTime() - startNanos) / 1e9;
            Usage after = Usage.now();
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d keys: %,.0f sets/s; a set costs the writer %.2f us and %,d bytes, the process %.2f us%n",
                    args[1],
                    node.keys(),
                    sets / elapsedSeconds,
                    (after.writerNanos - before.writerNanos) / 1e3 / sets,
                    (after.writerBytes - before.writerBytes) / sets,
                    (after.processNanos - before.processNanos) / 1e3 / sets);
        }
    }

    /** What was used so far. */
    private record Usage(long writerNanos, long writerBytes, long processNanos) {
        static Usage now() {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("hence-writer")) {
                    return new Usage(
                            threads.getThreadCpuTime(thread.threadId()),
                            threads.getThreadAllocatedBytes(thread.threadId()),
                            process.getProcessCpuTime());
                }
            }
            throw new IllegalStateException("threads: no writer (expected: one of an open node)");
        }
    }

    private static long run(Store store, int keys, int seconds) throws InterruptedException, ExecutionException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long sets = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(threads.submit(() -> pipelines(store, keys, endNanos)));
            }
            for (Future<Long> one : running) {
                sets += one.get();
            }
        }
        return sets;
    }

    private static long pipelines(Store store, int keys, long endNanos) throws Exception {
        long sets = 0;
        while (System.nanoTime() - endNanos < 0) {
            List<Transaction.Body<Boolean>> pipeline = new ArrayList<>(DEPTH);
            for (int i = 0; i < DEPTH; i++) {
                Bytes key = Bytes.utf8("key:" + ThreadLocalRandom.current().nextInt(keys));
                pipeline.add(transaction -> {
                    transaction.set(key, VALUE);
                    return true;
                });
            }
            for (CompletableFuture<Store.Committed<Boolean>> answer : store.submit(pipeline)) {
                sets += answer.get().result() ? 1 : 0;
            }
        }
        return sets;
    }
}
