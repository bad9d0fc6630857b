package dev.hence.node.store;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
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

    /** Every member that is known, this node included, in the order of names. */
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

    /** How far this node has caught up with its peers since it started; empty when it is done. Never blocks. */
    default Optional<CatchUp.Progress> catchingUp() {
        return Optional.empty();
    }

    /**
     * What keeps the node from making again the updates of a forked directory, for people; empty if it has all that its
     * configured peers have: {@link dev.hence.core.replication.RescueWait}.
     */
    default List<String> rescueAwaits() {
        return List.of();
    }

    /** The updates that streams wait with, because they are too far ahead of this node's wall clock. */
    default List<NodeStatus.Held> held() {
        return List.of();
    }

    /** What is wrong in the cluster as this node sees it, the most important first. Never blocks. */
    default List<HealthIssue> health() {
        return List.of();
    }

    /**
     * Waits until enough other members are known to have stored an update safely.
     *
     * @return how many are, when they are enough, when the time is up, or when the node closes
     */
    default int awaitStored(Dot update, int members, Duration atMost) throws InterruptedException {
        return 0;
    }
}
