package dev.hence.node.config;

import dev.hence.core.replication.ReadyWhen;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.storage.FsyncPolicy;
import java.nio.file.Path;
import java.util.List;

/**
 * The complete, validated configuration of one node.
 *
 * @param nodeId the node's name, unique in the cluster
 * @param peers where the other nodes listen; the node's own address may be among them
 * @param host the address to listen on
 * @param port the HTTP port, 0 for any free one
 * @param dataDir the data directory
 * @param fsync when a committed write is forced to the disk
 * @param clusterName nodes and tokens of different clusters are rejected
 * @param lab whether links can be disturbed through {@code /lab/links}
 * @param logUpdates whether the log shows when each update is written, received, buffered and delivered
 * @param log when its log of updates is deleted from the front
 * @param redis how it serves the Redis protocol
 * @param readyWhen when it starts to report itself ready
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
        LogLimits log,
        RedisConfig redis,
        ReadyWhen readyWhen) {

    /** Copies the list. */
    public NodeConfig {
        peers = List.copyOf(peers);
    }

    /** A node without peers, on any free port of the loopback address, without the Redis protocol. */
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
                LogLimits.DEFAULT,
                RedisConfig.NONE,
                ReadyWhen.CAUGHT_UP);
    }

    /** The same node with other peers. */
    public NodeConfig withPeers(List<PeerAddress> others) {
        return new NodeConfig(
                nodeId,
                others,
                host,
                port,
                dataDir,
                fsync,
                clusterName,
                lab,
                logUpdates,
                limits,
                log,
                redis,
                readyWhen);
    }

    /** The same node, with another listen address. */
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
                log,
                redis,
                readyWhen);
    }

    /** The same node in another cluster. */
    public NodeConfig inCluster(String other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, fsync, other, lab, logUpdates, limits, log, redis, readyWhen);
    }

    /** The same node, with or without disturbable links. */
    public NodeConfig withLab(boolean other) {
        return new NodeConfig(
                nodeId,
                peers,
                host,
                port,
                dataDir,
                fsync,
                clusterName,
                other,
                logUpdates,
                limits,
                log,
                redis,
                readyWhen);
    }

    /** The same node with another fsync policy. */
    public NodeConfig with(FsyncPolicy other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, other, clusterName, lab, logUpdates, limits, log, redis, readyWhen);
    }

    /** The same node with other limits. */
    public NodeConfig with(Limits other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, fsync, clusterName, lab, logUpdates, other, log, redis, readyWhen);
    }

    /** The same node with another bound of its log. */
    public NodeConfig with(LogLimits other) {
        return new NodeConfig(
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
                other,
                redis,
                readyWhen);
    }

    /** The same node with another Redis configuration. */
    public NodeConfig with(RedisConfig other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, fsync, clusterName, lab, logUpdates, limits, log, other, readyWhen);
    }

    /** The same node with another condition for readiness. */
    public NodeConfig with(ReadyWhen other) {
        return new NodeConfig(
                nodeId, peers, host, port, dataDir, fsync, clusterName, lab, logUpdates, limits, log, redis, other);
    }
}
