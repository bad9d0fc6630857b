package dev.hence.server;

import dev.hence.node.peers.Replication;
import dev.hence.node.store.NodeStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of replication: links and lag. */
final class ReplicationMetrics {

    private ReplicationMetrics() {}

    static void register(Replication replication, MeterRegistry meters) {
        Gauge.builder("hence.members", replication, r -> r.members().size())
                .description("Members of the cluster that this node knows, itself included")
                .register(meters);
        Gauge.builder("hence.members.connected", replication, ReplicationMetrics::connected)
                .description("Members whose updates this node follows directly, itself included")
                .register(meters);
        Gauge.builder("hence.streams.held", replication, r -> r.held().size())
                .description("Streams held because an update is too far ahead of this node's wall clock")
                .register(meters);
        Gauge.builder("hence.updates.behind", replication, ReplicationMetrics::behind)
                .description("Largest number of updates that a member is known to have applied and this node has not")
                .register(meters);
    }

    private static double connected(Replication replication) {
        return replication.members().stream()
                .filter(NodeStatus.Member::connected)
                .count();
    }

    private static double behind(Replication replication) {
        return replication.members().stream()
                .mapToLong(NodeStatus.Member::updatesBehind)
                .max()
                .orElse(0);
    }
}
