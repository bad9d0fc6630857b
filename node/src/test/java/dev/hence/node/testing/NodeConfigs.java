package dev.hence.node.testing;

import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import java.nio.file.Path;

/** Configurations of nodes under test: without fsync and without a minimum of disk space, unless a test sets them. */
public final class NodeConfigs {

    /** The default limits, on a disk that may be full. */
    public static final Limits LIMITS = Limits.DEFAULT.withDiskFreeBytesMin(0);

    private NodeConfigs() {}

    /** A node alone. */
    public static NodeConfig alone(String name, Path data) {
        return NodeConfig.alone(name, data).with(FsyncPolicy.NEVER).with(LIMITS);
    }
}
