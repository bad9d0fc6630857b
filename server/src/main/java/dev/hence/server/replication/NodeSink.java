package dev.hence.server.replication;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.update.Update;
import dev.hence.server.runtime.Node;
import dev.hence.server.runtime.Published;
import dev.hence.server.runtime.WriteRefusedException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands updates to the node, and waits where the node has no room for them: its buffer for the origin is
 * full until something is delivered, or its disk is full until somebody makes room.
 */
final class NodeSink implements UpdateSink {

    private static final Logger log = LoggerFactory.getLogger(NodeSink.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Node node;
    private final String through;

    /** @param through the peer that the updates come through */
    NodeSink(Node node, String through) {
        this.node = node;
        this.through = through;
    }

    @Override
    public void accept(List<Update> updates) throws InterruptedException {
        List<Update> left = updates;
        while (!left.isEmpty()) {
            VersionVector before = node.clock();
            int taken = offer(left);
            left = left.subList(taken, left.size());
            if (!left.isEmpty()) {
                Published.View view =
                        node.published().await(now -> !now.clock().equals(before) || now.closing(), LOOK_AGAIN);
                if (view.closing()) {
                    throw new InterruptedException("the node is closing");
                }
            }
        }
    }

    private int offer(List<Update> updates) throws InterruptedException {
        try {
            List<Receipt> receipts = node.receive(updates, through);
            boolean refused = receipts.getLast() instanceof Receipt.Refused;
            return refused ? receipts.size() - 1 : receipts.size();
        } catch (WriteRefusedException refused) {
            log.warn("Updates from {} wait: {}", through, refused.getMessage());
            return 0;
        }
    }

    @Override
    public int held() {
        return 0;
    }

    @Override
    public void close() {}
}
