package dev.hence.node;

import dev.hence.engine.log.LogLimits;
import dev.hence.engine.storage.LogExtent;
import dev.hence.engine.storage.Storage;
import dev.hence.node.clocks.ClockWatch;
import dev.hence.node.store.ClusterView;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.node.visibility.VisibleClock;
import dev.hence.node.writer.WriteGate;
import dev.hence.node.writer.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * The status and health of a node, gathered from its parts on request.
 *
 * <p>Thread-safe.
 */
final class NodeReport {

    private static final int BUFFERED_SHOWN_MAX = 100;

    private final Storage storage;
    private final VisibleClock published;
    private final Writer writer;
    private final WriteGate gate;
    private final ClockWatch clocks;
    private final long startedMillis = System.currentTimeMillis();
    private final LogLimits limits;
    private volatile ClusterView cluster = ClusterView.NONE;

    NodeReport(
            Storage storage,
            VisibleClock published,
            Writer writer,
            WriteGate gate,
            ClockWatch clocks,
            LogLimits limits) {
        this.limits = limits;
        this.storage = storage;
        this.published = published;
        this.writer = writer;
        this.gate = gate;
        this.clocks = clocks;
    }

    /** Sets the source of information about the other members. */
    void showing(ClusterView view) {
        cluster = view;
    }

    /** What knows the other members; {@link ClusterView#NONE} before the node has joined them. */
    ClusterView cluster() {
        return cluster;
    }

    List<HealthIssue> health() {
        List<HealthIssue> issues = new ArrayList<>();
        // The clock reports its own issues, in more detail.
        writer.unready()
                .filter(refusal -> refusal.reason() != WriteRefusedException.Reason.CLOCK_AHEAD)
                .ifPresent(refusal -> issues.add(refusal.asHealthIssue()));
        gate.rescue().ifPresent(refusal -> issues.add(refusal.asHealthIssue()));
        issues.addAll(clocks.health());
        issues.addAll(cluster.health());
        return List.copyOf(issues);
    }

    NodeStatus status() {
        Writer.Buffer buffer = buffered();
        VisibleClock.View view = published.view();
        ClusterView known = cluster;
        return new NodeStatus(
                writer.self(),
                view.clock(),
                view.durable(),
                known.stable(),
                members(),
                known.follows(),
                buffer.count(),
                buffer.some(),
                storage.keys(),
                storage.expiringKeys(),
                startedMillis,
                known.catchingUp().orElse(null),
                clocks.status(),
                known.held(),
                known.gone(),
                updateLog(),
                storage.memory(),
                health());
    }

    /** The oldest segment is held back if the rest would be enough without it. */
    NodeStatus.UpdateLog updateLog() {
        LogExtent extent = storage.logExtent();
        boolean isLong = extent.bytes() - extent.oldestBytes() >= limits.keptBytes();
        return new NodeStatus.UpdateLog(
                extent.bytes(),
                extent.firstSequence(),
                extent.checkpointedSequence(),
                extent.endSequence(),
                isLong ? cluster.lacking(extent.oldest()) : List.of());
    }

    List<NodeStatus.Member> members() {
        return cluster.members();
    }

    private Writer.Buffer buffered() {
        try {
            return writer.buffered(BUFFERED_SHOWN_MAX);
        } catch (WriteRefusedException | WriteUncertainException stopped) {
            return new Writer.Buffer(0, List.of());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Writer.Buffer(0, List.of());
        }
    }
}
