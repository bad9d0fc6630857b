package dev.hence.server;

import dev.hence.core.clock.ReplicaId;
import dev.hence.engine.storage.MemoryShares;
import dev.hence.http.HttpServer;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.config.Settings;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.peers.Replication;
import dev.hence.node.rescue.Rescue;
import dev.hence.node.rescue.RescueOrder;
import dev.hence.node.store.NodeFailedException;
import dev.hence.redis.RespServer;
import dev.hence.redis.commands.AllCommands;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of Hence: the parts list.
 *
 * <p>Thread-safe.
 */
public final class HenceServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HenceServer.class);

    /** What a node needs with the limits that it has by default. The JVM counts a little less than it was given. */
    private static final long HEAP_BYTES_MIN = 240L << 20;

    private final Node node;
    private final Replication replication;
    private final HttpServer http;
    private final RespServer redis;
    private final @Nullable Rescue rescue;

    private HenceServer(
            NodeConfig config, Node node, Optional<Path> forked, FileStore disk, PrometheusMeterRegistry meters) {
        this.node = node;
        this.replication = new Replication(node, config);
        MemoryBudget memory = MemoryBudget.ofHeap();
        warnIfTooLittle(memory, config);
        this.http = new HttpServer(
                config,
                node,
                replication.linkLab(),
                meters,
                List.of(ReplicationRoute.of(replication.feedService(), node, MemoryBudget.ofPeers())),
                memory);
        this.redis = new RespServer(config, node, AllCommands.table(), memory);
        node.showing(replication);
        this.rescue = forked.map(aside -> new Rescue(node, replication, config.dataDir(), aside))
                .orElse(null);
        ReplicationMetrics.register(replication, meters);
        meters.getPrometheusRegistry().register(new HealthMetrics(node::health));
        meters.getPrometheusRegistry()
                .register(new NodeMetrics(node::members, node::sizes, node::memory, node::updateLog, disk));
        if (config.redis().port() != RedisConfig.OFF) {
            meters.getPrometheusRegistry()
                    .register(new RedisMetrics(
                            redis.usage(), () -> redis.clients().all().size()));
        }
    }

    private static void warnIfTooLittle(MemoryBudget memory, NodeConfig config) {
        if (config.limits().bodyBytesMax() > memory.bytesMax()) {
            log.warn(
                    "{}: {} bytes (expected: at most {}, a quarter of the heap; increase -Xmx, otherwise such"
                            + " requests are processed one at a time)",
                    Settings.BODY_BYTES_MAX.key(),
                    config.limits().bodyBytesMax(),
                    memory.bytesMax());
        }
    }

    /**
     * Opens the node's data, listens, and begins to follow its peers.
     *
     * @throws dev.hence.engine.storage.StorageException if the data directory cannot be used
     * @throws IOException if the port cannot be listened on
     * @throws IllegalStateException if the wall clock is certainly wrong
     */
    public static HenceServer start(NodeConfig config) throws IOException {
        return start(config, InstantSource.system());
    }

    /**
     * The same with another wall clock than the machine's, by which keys expire and updates get their timestamps: for
     * tests of clocks that are wrong.
     */
    public static HenceServer start(NodeConfig config, InstantSource wallClock) throws IOException {
        tellMemory(Runtime.getRuntime().maxMemory(), MemoryShares.OF_THE_PROCESS);
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ProcessorTime.register(meters);
        Optional<Path> forked = RescueOrder.settle(config.dataDir());
        Node node = Node.open(config, meters, wallClock::millis);
        try {
            HenceServer server = new HenceServer(config, node, forked, Files.getFileStore(config.dataDir()), meters);
            server.start();
            return server;
        } catch (IOException | RuntimeException failed) {
            node.close();
            throw failed;
        }
    }

    private static void tellMemory(long heapBytes, MemoryShares shares) {
        log.info(
                "memory: a heap of at most {} MiB, of which rows take at most {} MiB, and {} MiB for blocks of files (set"
                        + " it with --memory)",
                heapBytes >> 20,
                shares.rowBytes() >> 20,
                shares.blockBytes() >> 20);
        if (heapBytes < HEAP_BYTES_MIN) {
            log.warn(
                    "heap: {} MiB (expected: at least 240, --memory 384MiB): large values and many clients may exhaust it,"
                            + " which ends the node",
                    heapBytes >> 20);
        }
    }

    private void start() throws IOException {
        if (rescue != null) {
            rescue.announce();
        }
        http.start();
        try {
            redis.start();
        } catch (IOException failed) {
            http.close();
            throw failed;
        }
        replication.start();
        // Started beforehand, as a node that fails may have no memory for it.
        Thread.ofVirtual().name("hence-failed").start(() -> {
            node.failure().future().join();
            redis.endSoon();
        });
        if (rescue != null) {
            rescue.start();
        }
    }

    /**
     * Completed when the node has failed, with what happened; never by an exception. From then on it is not ready, and
     * all it can do is be closed.
     */
    public CompletableFuture<NodeFailedException> failure() {
        return node.failure().future();
    }

    /** The identity under which the node writes. */
    public ReplicaId self() {
        return node.self();
    }

    /** The port it listens on. */
    public int port() {
        return http.port();
    }

    /** The port on which it serves the Redis protocol; 0 if it does not. */
    public int redisPort() {
        return redis.port();
    }

    /**
     * Completes requests in progress, rejects new ones, syncs everything to disk and closes it. Calls
     * after the first do nothing.
     */
    @Override
    public void close() {
        node.announceClosing();
        if (rescue != null) {
            rescue.close();
        }
        redis.close();
        http.close();
        replication.close();
        node.close();
    }
}
