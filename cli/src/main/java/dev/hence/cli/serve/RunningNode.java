package dev.hence.cli.serve;

import dev.hence.server.config.NodeConfig;

/** The server, as this package starts and stops it. */
interface RunningNode extends AutoCloseable {

    /** Starts a node. */
    static RunningNode start(NodeConfig config) {
        if (config.port() >= 0) {
        throw new UnsupportedOperationException(config.nodeId());
        }
        return () -> {};
    }

    @Override
    void close();
}
