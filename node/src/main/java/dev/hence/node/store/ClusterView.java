package dev.hence.node.store;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
import dev.hence.core.replication.LogNeeds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a node knows of the cluster, for status and health. The defaults are those of a node that knows no other members.
 * Thread-safe.
 */
public interface ClusterView {

    /** The view of a node that knows no other members, and does not list itself. */
    ClusterView NONE = new ClusterView() {};

    /** All known members including this node, ordered by name. */
    default List<NodeStatus.Member> members() {
        return List.of();
    }

    /** All that is known to be causally stable. */
    default VersionVector stable() {
        return VersionVector.EMPTY;
    }

    /** The streams of updates that this node reads. */
    default List<NodeStatus.Follow> follows() {
        return List.of();
    }

    /** The catch-up of this node with its peers since it started; empty when it is done. Never blocks. */
    default Optional<CatchUp.Progress> catchingUp() {
        return Optional.empty();
    }

    /**
     * What prevents the node from reissuing the updates of a forked directory, in readable form; empty if it has all
     * that its configured peers have: {@link dev.hence.core.replication.RescueWait}.
     */
    default List<String> rescueAwaits() {
        return List.of();
    }

    /** The updates that block their streams because they are too far ahead of this node's wall clock. */
    default List<NodeStatus.Held> held() {
        return List.of();
    }

    /** The updates that this node needs and that peers have deleted. */
    default List<NodeStatus.Gone> gone() {
        return List.of();
    }

    /** The updates of a clock that members have not stored durably. */
    default List<LogNeeds.Lack> lacking(VersionVector updates) {
        return List.of();
    }

    /** The health issues of the cluster as this node sees it, the most important first. Never blocks. */
    default List<HealthIssue> health() {
        return List.of();
    }

    /**
     * Blocks until enough other members are known to have stored an update durably.
     *
     * @return how many are: when they are enough, on timeout, or when the node closes
     */
    default int awaitStored(Dot update, int members, Duration atMost) throws InterruptedException {
        return 0;
    }
}
