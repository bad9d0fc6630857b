package dev.hence.server;

import dev.hence.core.replication.LogNeeds;
import dev.hence.engine.storage.MemoryUse;
import dev.hence.engine.storage.Storage;
import dev.hence.http.api.ProductVersion;
import dev.hence.node.store.NodeStatus;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.IOException;
import java.nio.file.FileStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics of a node's version, of each peer, and of the size of its data. All values are looked up when they are
 * scraped: nothing is counted, and a peer that is gone leaves no series behind.
 *
 * <p>Thread-safe.
 */
final class NodeMetrics implements MultiCollector {

    private static final Logger log = LoggerFactory.getLogger(NodeMetrics.class);
    private static final double MILLIS_PER_SECOND = 1_000;

    private final Supplier<List<NodeStatus.Member>> members;
    private final Supplier<Storage.Sizes> sizes;
    private final Supplier<MemoryUse> memory;
    private final Supplier<NodeStatus.UpdateLog> updateLog;
    private final FileStore disk;

    /** @param disk where the data directory is */
    NodeMetrics(
            Supplier<List<NodeStatus.Member>> members,
            Supplier<Storage.Sizes> sizes,
            Supplier<MemoryUse> memory,
            Supplier<NodeStatus.UpdateLog> updateLog,
            FileStore disk) {
        this.updateLog = updateLog;
        this.members = members;
        this.sizes = sizes;
        this.memory = memory;
        this.disk = disk;
    }

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        all.metricSnapshot(build());
        peers(all);
        data(all);
        memory(all);
        log(all);
        disk(all);
        return all.build();
    }

    private static InfoSnapshot build() {
        return InfoSnapshot.builder()
                .name("hence_build")
                .help("Version of this node and of its Java runtime")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "version",
                                ProductVersion.text(),
                                "java",
                                Runtime.version().toString()))
                        .build())
                .build();
    }

    private void peers(MetricSnapshots.Builder all) {
        GaugeSnapshot.Builder connected = GaugeSnapshot.builder()
                .name("hence_peer_connected")
                .help("1 if this node follows the updates of the peer directly, otherwise 0");
        GaugeSnapshot.Builder behind = GaugeSnapshot.builder()
                .name("hence_peer_updates_behind")
                .help("Updates that the peer is known to have applied and this node has not");
        GaugeSnapshot.Builder heard = GaugeSnapshot.builder()
                .name("hence_peer_heard_ago_seconds")
                .unit(Unit.SECONDS)
                .help("Time since the last message from or about the peer; absent before the first");
        for (NodeStatus.Member member : members.get()) {
            if (member.self()) {
                continue;
            }
            Labels peer = Labels.of("peer", member.name());
            connected.dataPoint(point(peer, member.connected() ? 1 : 0));
            behind.dataPoint(point(peer, (double) member.updatesBehind()));
            Long heardMillisAgo = member.heardMillisAgo();
            if (heardMillisAgo != null) {
                heard.dataPoint(point(peer, heardMillisAgo / MILLIS_PER_SECOND));
            }
        }
        all.metricSnapshot(connected.build());
        all.metricSnapshot(behind.build());
        all.metricSnapshot(heard.build());
    }

    private void data(MetricSnapshots.Builder all) {
        Storage.Sizes now = sizes.get();
        all.metricSnapshot(
                bytes("hence_data_bytes", "Size of keys, elements and deadlines in files and memory", now.dataBytes()));
        all.metricSnapshot(bytes("hence_log_bytes", "Size of the segments of the update log", now.logBytes()));
    }

    private void memory(MetricSnapshots.Builder all) {
        MemoryUse now = memory.get();
        GaugeSnapshot.Builder parts = GaugeSnapshot.builder()
                .name("hence_memory_bytes")
                .unit(Unit.BYTES)
                .help("Memory of rows (those that are not in the database yet included, and alone), of the newest"
                        + " updates of the log, and of the database");
        Map.of(
                        "rows", now.rows(),
                        "dirty_rows", now.dirtyRows(),
                        "log_tail", now.logTail(),
                        "memtables", now.memtables(),
                        "blocks", now.blocks())
                .forEach((part, bytes) -> parts.dataPoint(point(Labels.of("part", part), (double) bytes)));
        all.metricSnapshot(parts.build());
        all.metricSnapshot(
                bytes("hence_memory_rows_limit_bytes", "Maximum memory of rows, without their index", now.rowsMax()));
    }

    private void log(MetricSnapshots.Builder all) {
        NodeStatus.UpdateLog now = updateLog.get();
        all.metricSnapshot(GaugeSnapshot.builder()
                .name("hence_log_first_sequence")
                .help("Updates that were deleted from the beginning of the update log")
                .dataPoint(point(Labels.EMPTY, (double) now.firstSequence()))
                .build());
        GaugeSnapshot.Builder heldBack = GaugeSnapshot.builder()
                .name("hence_log_held_back")
                .help("1 if the beginning of the update log would be deleted if the peer did not need it, otherwise 0");
        Set<String> holding =
                now.heldBackBy().stream().map(LogNeeds.Lack::member).collect(Collectors.toSet());
        for (NodeStatus.Member member : members.get()) {
            if (!member.self()) {
                heldBack.dataPoint(point(Labels.of("peer", member.name()), holding.contains(member.name()) ? 1 : 0));
            }
        }
        all.metricSnapshot(heldBack.build());
    }

    private void disk(MetricSnapshots.Builder all) {
        try {
            all.metricSnapshot(bytes("hence_disk_free_bytes", "Free space on the data disk", disk.getUsableSpace()));
            all.metricSnapshot(bytes("hence_disk_bytes", "Size of the data disk", disk.getTotalSpace()));
        } catch (IOException unknown) {
            log.debug("the space of the data disk cannot be determined", unknown);
        }
    }

    private static GaugeSnapshot bytes(String name, String help, long value) {
        return GaugeSnapshot.builder()
                .name(name)
                .unit(Unit.BYTES)
                .help(help)
                .dataPoint(point(Labels.EMPTY, (double) value))
                .build();
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
