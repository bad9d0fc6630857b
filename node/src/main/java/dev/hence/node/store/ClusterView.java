package dev.hence.node.store;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What replication knows of the cluster, for status and health. Thread-safe. */
public interface ClusterView {

    /** Every member that is known, this node included, in the order of names. */
    List<NodeStatus.Member> members();

    /** All that is known to be causally stable. */
    VersionVector stable();

    /** The streams of updates that this node reads. */
    List<NodeStatus.Follow> follows();

    /** How far this node has caught up with its peers since it started; empty when it is done. Never blocks. */
    Optional<CatchUp.Progress> catchingUp();

    /**
     * What keeps the node from making again the updates of a forked directory, for people; empty if it has all that its
     * configured peers have: {@link dev.hence.core.replication.RescueWait}.
     */
    List<String> rescueAwaits();

    /** The updates that streams wait with, because they are too far ahead of this node's wall clock. */
    List<NodeStatus.Held> held();

    /** What is wrong in the cluster as this node sees it, the most important first. Never blocks. */
    List<HealthIssue> health();

    /**
     * Waits until enough other members are known to have stored an update safely.
     *
     * @return how many are, when they are enough, when the time is up, or when the node closes
     */
    int awaitStored(Dot update, int members, Duration atMost) throws InterruptedException;
}
