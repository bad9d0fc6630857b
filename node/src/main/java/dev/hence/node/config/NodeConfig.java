package dev.hence.node.config;

import dev.hence.core.replication.ReadyWhen;
import dev.hence.engine.storage.FsyncPolicy;
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
 * @param logUpdates whether the log shows when each update is written, received, buffered and delivered
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

    /** A node without peers, on any free port of the loopback address, that serves no Redis protocol. */
    public static NodeConfig alone(String nodeId, Path dataDir) {
        return new NodeConfig(
                nodeId,
                List.of(),
                "127.0.0.1",
                0,
                dataDir,
                FsyncPolicy.ALWAYS,
                "hence",
                false,
                false,
                Limits.DEFAULT,
                RedisConfig.NONE,
                ReadyWhen.CAUGHT_UP);
    }

    /** The same node with other peers. */
    public NodeConfig withPeers(List<PeerAddress> others) {
        return new NodeConfig(
                nodeId, others, host, port, dataDir, fsync, clusterName, lab, logUpdates, limits, redis, readyWhen);
    }

    /** The same node, listening elsewhere. */
    public NodeConfig at(String otherHost, int otherPort) {
        return new NodeConfig(
                nodeId,
                peers,
                otherHost,
                otherPort,
                dataDir,
                fsync,
                clusterName,
                lab,
                logUpdates,
                limits,
                redis,
                readyWhen);
    }

    /** The same node in another cluster. */
    public NodeConfig inCluster(String other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, fsync, other, lab, logUpdates, limits, redis, readyWhen);
    }

    /** The same node, whose links can be disturbed, or not. */
    public NodeConfig withLab(boolean other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, fsync, clusterName, other, logUpdates, limits, redis, readyWhen);
    }

    /** The same node with another fsync policy. */
    public NodeConfig with(FsyncPolicy other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, other, clusterName, lab, logUpdates, limits, redis, readyWhen);
    }

    /** The same node with other limits. */
    public NodeConfig with(Limits other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, fsync, clusterName, lab, logUpdates, other, redis, readyWhen);
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
