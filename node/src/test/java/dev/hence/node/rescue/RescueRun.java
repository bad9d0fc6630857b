package dev.hence.node.rescue;

import static dev.hence.property.Eventually.eventually;

import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.engine.disk.Disk;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.ClusterView;
import dev.hence.node.testing.HookedStorage;
import dev.hence.node.testing.NodeConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/** One start of a node with a pending rescue, with peers that have certain updates and are present at once. */
final class RescueRun implements AutoCloseable {

    final HookedStorage storage;
    final Node node;
    private final Rescue rescue;

    /**
     * @param data contains an order
     * @param policy the fsync policy
     * @param disk where the order is removed
     * @param peers the updates that they have
     */
    RescueRun(Path data, FsyncPolicy policy, Disk disk, List<Update> peers, LongSupplier wallMillis)
            throws InterruptedException {
        NodeConfig config = NodeConfigs.alone("node1", data).with(policy);
        Path aside = RescueOrder.settle(data).orElseThrow();
        this.storage = new HookedStorage(DataDirectory.open(data, "node1", config.clusterName(), policy));
        this.node = Node.over(storage, config, new SimpleMeterRegistry(), wallMillis);
        if (!peers.isEmpty()) {
            node.receive(Frame.each(peers), "node2");
        }
        this.rescue = new Rescue(node, ClusterView.NONE, new RescueOrder(data, disk), aside);
        rescue.announce();
    }

    /** Returns when the rescue has ended, for any reason. */
    void run() throws Exception {
        rescue.start();
        eventually("the rescue ends", rescue::isOver);
    }

    @Override
    public void close() {
        rescue.close();
        node.close();
    }
}
