package dev.hence.server.testing;

import dev.hence.server.config.FsyncPolicy;
import dev.hence.server.config.Limits;
import dev.hence.server.config.NodeConfig;
import dev.hence.server.config.PeerAddress;
import java.nio.file.Path;
import java.util.List;

/** Configurations of nodes under test: no fsync, no minimum of disk space, unless a test wants them. */
public final class NodeConfigs {

    /** Usual limits, on a disk that may be full. */
    public static final Limits LIMITS = withBuffer(4_096);

    private NodeConfigs() {}

    /** Limits with room for so many updates of one origin that wait for others. */
    public static Limits withBuffer(int updatesMax) {
        Limits usual = Limits.DEFAULT;
        return new Limits(
                usual.keyBytesMax(),
                usual.valueBytesMax(),
                usual.bodyBytesMax(),
                usual.headerBytesMax(),
                usual.updateBytesMax(),
                usual.connectionsMax(),
                updatesMax,
                usual.bufferBytesMax(),
                0);
    }

    /** A node alone. */
    public static NodeConfig alone(String name, Path data) {
        return of(name, data, "hence", List.of(), false, LIMITS);
    }

    /** A node of a cluster. */
    public static NodeConfig of(
            String name, Path data, String cluster, List<PeerAddress> peers, boolean lab, Limits limits) {
        return new NodeConfig(name, peers, "127.0.0.1", 0, data, FsyncPolicy.NEVER, cluster, lab, false, limits);
    }
}
