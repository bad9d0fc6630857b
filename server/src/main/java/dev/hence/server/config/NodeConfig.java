package dev.hence.server.config;

import dev.hence.core.replication.ReadyWhen;
import java.nio.file.Path;
import java.util.List;

/**
 * The whole configuration of one node, checked.
 *
 * @param nodeId the node's name, unique in the cluster
 * @param peers where the other nodes listen; the node's own address among them does no harm
 * @param host the address to listen on
 * @param port the HTTP port, 0 for any free one
 * @param dataDir where the node keeps its data
 * @param fsync when a committed write is forced to the disk
 * @param clusterName nodes and tokens of different clusters do not mix
 * @param lab whether links can be disturbed through {@code /lab/links}
 * @param logUpdates whether the log tells of each update how it was written, received, buffered and delivered
 * @param redis how it serves the Redis protocol
 * @param readyWhen from when on it calls itself ready
 */
public record NodeConfig(
        String nodeId,
        List<PeerAddress> peers,
        String host,
        int port,
        Path dataDir,
        FsyncPolicy fsync,
        String clusterName,
        boolean lab,
        boolean logUpdates,
        Limits limits,
        RedisConfig redis,
        ReadyWhen readyWhen) {

    /** Copies the list. */
    public NodeConfig {
        peers = List.copyOf(peers);
    }

    /** A node that is ready when it has caught up. */
    public NodeConfig(
            String nodeId,
            List<PeerAddress> peers,
            String host,
            int port,
            Path dataDir,
            FsyncPolicy fsync,
            String clusterName,
            boolean lab,
            boolean logUpdates,
            Limits limits,
            RedisConfig redis) {
        this(
                nodeId,
                peers,
                host,
                port,
                dataDir,
                fsync,
                clusterName,
                lab,
                logUpdates,
                limits,
                redis,
                ReadyWhen.CAUGHT_UP);
    }

    /** The same without the Redis protocol. */
    public NodeConfig(
            String nodeId,
            List<PeerAddress> peers,
            String host,
            int port,
            Path dataDir,
            FsyncPolicy fsync,
            String clusterName,
            boolean lab,
            boolean logUpdates,
            Limits limits) {
        this(nodeId, peers, host, port, dataDir, fsync, clusterName, lab, logUpdates, limits, RedisConfig.NONE);
    }

    /** The same node, serving the Redis protocol otherwise. */
    public NodeConfig with(RedisConfig other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, fsync, clusterName, lab, logUpdates, limits, other, readyWhen);
    }

    /** The same node, ready from another moment on. */
    public NodeConfig with(ReadyWhen other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, fsync, clusterName, lab, logUpdates, limits, redis, other);
    }
}
