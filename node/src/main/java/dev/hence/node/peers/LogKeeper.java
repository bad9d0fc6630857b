package dev.hence.node.peers;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.LogNeeds;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.storage.LogExtent;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.Node;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes from the front of the node's log what no member needs any more, and what an operator's maximum cuts.
 *
 * <p>Nothing is deleted during a rescue, which finds in the log what it has reissued already.
 *
 * <p>One thread at a time.
 */
final class LogKeeper {

    private static final Logger log = LoggerFactory.getLogger(LogKeeper.class);

    private final Node node;
    private final Members members;
    private final LogLimits limits;
    private String failure = "";

    LogKeeper(Node node, Members members, LogLimits limits) {
        this.node = node;
        this.members = members;
        this.limits = limits;
    }

    /** Deletes what can be deleted now. */
    void look() {
        try {
            announceCheckpoint(node.logExtent().checkpointed());
            List<LogNeeds.Member> others = members.stored();
            VersionVector stored = LogNeeds.storedByAll(node.durableClock(), others);
            if (node.gate().rescue().isEmpty() && node.trimLog(limits, stored)) {
                tell(node.logExtent(), others);
            }
            failure = "";
        } catch (StorageException failed) {
            if (!failure.equals(failed.getMessage())) {
                failure = String.valueOf(failed.getMessage());
                log.warn("The beginning of the log cannot be deleted, retrying: {}", failure);
            }
        }
    }

    /** The log is forced before rows are written to files, so this is durable under any fsync policy. */
    private void announceCheckpoint(VersionVector checkpointed) {
        if (node.clock().descends(checkpointed)) {
            node.published().synced(checkpointed);
        }
    }

    private static void tell(LogExtent extent, List<LogNeeds.Member> others) {
        List<LogNeeds.Lack> lacks = LogNeeds.lacking(extent.deleted(), others);
        if (lacks.isEmpty()) {
            log.info(
                    "Deleted the log before sequence {}, which every member has stored; {} bytes are left",
                    extent.firstSequence(),
                    extent.bytes());
        } else {
            log.warn(
                    "Deleted the log before sequence {} because of log-bytes-max or log-age-max, with updates that"
                            + " members need: {}. They have to get them from another node",
                    extent.firstSequence(),
                    lacks.stream().map(LogNeeds.Lack::toString).collect(Collectors.joining("; ")));
        }
    }
}
