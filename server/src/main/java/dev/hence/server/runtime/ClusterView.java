package dev.hence.server.runtime;

import dev.hence.core.clock.VersionVector;
import java.util.List;

/** What replication knows of the cluster, for those who look into the node. Thread-safe. */
public interface ClusterView {

    /** Every member that is known, this node included, in the order of names. */
    List<NodeStatus.Member> members();

    /** All that is known to be causally stable. */
    VersionVector stable();

    /** The streams of updates that this node reads. */
    List<NodeStatus.Follow> follows();
}
