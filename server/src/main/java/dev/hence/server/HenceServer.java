package dev.hence.server;

import dev.hence.core.clock.ReplicaId;
import dev.hence.server.config.NodeConfig;
import dev.hence.server.http.HttpServer;
import dev.hence.server.replication.Replication;
import dev.hence.server.rescue.Rescue;
import dev.hence.server.rescue.RescueOrder;
import dev.hence.server.resp.connection.RespServer;
import dev.hence.server.resp.group.AllCommands;
import dev.hence.server.runtime.Node;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node of Hence: the parts list.
 *
 * <p>Thread-safe.
 */
public final class HenceServer implements AutoCloseable {

    private final Node node;
    private final Replication replication;
    private final HttpServer http;
    private final RespServer redis;
    private final @Nullable Rescue rescue;

    private HenceServer(NodeConfig config, Node node, PrometheusMeterRegistry meters) {
        this.node = node;
        this.replication = new Replication(node, config);
        this.http = new HttpServer(
                config,
                node,
                replication.linkLab(),
                meters,
                List.of(ReplicationRoute.of(replication.feedService(), node)));
        this.redis = new RespServer(config, node, AllCommands.table());
        node.showing(replication);
        this.rescue = RescueOrder.of(config.dataDir())
                .map(aside -> new Rescue(node, config.dataDir(), aside))
                .orElse(null);
        ReplicationMetrics.register(replication, meters);
        HealthMetrics.register(node, meters);
    }

    /**
     * Opens the node's data, listens, and begins to follow its peers.
     *
     * @throws dev.hence.server.storage.StorageException if the data directory cannot be used
     * @throws IOException if the port cannot be listened on
     * @throws IllegalStateException if the wall clock is certainly wrong
     */
    public static HenceServer start(NodeConfig config) throws IOException {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Node node = Node.open(config, meters);
        try {
            HenceServer server = new HenceServer(config, node, meters);
            server.start();
            return server;
        } catch (IOException | RuntimeException failed) {
            node.close();
            throw failed;
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
        if (rescue != null) {
            rescue.start();
        }
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
     * Answers what is under way, refuses what is new, forces everything to the disk and lets go of it. Calls
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
